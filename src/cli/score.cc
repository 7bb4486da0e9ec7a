// SPDX-License-Identifier: Apache-2.0
// provecho score: the rows of a delimited text through a model, of any size.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/number.h"
#include "base/output_file.h"
#include "cli/score_rows.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "data/table.h"

namespace cli {
namespace {

constexpr std::size_t kReasonsShown = 5;

struct Options {
  std::string model, input, output = "-", delimiter;
  std::vector<std::string> copy;
  bool copy_all = false;
  BindOptions binding;
  bool strict = false;
  bool quiet = false;
  int threads = 0;
};

// What the rows of a block came to.
struct Tally {
  std::int64_t rows = 0;
  std::int64_t refused = 0;
  std::int64_t without_result = 0;
  std::vector<std::string> reasons;  // Of the first rows refused.

  void add(const Tally& other) {
    rows += other.rows;
    refused += other.refused;
    without_result += other.without_result;
    for (const std::string& reason : other.reasons) {
      if (reasons.size() < kReasonsShown) reasons.push_back(reason);
    }
  }
};

// A block on its way from the reader over a worker to the writer.
struct Job {
  data::CsvBlock block;
  std::string scored;  // The rows to be written.
  Tally tally;
  std::string malformed;  // Why the text cannot be read on behind the rows counted.
  bool done = false;
};

// The columns written: some of the input, then the results.
struct Layout {
  char delimiter = ',';
  std::vector<std::size_t> copied;
};

void append_row(const Layout& layout, std::span<const data::CsvCell> cells, RowScorer& scorer,
                std::size_t results, std::string& out) {
  std::string storage;
  const std::size_t start = out.size();
  bool first = true;
  const auto separate = [&] {
    if (!std::exchange(first, false)) out += layout.delimiter;
  };
  for (const std::size_t column : layout.copied) {
    separate();
    if (column >= cells.size()) continue;
    data::append_csv_cell(data::content(cells[column], storage), layout.delimiter, out);
  }
  for (std::size_t i = 0; i < results; ++i) {
    separate();
    data::append_csv_cell(scorer.result(i), layout.delimiter, out);
  }
  // An empty line would be no row to whoever reads it.
  if (out.size() == start) out += "\"\"";
  out += '\n';
}

void count_row(const BoundModel& model, const pmml::Prediction& prediction,
               std::span<const data::CsvCell> cells, const RowScorer& scorer, Job& job) {
  ++job.tally.rows;
  const bool empty =
      prediction.status == pmml::Status::kOk && !model.has_outputs() && scorer.prediction().empty();
  if (empty || prediction.status == pmml::Status::kNoResult) ++job.tally.without_result;
  if (prediction.status != pmml::Status::kRefused) return;
  ++job.tally.refused;
  if (job.tally.reasons.size() < kReasonsShown) {
    job.tally.reasons.push_back("row " + std::to_string(job.block.first_row + job.tally.rows - 1) +
                                ": " + scorer.refusal(cells));
  }
}

void score_block(const BoundModel& model, const Layout& layout, RowScorer& scorer, Job& job) {
  constexpr std::size_t kRowsTogether = 256;  // Their cells stay in the processor's cache.
  std::vector<std::vector<data::CsvCell>> batch(kRowsTogether);
  data::CsvRows rows(job.block.text, layout.delimiter);
  job.scored.reserve(job.block.text.size());
  for (bool more = true; more;) {
    std::size_t count = 0;
    for (; count < batch.size() && (more = rows.next(batch[count])); ++count)
      scorer.collect(batch[count]);
    scorer.score_collected();
    for (std::size_t r = 0; r < count; ++r) {
      count_row(model, scorer.select(r), batch[r], scorer, job);
      append_row(layout, batch[r], scorer, model.result_names().size(), job.scored);
    }
    scorer.forget_rows();
  }
  if (rows.malformed() != nullptr) {
    job.malformed = "row " + std::to_string(job.block.first_row + job.tally.rows) +
                    " is malformed: " + rows.malformed();
  }
  scorer.forget_texts();
}

// Workers that score blocks side by side; take() gives them back in the order in which they were
// put in.
class Workers {
 public:
  Workers(const BoundModel& model, const Layout& layout, std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this, &model, &layout] { work(model, layout); });
    }
  }
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Enough to keep all busy while the oldest is written.
  [[nodiscard]] bool full() const { return jobs_.size() >= 3 * threads_.size(); }
  [[nodiscard]] bool empty() const { return jobs_.empty(); }

  void put(data::CsvBlock block) {
    auto job = std::make_unique<Job>();
    job->block = std::move(block);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(job.get());
    }
    jobs_.push_back(std::move(job));
    changed_.notify_all();
  }

  std::unique_ptr<Job> take() {
    std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return job->done; });
    return job;
  }

 private:
  void work(const BoundModel& model, const Layout& layout) {
    RowScorer scorer(model);
    for (;;) {
      Job* job = nullptr;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
        if (ended_) return;
        job = waiting_.front();
        waiting_.pop_front();
      }
      score_block(model, layout, scorer, *job);
      {
        const std::lock_guard lock(mutex_);
        job->done = true;
      }
      changed_.notify_all();
    }
  }

  std::deque<std::unique_ptr<Job>> jobs_;  // Of the caller's thread only.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job*> waiting_;
  bool ended_ = false;
  std::vector<std::jthread> threads_;  // Last: they use the members above.
};

base::Result<Layout> lay_out(const Options& options, const data::CsvStream& stream,
                             const BoundModel& model) {
  Layout layout{.delimiter = stream.delimiter(), .copied = {}};
  const auto names = stream.names();
  if (options.copy_all) {
    for (std::size_t i = 0; i < names.size(); ++i) layout.copied.push_back(i);
  }
  for (const std::string& name : options.copy) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      return base::input_error("there is no column '" + name + "' to copy" +
                               data::suggestion(name, names));
    }
    layout.copied.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  for (const std::size_t column : layout.copied) {
    if (std::ranges::find(model.result_names(), names[column]) != model.result_names().end()) {
      return base::input_error("column '" + names[column] +
                               "' cannot be copied: a result of the model has that name");
    }
  }
  return layout;
}

std::string header(const Layout& layout, const data::CsvStream& stream, const BoundModel& model) {
  std::string line;
  const auto add = [&](const std::string& name) {
    if (!line.empty()) line += layout.delimiter;
    data::append_csv_cell(name, layout.delimiter, line);
  };
  for (const std::size_t column : layout.copied) add(stream.names()[column]);
  for (const std::string& name : model.result_names()) add(name);
  return line + '\n';
}

void warn(const Options& options, const Layout& layout, const data::CsvStream& stream,
          const BoundModel& model) {
  if (!model.lacking().empty()) {
    std::fprintf(stderr, "warning: no column %s: missing in every row\n",
                 list_some(model.lacking()).c_str());
  }
  if (options.quiet) return;
  std::vector<std::string> unused;
  for (const std::string& name : model.unused()) {
    const auto column = std::ranges::find(stream.names(), name) - stream.names().begin();
    const bool copied =
        std::ranges::find(layout.copied, static_cast<std::size_t>(column)) != layout.copied.end();
    if (!copied) unused.push_back(name);
  }
  if (!unused.empty()) {
    std::fprintf(stderr, "note: no input of the model: column %s\n", list_some(unused).c_str());
  }
}

base::Result<char> delimiter_of(const std::string& text) {
  if (text.empty()) return '\0';
  if (text == "\\t" || text == "tab") return '\t';
  if (text.size() == 1 && text != "\"" && text != "\n" && text != "\r") return text[0];
  return base::input_error("--delimiter takes one character, or 'tab'; not '" + text + "'");
}

std::string percent(std::int64_t part, std::int64_t of) {
  return base::format_fixed(100 * static_cast<double>(part) / static_cast<double>(of), 1) + " %";
}

std::string rows_of(std::int64_t count) {
  return base::format_count(count) + (count == 1 ? " row" : " rows");
}

void report(const Tally& total, double seconds) {
  constexpr double kWorthARate = 0.1;  // Shorter runs measure the start.
  std::string rate;
  if (seconds > kWorthARate) {
    rate =
        ", " +
        base::format_count(static_cast<std::int64_t>(static_cast<double>(total.rows) / seconds)) +
        "/s";
  }
  std::fprintf(stderr, "%s scored%s\n", rows_of(total.rows).c_str(), rate.c_str());
}

void report_troubles(const Tally& total) {
  if (total.without_result > 0) {
    std::fprintf(stderr, "%s (%s) without a result: a value that the model needs is missing\n",
                 rows_of(total.without_result).c_str(),
                 percent(total.without_result, total.rows).c_str());
  }
  if (total.refused == 0) return;
  std::fprintf(stderr, "%s (%s) refused, with empty results:\n", rows_of(total.refused).c_str(),
               percent(total.refused, total.rows).c_str());
  for (const std::string& reason : total.reasons) std::fprintf(stderr, "  %s\n", reason.c_str());
  if (total.refused > static_cast<std::int64_t>(total.reasons.size())) {
    std::fprintf(stderr, "  …\n");
  }
}

// Writes the oldest block; how much of the input it was.
base::Result<std::size_t> take_one(Workers& workers, base::OutputFile& output, bool strict,
                                   const std::string& source, Tally& total) {
  const std::unique_ptr<Job> job = workers.take();
  total.add(job->tally);
  if (!job->malformed.empty()) return base::input_error(source + ": " + job->malformed);
  if (strict && total.refused > 0) {
    return base::input_error(source + ": " + total.reasons.front());
  }
  TRY(output.write(job->scored));
  return job->block.text.size();
}

base::Result<void> run(const Options& options) {
  const std::stop_token stop = stop_on_signal();
  if (options.model == "-" && options.input == "-") {
    return base::input_error("the model and the rows cannot both come from standard input");
  }
  TRY_ASSIGN(const char delimiter, delimiter_of(options.delimiter));
  TRY_ASSIGN(const ModelFile model, load_model(options.model));
  TRY_ASSIGN(data::CsvStream stream,
             data::CsvStream::open(options.input, {.delimiter = delimiter}, stop));
  auto bound = BoundModel::bind(model, stream.names(), options.binding);
  if (!bound) return base::input_error(stream.source() + ": " + bound.error().message);
  TRY_ASSIGN(const Layout layout, lay_out(options, stream, *bound));
  warn(options, layout, stream, *bound);
  TRY_ASSIGN(base::OutputFile output, base::OutputFile::open(options.output));
  TRY(output.write(header(layout, stream, *bound)));

  Tally total;
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const base::Progress progress = progress_line("scoring", [&] {
    const double rate = static_cast<double>(total.rows) / std::max(seconds(), 1e-3);
    return base::format_count(total.rows) + " rows, " +
           base::format_count(static_cast<std::int64_t>(rate)) + "/s";
  });
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  Workers workers(*bound, layout,
                  options.threads > 0 ? static_cast<std::size_t>(options.threads) : cores);
  const bool shown = progress && !options.quiet;
  std::int64_t written = 0;
  bool more = true;
  while ((more || !workers.empty()) && !stop.stop_requested()) {
    if (more && !workers.full()) {
      data::CsvBlock block;
      TRY_ASSIGN(more, stream.next(block));
      if (more) workers.put(std::move(block));
      continue;
    }
    TRY_ASSIGN(const std::size_t bytes,
               take_one(workers, output, options.strict, stream.source(), total));
    written += static_cast<std::int64_t>(bytes);
    // The header's bytes are never written, so the end is drawn once, below.
    if (shown) progress(written, stream.bytes_total());
  }
  if (stop.stop_requested()) {
    return base::system_error("stopped by a signal after " + base::format_count(total.rows) +
                              " rows" + (options.output == "-" ? "" : "; nothing was kept"));
  }
  TRY(output.finish());
  if (shown && stream.bytes_total() > 0) progress(stream.bytes_total(), stream.bytes_total());
  if (shown && stream.bytes_total() == 0) std::fputc('\n', stderr);
  if (!options.quiet) report(total, seconds());
  report_troubles(total);
  return {};
}

}  // namespace

Run setup_score(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  Options& o = *options;
  command.footer(
      "Exit codes: 0 every row is written (rows refused are counted, their results empty; --strict "
      "forbids them),\n1 the system failed or a signal ended it, 2 the model, the text or an "
      "option is wrong. A file under the name of\n--output is whole: after a failure there is "
      "none, or the old one.");
  command.add_option("model", o.model, "PMML file; - for standard input")->required();
  command.add_option("input", o.input, "CSV file with a header; - for standard input")->required();
  command.add_option("-o,--output", o.output, "CSV file of the results; - for standard output")
      ->capture_default_str();
  command.add_option("--copy", o.copy, "Columns of the input to write before the results")
      ->delimiter(',');
  command.add_flag("--copy-all", o.copy_all, "Write all columns of the input")->excludes("--copy");
  command.add_option("--delimiter", o.delimiter,
                     "Between cells: a character, or 'tab' (default: found in the header)");
  add_bind_options(command, o.binding);
  command.add_flag("--strict", o.strict, "Fail at the first row that the model refuses");
  command.add_option("--threads", o.threads, "Rows scored side by side (default: all cores)")
      ->check(CLI::Range(1, 1024));
  command.add_flag("-q,--quiet", o.quiet, "Say only what is wrong");
  return [options] { return run(*options); };
}

}  // namespace cli

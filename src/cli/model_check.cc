// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/model.h"
#include "cli/score_rows.h"
#include "cli/terminal.h"
#include "pmml/read/read.h"

namespace cli {
namespace {

constexpr std::size_t kShown = 5;

struct Options {
  std::string model, input, expected;
  double tolerance = 1e-6;
  double zero = 1e-9;
  BindOptions binding;
};

// An expected column and the result it is compared with.
struct Compared {
  std::string name;
  std::size_t column = 0;
  std::optional<std::size_t> result;  // Nothing: the prediction itself.
  std::int64_t cells = 0;
  std::int64_t wrong = 0;
  double largest = 0;  // Relative difference among numbers that agree or not.
};

// Whether a model that is refused would be scored but for its verification records.
bool only_verification_fails(const std::string& text) {
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document || !document->model.verification) return false;
  document->model.verification.reset();
  return pmml::Scorer::compile(*document).has_value();
}

void print_model(const ModelFile& model) {
  std::printf("%s: supported, %s\n", model.path.c_str(),
              model.scorer.compiled() ? "compiled" : "interpreted");
  if (const auto& verification = model.document.model.verification) {
    std::printf("verification: %zu records reproduced\n", verification->records.size());
  } else {
    std::printf("verification: the file has no records\n");
  }
}

// The cell as the expected file means it: nothing for a missing one.
std::optional<std::string> expected_of(const data::CsvCell& cell, const BindOptions& binding) {
  std::string storage;
  std::string text(data::content(cell, storage));
  if (text.empty() || std::ranges::find(binding.missing, text) != binding.missing.end()) {
    return std::nullopt;
  }
  return text;
}

bool agree(const std::optional<std::string>& expected, const std::string& found,
           const Options& options, double& largest) {
  if (!expected) return found.empty();
  const auto x = base::parse_double(*expected);
  const auto y = base::parse_double(found);
  if (!x || !y) return *expected == found;
  if (std::abs(*x) <= options.zero && std::abs(*y) <= options.zero) return true;
  const double difference = std::abs(*y - *x) / std::abs(*x);
  largest = std::max(largest, difference);
  return difference <= options.tolerance;
}

base::Result<std::vector<Compared>> match(const BoundModel& model,
                                          const data::CsvStream& expected) {
  std::vector<Compared> compared;
  std::vector<std::string> others;
  for (std::size_t column = 0; column < expected.names().size(); ++column) {
    const std::string& name = expected.names()[column];
    const std::optional<std::size_t> result = model.result(name);
    const bool is_prediction = name == model.scorer().target_name() || name == "prediction";
    if (!result && !is_prediction) {
      others.push_back(name);
      continue;
    }
    compared.emplace_back();
    compared.back().name = name;
    compared.back().column = column;
    compared.back().result = result;
  }
  if (compared.empty()) {
    return base::input_error(expected.source() + ": no column is a result of the model; it gives " +
                             list_some(model.result_names()));
  }
  if (!others.empty()) {
    std::fprintf(stderr, "note: not compared, no result of the model: column %s\n",
                 list_some(others).c_str());
  }
  return compared;
}

base::Result<void> report(const std::vector<Compared>& compared, std::int64_t rows,
                          std::int64_t wrong_rows, const std::vector<std::string>& first) {
  std::vector<std::vector<std::string>> table;
  for (const Compared& c : compared) {
    table.push_back({c.name, base::format_count(c.cells), base::format_count(c.wrong),
                     base::format_double(c.largest)});
  }
  std::fputs(
      format_table({"result", "compared", "differ", "largest relative difference"}, table).c_str(),
      stdout);
  for (const std::string& line : first) std::printf("%s\n", line.c_str());
  if (wrong_rows == 0) {
    std::printf("%s rows as expected\n", base::format_count(rows).c_str());
    return {};
  }
  // Exit code 1: the question was asked rightly, and the answer is no.
  return base::system_error(base::format_count(wrong_rows) + " of " + base::format_count(rows) +
                            " rows differ from what is expected");
}

base::Result<void> compare_rows(const BoundModel& model, data::CsvCursor input,
                                data::CsvCursor expected, const BindOptions& binding,
                                const Options& options) {
  TRY_ASSIGN(std::vector<Compared> compared, match(model, expected.stream()));
  RowScorer scorer(model);
  std::vector<data::CsvCell> cells, stated;
  std::vector<std::string> first;
  std::int64_t wrong_rows = 0;
  for (;;) {
    TRY_ASSIGN(const bool has_input, input.next(cells));
    TRY_ASSIGN(const bool has_expected, expected.next(stated));
    if (has_input != has_expected) {
      return base::input_error(options.input + " and " + options.expected +
                               " have not the same number of rows: one ends after row " +
                               std::to_string(has_input ? expected.row() : input.row()));
    }
    if (!has_input) break;
    if (stated.size() != expected.stream().names().size()) {
      return base::input_error(options.expected + ": row " + std::to_string(expected.row()) +
                               " has " + std::to_string(stated.size()) + " cells, the header " +
                               std::to_string(expected.stream().names().size()));
    }
    scorer.score(cells);
    bool right = true;
    for (Compared& c : compared) {
      const std::string found = c.result ? scorer.result(*c.result) : scorer.prediction();
      const std::optional<std::string> wanted = expected_of(stated[c.column], binding);
      ++c.cells;
      if (agree(wanted, found, options, c.largest)) continue;
      ++c.wrong;
      right = false;
      if (first.size() < kShown) {
        first.push_back("row " + std::to_string(input.row()) + ", " + c.name + ": expected '" +
                        wanted.value_or("") + "', the model gives '" + found + "'");
      }
    }
    wrong_rows += right ? 0 : 1;
  }
  return report(compared, input.row(), wrong_rows, first);
}

base::Result<void> count_rows(const BoundModel& model, data::CsvCursor input) {
  RowScorer scorer(model);
  std::vector<data::CsvCell> cells;
  std::int64_t refused = 0, without_result = 0;
  std::vector<std::string> reasons;
  for (;;) {
    TRY_ASSIGN(const bool more, input.next(cells));
    if (!more) break;
    const pmml::Status status = scorer.score(cells).status;
    without_result += status == pmml::Status::kNoResult ? 1 : 0;
    if (status != pmml::Status::kRefused) continue;
    ++refused;
    if (reasons.size() < kShown) {
      reasons.push_back("row " + std::to_string(input.row()) + ": " + scorer.refusal(cells));
    }
  }
  std::printf("%s rows: %s refused, %s without a result\n", base::format_count(input.row()).c_str(),
              base::format_count(refused).c_str(), base::format_count(without_result).c_str());
  for (const std::string& reason : reasons) std::printf("  %s\n", reason.c_str());
  return {};
}

base::Result<void> run(const Options& options) {
  if (options.input.empty() && !options.expected.empty()) {
    return base::input_error("--expected needs --input: the rows to be scored");
  }
  TRY_ASSIGN(const std::string text, base::read_file(options.model));
  const base::Result<ModelFile> model = load_model(options.model, text);
  if (!model) {
    // Exit code 1 for a model that can be scored, and is not what its maker says.
    if (only_verification_fails(text)) return base::system_error(model.error().message);
    return model.error();
  }
  print_model(*model);
  if (options.input.empty()) return {};
  TRY_ASSIGN(data::CsvStream rows, data::CsvStream::open(options.input));
  auto bound = BoundModel::bind(*model, rows.names(), options.binding);
  if (!bound) return base::input_error(options.input + ": " + bound.error().message);
  data::CsvCursor input(std::move(rows));
  if (options.expected.empty()) return count_rows(*bound, std::move(input));
  TRY_ASSIGN(data::CsvStream expected, data::CsvStream::open(options.expected));
  return compare_rows(*bound, std::move(input), data::CsvCursor(std::move(expected)),
                      options.binding, options);
}

}  // namespace

Run setup_model_check(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  Options& o = *options;
  command.footer(
      "Exit codes: 0 the model is supported, its verification records and the expected results are "
      "reproduced;\n1 they are not; 2 the model is refused (the message says where and what to "
      "do), or a file or option is wrong.");
  command.add_option("model", o.model, "PMML file; - for standard input")->required();
  command.add_option("--input", o.input, "CSV file of rows to be scored");
  command.add_option("--expected", o.expected,
                     "CSV file of their results, row by row, columns named as those of the model");
  command.add_option("--tolerance", o.tolerance, "Relative difference of numbers that are equal")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--zero", o.zero, "Numbers no larger than this are all equal")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_bind_options(command, o.binding);
  return [options] { return run(*options); };
}

}  // namespace cli

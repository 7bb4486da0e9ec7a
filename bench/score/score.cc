// SPDX-License-Identifier: Apache-2.0
// Our side of the comparison: bench_score FOLDER answers each line of standard input with one line
// of JSON. Times are those of the thread.
//   check        how far row and batch are from the library, and from each other
//   row          nanoseconds a row, one row at a time
//   batch        nanoseconds a row, by columns in blocks
//   load         seconds from the bytes of the file to a scorer
//   memory       bytes that the scorer holds once the document is gone
//   allocations  how often a pass over all rows allocates
//   floor        what plain loops over the same rows take
#include <malloc.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "score/allocations.h"
#include "score/floor.h"
#include "score/rows.h"

namespace {

constexpr std::size_t kBlock = 1024;  // Rows a call of score_columns.
constexpr double kLong = 0.25;        // Seconds that one measurement takes at least.

using Json = nlohmann::json;

// Seconds that this thread has run: what other programs take of the machine does not count.
double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

int fail(const base::Error& error) {
  std::fprintf(stderr, "bench_score: %s\n", error.message.c_str());
  return 1;
}

base::Result<pmml::Scorer> load(const std::string& file) {
  TRY_ASSIGN(const std::string xml, base::read_file(file));
  TRY_ASSIGN(const pmml::Document document, pmml::read(xml));
  return pmml::Scorer::compile(document);
}

std::size_t bytes_held() {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b)
                       : std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Nanoseconds a row of the fastest pass.
template <class Pass>
double fastest(std::size_t rows, Pass&& pass) {
  double best = 1e9;
  const double begin = thread_seconds();
  double end = begin;
  while (end < begin + kLong) {
    const double start = end;
    pass();
    end = thread_seconds();
    best = std::min(best, end - start);
  }
  return best / static_cast<double>(rows) * 1e9;
}

class Bench {
 public:
  Bench(const bench::Model& model, const pmml::Scorer& scorer, const bench::Rows& rows,
        std::size_t output)
      : model_(model),
        scorer_(scorer),
        rows_(rows),
        output_(output),
        workspace_(scorer),
        spans_(rows.width),
        out_(rows.count) {}

  Json answer(const std::string& command) {
    if (command == "check") return check();
    if (command == "row") return {{"ns", fastest(rows_.count, [this] { score_rows(); })}};
    if (command == "batch") return {{"ns", fastest(rows_.count, [this] { score_batches(); })}};
    if (command == "load") return load_again();
    if (command == "memory") return memory();
    if (command == "allocations") return count_allocations();
    if (command == "floor") return floor();
    return {{"error", "unknown command"}};
  }

 private:
  void score_rows() {
    for (std::size_t r = 0; r < rows_.count; ++r)
      out_[r] = scorer_.score(rows_.row(r), workspace_).outputs[output_];
  }

  void score_batches() {
    const pmml::Wanted wanted{pmml::Wanted::Figure::kOutput, output_};
    for (std::size_t begin = 0; begin < rows_.count; begin += kBlock) {
      const std::size_t count = std::min(kBlock, rows_.count - begin);
      for (std::size_t i = 0; i < rows_.width; ++i)
        spans_[i] = std::span(rows_.columns[i]).subspan(begin, count);
      scorer_.score_columns(spans_, wanted, workspace_, std::span(out_).subspan(begin, count));
    }
  }

  Json check() {
    score_rows();
    const std::vector<double> by_row = out_;
    score_batches();
    std::size_t beyond = 0;
    std::size_t differ = 0;
    double largest = 0;
    for (std::size_t r = 0; r < rows_.count; ++r) {
      const double expected = model_.expected[r];
      const double distance = std::abs(by_row[r] - expected);
      const double allowed = model_.absolute + model_.relative * std::abs(expected);
      if (!(distance <= allowed)) ++beyond;
      if (distance > 0) largest = std::max(largest, distance / std::abs(expected));
      if (!same(by_row[r], out_[r])) ++differ;
    }
    return {{"rows", rows_.count},
            {"beyond", beyond},
            {"largest_relative_difference", largest},
            {"batch_differs", differ},
            {"compiled", scorer_.compiled()}};
  }

  Json load_again() {
    const double start = thread_seconds();
    const auto clock = std::chrono::steady_clock::now();
    const auto again = load(model_.file);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - clock;
    return {{"seconds", thread_seconds() - start},
            {"wall", wall.count()},
            {"loaded", again.has_value()}};
  }

  // A first load fills the free lists of malloc, which count as held, so that the second leaves
  // them as they are.
  Json memory() {
    if (!load(model_.file)) return {{"error", "does not load"}};
    const std::size_t before = bytes_held();
    const auto scorer = load(model_.file);
    return {{"bytes", bytes_held() - before}, {"nodes", model_.nodes}, {"splits", model_.splits}};
  }

  Json count_allocations() {
    score_rows();
    score_batches();
    const std::size_t before = bench::allocations();
    score_rows();
    const std::size_t between = bench::allocations();
    score_batches();
    const std::size_t after = bench::allocations();
    return {{"rows", rows_.count}, {"row", between - before}, {"batch", after - between}};
  }

  Json floor() {
    std::vector<double> weights(rows_.width);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 1.0 / static_cast<double>(i + 1);
    Json answer = {
        {"row", fastest(rows_.count, [&] { bench::sum_rows(rows_, weights, out_); })},
        {"batch", fastest(rows_.count, [&] { bench::sum_columns(rows_, weights, kBlock, out_); })}};
    if (model_.trees > 0) {
      const bench::CompleteTrees trees(rows_, model_.trees, model_.splits);
      answer["depth"] = trees.depth();
      answer["trees"] = fastest(rows_.count, [&] { trees.sum(out_); });
    }
    return answer;
  }

  const bench::Model& model_;
  const pmml::Scorer& scorer_;
  const bench::Rows& rows_;
  std::size_t output_;
  pmml::Workspace workspace_;
  std::vector<std::span<const double>> spans_;
  std::vector<double> out_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail(base::input_error("usage: bench_score FOLDER"));
  const auto model = bench::read_model(argv[1]);
  if (!model) return fail(model.error());
  const auto scorer = load(model->file);
  if (!scorer) return fail(scorer.error());
  const auto rows = bench::bind(*model, *scorer);
  if (!rows) return fail(rows.error());
  const auto output = scorer->output(model->output);
  if (!output) return fail(base::input_error("the model has no output '" + model->output + "'"));
  Bench bench(*model, *scorer, *rows, *output);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << bench.answer(line).dump() << std::endl;
  return 0;
}

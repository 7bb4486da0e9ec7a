// SPDX-License-Identifier: Apache-2.0
// Our side of the comparison: bench_train DATA.csv TARGET answers each line of standard input with
// one line.
//   "csv"  → seconds to read the file into a table
//   "fit N" → seconds to fit with N threads, the objective of the coefficients computed plainly,
//   iterations
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include "base/number.h"
#include "data/csv.h"
#include "learn/labels.h"
#include "learn/logistic_regression.h"

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int fail(const base::Error& error) {
  std::fprintf(stderr, "bench_train: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fail(base::input_error("usage: bench_train DATA.csv TARGET KEY"));
  const auto table = data::read_csv(argv[1]);
  if (!table) return fail(table.error());
  const auto labels = learn::read_labels(*table, argv[2]);
  if (!labels) return fail(labels.error());
  learn::LogisticProblem problem;
  problem.labels = labels->values;
  for (const data::Column& column : table->columns()) {
    if (column.name() == argv[2] || column.name() == argv[3]) continue;
    if (!column.numeric() || column.missing() > 0)
      return fail(base::input_error("only complete columns of numbers"));
    if (column.bytes().empty()) {
      problem.features.emplace_back(column.doubles());
    } else {
      problem.features.emplace_back(column.bytes());
    }
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto start = std::chrono::steady_clock::now();
    if (line == "csv") {
      const auto again = data::read_csv(argv[1]);
      if (!again) return fail(again.error());
      std::printf("%s\n", base::format_double(seconds_since(start)).c_str());
    } else {
      const auto fit = learn::fit_logistic(problem, {.threads = std::stoi(line.substr(4))});
      const double seconds = seconds_since(start);
      if (!fit) return fail(fit.error());
      const double objective = learn::logistic_objective(problem, 1, fit->intercept, fit->weights);
      std::printf("%s %s %d\n", base::format_double(seconds).c_str(),
                  base::format_double(objective).c_str(), fit->iterations);
    }
    std::fflush(stdout);
  }
  return 0;
}

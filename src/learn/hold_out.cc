// SPDX-License-Identifier: Apache-2.0
#include "learn/hold_out.h"

#include <utility>

#include "base/number.h"
#include "data/split.h"

namespace learn {
namespace {

base::Result<TrainedAndTested> run(const data::Table& train_rows, const data::Table& test_rows,
                                   const Labels& known, const TrainOptions& options) {
  TrainedAndTested result;
  TRY_ASSIGN(result.model, train(train_rows, options));
  TRY_ASSIGN(const Labels labels, read_labels_like(test_rows, known));
  TRY_ASSIGN(result.tested,
             evaluate(result.model.document, options.name, test_rows, labels, options.economics));
  const auto negatives = static_cast<std::int64_t>(labels.values.size()) - labels.positives;
  result.nulls.push_back(
      evaluate_decisions("always", metric::always(labels.positives, negatives), options.economics));
  result.nulls.push_back(
      evaluate_decisions("never", metric::never(labels.positives, negatives), options.economics));
  result.test_rows = test_rows.rows();
  return result;
}

}  // namespace

base::Result<TrainedAndTested> train_and_test(const data::Table& table, const data::Table* test,
                                              double test_share, std::uint64_t seed,
                                              const TrainOptions& options) {
  TRY_ASSIGN(const Labels labels, read_labels(table, options.target, options.positive));
  TrainOptions same = options;
  same.positive = labels.positive;
  if (test != nullptr) return run(table, *test, labels, same);
  if (!(test_share > 0 && test_share < 1)) {
    return base::input_error("the share of rows to test on is " + base::format_double(test_share) +
                             ": it must lie between 0 and 1");
  }
  TRY_ASSIGN(const data::Split split,
             data::stratified_split(labels.values, {.validation = 0, .test = test_share}, seed));
  if (split.test.empty() || split.train.empty()) {
    return base::input_error(std::to_string(table.rows()) +
                             " rows are too few to hold a share of " +
                             base::format_double(test_share) + " out");
  }
  return run(table.take(split.train), table.take(split.test), labels, same);
}

}  // namespace learn

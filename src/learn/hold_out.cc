// SPDX-License-Identifier: Apache-2.0
#include "learn/hold_out.h"

#include <algorithm>
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

base::Result<TrainedAndTestedUplift> run_uplift(const data::Table& train_rows,
                                                const data::Table& test_rows,
                                                const ControlGroup& group, const Labels& known,
                                                const TrainOptions& options, std::uint64_t seed) {
  TRY_ASSIGN(const std::vector<std::uint8_t> treated, treated_of(train_rows, group));
  TrainedAndTestedUplift result;
  TRY_ASSIGN(result.model, train_uplift(train_rows, treated, options));
  TRY_ASSIGN(const Labels labels, read_labels_like(test_rows, known));
  TRY_ASSIGN(const std::vector<std::uint8_t> test_treated, treated_of(test_rows, group));
  const std::vector<Candidate> candidates = {{options.name, &result.model.document},
                                             {kByAcceptance, &result.model.by_acceptance}};
  TRY_ASSIGN(result.ranking, rank_beyond_controls(candidates, {&test_rows, &labels, test_treated},
                                                  options.economics, seed));
  result.test_rows = test_rows.rows();
  result.test_controls =
      static_cast<std::size_t>(std::ranges::count(test_treated, std::uint8_t{0}));
  return result;
}

base::Result<data::Split> split_of(const std::vector<std::uint8_t>& classes, double test_share,
                                   std::uint64_t seed) {
  if (!(test_share > 0 && test_share < 1)) {
    return base::input_error("the share of rows to test on is " + base::format_double(test_share) +
                             ": it must lie between 0 and 1");
  }
  TRY_ASSIGN(data::Split split,
             data::stratified_split(classes, {.validation = 0, .test = test_share}, seed));
  if (split.test.empty() || split.train.empty()) {
    return base::input_error(std::to_string(classes.size()) +
                             " rows are too few to hold a share of " +
                             base::format_double(test_share) + " out");
  }
  return split;
}

}  // namespace

base::Result<TrainedAndTested> train_and_test(const data::Table& table, const data::Table* test,
                                              double test_share, std::uint64_t seed,
                                              const TrainOptions& options) {
  TRY_ASSIGN(const Labels labels, read_labels(table, options.target, options.positive));
  TrainOptions same = options;
  same.positive = labels.positive;
  if (test != nullptr) return run(table, *test, labels, same);
  TRY_ASSIGN(const data::Split split, split_of(labels.values, test_share, seed));
  return run(table.take(split.train), table.take(split.test), labels, same);
}

base::Result<TrainedAndTestedUplift> train_and_test_uplift(const data::Table& table,
                                                           const ControlGroup& group,
                                                           const data::Table* test,
                                                           double test_share, std::uint64_t seed,
                                                           const TrainOptions& options) {
  TRY_ASSIGN(const Labels labels, read_labels(table, options.target, options.positive));
  TrainOptions same = options;
  same.positive = labels.positive;
  same.exclude.push_back(group.column);
  if (test != nullptr) return run_uplift(table, *test, group, labels, same, seed);
  TRY_ASSIGN(const std::vector<std::uint8_t> treated, treated_of(table, group));
  std::vector<std::uint8_t> classes = labels.values;
  for (std::size_t row = 0; row < classes.size(); ++row)
    classes[row] = static_cast<std::uint8_t>(2 * treated[row] + classes[row]);
  TRY_ASSIGN(const data::Split split, split_of(classes, test_share, seed));
  return run_uplift(table.take(split.train), table.take(split.test), group, labels, same, seed);
}

}  // namespace learn

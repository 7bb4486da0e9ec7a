// SPDX-License-Identifier: Apache-2.0
#include "study/detail/rounds.h"

#include <string>
#include <utility>

namespace study::detail {
namespace {

// What a fold trains on, parted into rows to train and rows to choose thresholds on.
base::Result<data::Split> part_fold(const data::Fold& fold, const learn::Labels& labels,
                                    const GroundOptions& options, std::uint64_t seed) {
  const data::Shares shares{.validation = options.evaluation.validation_share, .test = 0};
  std::vector<std::uint8_t> classes;
  for (const std::uint32_t row : fold.train) classes.push_back(labels.values[row]);
  TRY_ASSIGN(data::Split split, options.evaluation.order == Order::kTime
                                    ? data::ordered_split(classes.size(), shares)
                                    : data::stratified_split(classes, shares, seed));
  for (std::uint32_t& row : split.train) row = fold.train[row];
  for (std::uint32_t& row : split.validation) row = fold.train[row];
  split.test = fold.test;
  return split;
}

base::Result<std::vector<data::Fold>> folds_of(const learn::Labels& labels,
                                               const GroundOptions& options, std::uint64_t seed) {
  const int folds = options.evaluation.folds;
  if (options.evaluation.order == Order::kTime)
    return data::forward_folds(labels.values.size(), folds);
  TRY_ASSIGN(const std::vector<std::uint16_t> dealt,
             data::stratified_folds(labels.values, folds, seed));
  std::vector<data::Fold> found;
  for (int fold = 0; fold < folds; ++fold) found.push_back(data::take_fold(dealt, fold));
  return found;
}

}  // namespace

base::Result<void> check_evaluation(const Tables& given, const GroundOptions& options) {
  const int folds = options.evaluation.folds, repeats = options.evaluation.repeats;
  if (folds < 0 || folds == 1) {
    return base::input_error(
        "--folds takes 2 or more: with fewer no row is left to train on. Leave it away to test on "
        "rows held out once");
  }
  if (repeats < 1) return base::input_error("--repeats takes 1 or more");
  if (folds > 0 && given.test) {
    return base::input_error(
        "--folds tests on every row: leave --test away, or --folds to test on a file");
  }
  if (options.evaluation.once()) return {};
  if (given.test || given.validation) {
    return base::input_error(
        "--folds and --repeats draw the rows anew for every round: --test and --validation must "
        "then be shares, not files");
  }
  if (repeats > 1 && options.evaluation.order == Order::kTime) {
    return base::input_error(
        "rows in the order of time can be parted in one way only: leave --repeats away, and give "
        "more --folds for more rounds");
  }
  if (!(options.evaluation.validation_share > 0) ||
      (folds == 0 && !(options.evaluation.test_share > 0))) {
    return base::input_error(
        "a study needs rows to choose thresholds on and rows to test on: their shares must be "
        "above 0");
  }
  return {};
}

base::Result<std::vector<Round>> draw_rounds(const learn::Labels& labels,
                                             const GroundOptions& options) {
  const int folds = options.evaluation.folds, repeats = options.evaluation.repeats;
  std::vector<Round> rounds;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const std::uint64_t seed = data::seed_of_repeat(options.seed, repeat);
    if (folds == 0) {
      const data::Shares shares{.validation = options.evaluation.validation_share,
                                .test = options.evaluation.test_share};
      TRY_ASSIGN(data::Split rows, options.evaluation.order == Order::kTime
                                       ? data::ordered_split(labels.values.size(), shares)
                                       : data::stratified_split(labels.values, shares, seed));
      rounds.push_back({std::move(rows), seed});
      continue;
    }
    TRY_ASSIGN(const std::vector<data::Fold> dealt, folds_of(labels, options, seed));
    for (const data::Fold& fold : dealt) {
      TRY_ASSIGN(data::Split rows, part_fold(fold, labels, options, seed));
      rounds.push_back({std::move(rows), seed});
    }
  }
  return rounds;
}

}  // namespace study::detail

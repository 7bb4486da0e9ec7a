// SPDX-License-Identifier: Apache-2.0
#include "study/evaluation.h"

#include "base/number.h"

namespace study {
namespace {

std::string percent(double share) { return base::format_double(100 * share) + " %"; }

}  // namespace

std::string name_of(const Evaluation& evaluation) {
  const std::string repeated = evaluation.repeats > 1 ? "repeated " : "";
  if (evaluation.folds == 0) return repeated + "hold-out";
  return evaluation.order == Order::kTime ? "forward chaining" : repeated + "k-fold";
}

std::string describe(const Evaluation& evaluation) {
  const std::string validation = percent(evaluation.validation_share);
  const std::string folds = std::to_string(evaluation.folds);
  std::string text;
  if (evaluation.folds == 0) {
    text = percent(evaluation.test_share) + " of the rows are held out to test and " + validation +
           " to choose thresholds";
  } else if (evaluation.order == Order::kTime) {
    text = "the rows are cut into " + std::to_string(evaluation.folds + 1) +
           " blocks in the order of time, and each but the first is tested once, by a model of the "
           "blocks before it; thresholds are chosen on the last " +
           validation + " of those";
  } else {
    text = "every row is tested once, by a model of the other " +
           std::to_string(evaluation.folds - 1) + " of " + folds +
           " folds; thresholds are chosen on " + validation + " of the rows of those";
  }
  if (evaluation.repeats > 1)
    text += "; all of it " + std::to_string(evaluation.repeats) + " times, drawn anew";
  return text;
}

}  // namespace study

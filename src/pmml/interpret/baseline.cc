// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/interpret/model.h"

namespace pmml {

// zValue: how many standard deviations above the mean.
Outcome evaluate_body(const BaselineModel& baseline, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const Value& value = scope.lookup(baseline.field);
  if (value.missing) return outcome;
  outcome.number = (value.number - baseline.mean()) / std::sqrt(baseline.variance());
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml

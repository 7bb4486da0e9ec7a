// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/model.h"

namespace pmml {

void apply_targets(const Model& model, Outcome& outcome, Scope&) {
  const Target* target = target_element(model);
  if (target == nullptr) return;
  if (outcome.missing) {
    if (model.function == MiningFunction::kRegression) {
      for (const TargetValue& value : target->values) {
        if (!value.default_value) continue;
        outcome.missing = false;
        outcome.function = MiningFunction::kRegression;
        outcome.number = *value.default_value;
        return;
      }
      return;
    }
    outcome.distribution.clear();
    for (const TargetValue& value : target->values) {
      if (value.value && value.prior_probability)
        outcome.distribution.emplace_back(*value.value, *value.prior_probability);
    }
    if (outcome.distribution.empty()) return;
    outcome.missing = false;
    outcome.function = MiningFunction::kClassification;
    outcome.category = most_probable(outcome.distribution);
    return;
  }
  if (outcome.function != MiningFunction::kRegression) return;
  outcome.number =
      model.math == MathContext::kFloat
          ? static_cast<double>(detail::apply_target(*target, static_cast<float>(outcome.number)))
          : detail::apply_target(*target, outcome.number);
  if (std::isnan(outcome.number)) outcome.missing = true;
}

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "experiment/guardrails.h"

#include "base/check.h"

namespace experiment {

double power_of_each(double power, int guardrails) {
  CHECK(guardrails >= 0);
  return 1 - (1 - power) / (guardrails + 1);
}

Design guardrail_design(const Design& primary, int guardrails, double worst_loss,
                        double deviation) {
  return {.alpha = one_sided_alpha(primary),
          .power = power_of_each(primary.power, guardrails),
          .effect_per_customer = 0,
          .margin = -worst_loss,
          .deviation = deviation,
          .ratio = primary.ratio,
          .sides = Sides::kOne};
}

}  // namespace experiment

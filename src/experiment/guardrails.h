// SPDX-License-Identifier: Apache-2.0
// Guardrails: metrics that must not get worse by more than their margins. A candidate ships if it
// is better on the primary metric and not inferior on each guardrail; as all must hold, alpha is
// not split, but the power must be shared out. Source: Schultzberg, Ankargren & Frånberg, arXiv
// 2402.11609 (2024).
#pragma once
#include "experiment/design.h"

namespace experiment {

// The power to plan each of 1 + guardrails tests with, so that all succeed together with the
// promised power at least: 1 − (1 − power)/(guardrails + 1). guardrails ≥ 0.
double power_of_each(double power, int guardrails);

// The one-sided design of a guardrail that may lose up to `worst_loss` (above 0) per customer and
// is expected to lose nothing; its other numbers, and the shared-out power, come from the primary.
Design guardrail_design(const Design& primary, int guardrails, double worst_loss, double deviation);

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// Objectives with an L1 part: proximal Newton (Lee, Sun & Saunders 2014, section 2). Each step
// minimises the parabola of the smooth part plus the L1 part: by coordinate descent, which finds
// the signs, and by solving for the exact minimum with those signs, which ends the crawl of
// coordinate descent along features that stand for one another, as the indicators of one column do.
#pragma once
#include "learn/detail/minimise.h"

namespace learn::detail {

// As minimise(); the slopes of the gradient norm are those of the subgradient nearest to 0.
// Coefficients that the optimum has at 0 are exactly 0.
void minimise_sparse(const Standardised& problem, const Stage& stage, State& state);

}  // namespace learn::detail

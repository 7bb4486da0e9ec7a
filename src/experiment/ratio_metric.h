// SPDX-License-Identifier: Apache-2.0
// Metrics that are a ratio of sums: revenue per session, where customers are randomised and hold
// any number of sessions. Sessions of one customer are not independent, so the customer stays the
// unit and the delta method gives the variance. Sources: Deng, Knoblich & Lu, KDD 2018; Kish,
// Survey Sampling (1965), for the design effect.
//
//   R = Σy/Σk,  Var(R) = (s_y² − 2R·s_yk + R²·s_k²)/(n·k̄²);  the difference of two R by z.
#pragma once
#include <optional>

#include "experiment/cuped.h"
#include "experiment/welch.h"

namespace experiment {

struct RatioEstimate {
  double ratio = 0;     // R.
  double variance = 0;  // Of R.
};

// The customers of one arm with x = the denominator (sessions) and y = the numerator (revenue).
// Nothing below two customers, or where the denominators' mean is not clearly above zero (less than
// 3 of its standard errors).
std::optional<RatioEstimate> ratio_metric(const PairedMoments& customers);

// R_C − R_B with normal bounds (ν is infinite).
std::optional<Welch> ratio_difference(const PairedMoments& base, const PairedMoments& candidate);

// How many times too small the variance is if sessions count as independent although customers are
// randomised: 1 + (m − 1)·ICC, at m ≥ 1 sessions a customer and intraclass correlation ICC.
double design_effect(double sessions_per_customer, double intraclass_correlation);

}  // namespace experiment

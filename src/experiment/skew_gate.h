// SPDX-License-Identifier: Apache-2.0
// Whether skewed revenue lets Welch's test keep its level. For a difference of means it is the skew
// of the difference that counts, and with arms of equal size and shape that is zero:
//   g = (κ3_C/n_C² − κ3_B/n_B²)/v^{3/2},  v = s_C²/n_C + s_B²/n_B,
//   P(T ≤ x) ≈ Φ(x) + φ(x)·g·(2x² + 1)/6
// (Hall, The Bootstrap and Edgeworth Expansion, 1992). The test is not corrected by it: estimated
// from the data the correction spoils equal arms. The repairs are an equal split and a cap (cap.h).
#pragma once
#include "experiment/moments.h"

namespace experiment {

// g; 0 where nothing varies. Both samples hold at least one customer.
double skew_of_difference(const SampleSummary& base, const SampleSummary& candidate);

// P(T ≤ x) − Φ(x) to first order, at skew g of what is tested. For a single mean g = skew/√n.
double tail_error(double g, double x);

struct SkewGate {
  double g = 0;
  double error = 0;    // Of a one-sided test's level, either way.
  bool alarm = false;  // error > kMostLevelError · level.
};
inline constexpr double kMostLevelError = 0.1;
// 0 < one_sided_alpha < 0.5.
SkewGate skew_gate(const SampleSummary& base, const SampleSummary& candidate,
                   double one_sided_alpha);

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// A/A calibration: logged sessions of base are assigned anew many times and sent through the whole
// way to the verdict. As nothing differs, the share of wins must be alpha and the p-values uniform.
#pragma once
#include <cstdint>
#include <span>

#include "base/result.h"
#include "experiment/welch.h"

namespace experiment {

// A sound way is rejected with at most this chance.
inline constexpr double kCalibrationLevel = 0.001;

// Rejections R among M runs are accepted if low ≤ R ≤ high: the exact binomial tails P(R < low) and
// P(R > high) are each at most level/2.
struct AcceptedRejections {
  std::int64_t low = 0;
  std::int64_t high = 0;
  double chance_outside = 0;  // Of a sound way.
};
// 1 ≤ runs ≤ 10,000,000; 0 < alpha < 1; 0 < level < 1.
base::Result<AcceptedRejections> accepted_rejections(std::int64_t runs, double alpha,
                                                     double level = kCalibrationLevel);

// The exact interval of a share from k of n at two-sided level alpha (Clopper & Pearson, Biometrika
// 26, 1934). 0 ≤ k ≤ n, n ≥ 1, 0 < alpha < 1.
Interval clopper_pearson(std::int64_t k, std::int64_t n, double two_sided_alpha);

// The largest distance between the p-values' distribution and the uniform one (Kolmogorov's D).
// Every p in [0, 1], at least one.
double distance_from_uniform(std::span<const double> p);

// P(D ≥ distance) for n uniform values: Kolmogorov's limit at (√n + 0.12 + 0.11/√n)·D (Stephens,
// JRSS B 32, 1970). From n = 100 within 3 % of the exact one down to 0.001. distance ≥ 0, n ≥ 1.
double uniformity_p(double distance, std::int64_t n);

}  // namespace experiment

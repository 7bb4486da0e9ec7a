// SPDX-License-Identifier: Apache-2.0
#include "experiment/skew_gate.h"

#include <cmath>
#include <numbers>

#include "base/check.h"
#include "experiment/distribution.h"

namespace experiment {

double skew_of_difference(const SampleSummary& base, const SampleSummary& candidate) {
  CHECK(base.n >= 1 && candidate.n >= 1);
  const auto b = static_cast<double>(base.n);
  const auto c = static_cast<double>(candidate.n);
  const double v = base.variance / b + candidate.variance / c;
  if (v <= 0) return 0;
  // κ3/n² by v^{3/2}, in parts that cannot overflow: skew·(M2/n²/v)^{3/2}/√n with κ3 = M3/n.
  const auto part = [v](const SampleSummary& sample, double n) {
    const double share = sample.variance * (n - 1) / (n * n) / v;
    return sample.skew * share * std::sqrt(share / n);
  };
  return part(candidate, c) - part(base, b);
}

double tail_error(double g, double x) {
  const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  return density * g * (2 * x * x + 1) / 6;
}

SkewGate skew_gate(const SampleSummary& base, const SampleSummary& candidate,
                   double one_sided_alpha) {
  CHECK(one_sided_alpha > 0 && one_sided_alpha < 0.5);
  SkewGate gate{.g = skew_of_difference(base, candidate)};
  gate.error = std::fabs(tail_error(gate.g, normal_quantile(one_sided_alpha)));
  gate.alarm = gate.error > kMostLevelError * one_sided_alpha;
  return gate;
}

}  // namespace experiment

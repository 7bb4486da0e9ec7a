// SPDX-License-Identifier: Apache-2.0
#include "metric/normal.h"

#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/random.h"

namespace metric {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double normal_sf(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

double normal_quantile(double p) {
  CHECK(p > 0 && p < 1);
  // In the lower half, where P(Z ≤ x) keeps its relative accuracy.
  if (p > 0.5) return -normal_quantile(1 - p);
  const double x = base::normal_quantile_for_simulation(p);
  const double step = (normal_cdf(x) - p) * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - step / (1 + x * step / 2);
}

double two_sided_p(double z) { return std::erfc(std::fabs(z) / std::numbers::sqrt2); }

}  // namespace metric

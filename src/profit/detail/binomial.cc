// SPDX-License-Identifier: Apache-2.0
#include "profit/detail/binomial.h"

#include <cmath>

#include "base/check.h"

namespace profit::detail {
namespace {

std::int64_t by_inversion(base::Random& random, std::int64_t trials, double p) {
  // Jumps from success to success: the gaps are geometric.
  const double log_failure = std::log1p(-p);
  std::int64_t successes = 0;
  double row = 0;
  for (;;) {
    row += std::floor(std::log1p(-random.uniform()) / log_failure) + 1;
    if (!(row <= static_cast<double>(trials))) return successes;
    ++successes;
  }
}

// ln k! − (Stirling's leading terms): the tail of the series, tabled where the series is poor.
double stirling_tail(double k) {
  static constexpr double kTabled[] = {
      0.08106146679532726,  0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
      0.01664469118982119,  0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
      0.009255462182712733, 0.008330563433362871};
  if (k <= 9) return kTabled[static_cast<int>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// p ≤ 1/2 and trials·p ≥ 10.
std::int64_t by_rejection(base::Random& random, double n, double p) {
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * deviation;
  const double mode = std::floor((n + 1) * p);
  for (;;) {
    const double u = random.uniform() - 0.5;
    double v = random.uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    if (!(k >= 0 && k <= n)) continue;
    v = std::log(v * alpha / (a / (us * us) + b));
    const double bound = (mode + 0.5) * std::log((mode + 1) * (1 - p) / (p * (n - mode + 1))) +
                         stirling_tail(mode) + stirling_tail(n - mode) +
                         (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log((n - k + 1) * p / ((k + 1) * (1 - p))) -
                         stirling_tail(k) - stirling_tail(n - k);
    if (v <= bound) return static_cast<std::int64_t>(k);
  }
}

}  // namespace

std::int64_t draw_binomial(base::Random& random, std::int64_t trials, double p) {
  CHECK(trials >= 0 && p >= 0 && p <= 1);
  if (trials == 0 || p == 0) return 0;
  if (p > 0.5) return trials - draw_binomial(random, trials, 1 - p);
  const auto n = static_cast<double>(trials);
  return n * p < 10 ? by_inversion(random, trials, p) : by_rejection(random, n, p);
}

}  // namespace profit::detail

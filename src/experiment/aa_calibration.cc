// SPDX-License-Identifier: Apache-2.0
#include "experiment/aa_calibration.h"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/number.h"

namespace experiment {
namespace {

constexpr std::int64_t kMostRuns = 10'000'000;

// P(R > k) and P(R ≤ k) for R ~ Bin(n, p).
double binomial_above(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 1;
  if (k >= n) return 0;
  return boost::math::ibeta(static_cast<double>(k + 1), static_cast<double>(n - k), p);
}
double binomial_up_to(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return boost::math::ibetac(static_cast<double>(k + 1), static_cast<double>(n - k), p);
}

// The smallest k in [0, n] with the property, which stays true once it is, and holds at n.
template <class Holds>
std::int64_t smallest(std::int64_t n, const Holds& holds) {
  std::int64_t low = -1;
  std::int64_t high = n;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

base::Result<AcceptedRejections> accepted_rejections(std::int64_t runs, double alpha,
                                                     double level) {
  if (runs < 1 || runs > kMostRuns) {
    return base::input_error("a calibration takes 1 to " + base::format_count(kMostRuns) +
                             " runs, not " + base::format_count(runs));
  }
  for (const auto& [name, value] : {std::pair("alpha", alpha), std::pair("the level", level)}) {
    if (!(value > 0 && value < 1)) {
      return base::input_error(std::string(name) + " must lie strictly between 0 and 1, not " +
                               base::format_double(value));
    }
  }
  AcceptedRejections result;
  result.low =
      smallest(runs, [&](std::int64_t k) { return binomial_up_to(k, runs, alpha) >= level / 2; });
  result.high =
      smallest(runs, [&](std::int64_t k) { return binomial_above(k, runs, alpha) <= level / 2; });
  result.chance_outside =
      binomial_up_to(result.low - 1, runs, alpha) + binomial_above(result.high, runs, alpha);
  return result;
}

Interval clopper_pearson(std::int64_t k, std::int64_t n, double two_sided_alpha) {
  CHECK(n >= 1 && k >= 0 && k <= n && two_sided_alpha > 0 && two_sided_alpha < 1);
  const double tail = two_sided_alpha / 2;
  const auto successes = static_cast<double>(k);
  const auto failures = static_cast<double>(n - k);
  return {k == 0 ? 0 : boost::math::ibeta_inv(successes, failures + 1, tail),
          k == n ? 1 : boost::math::ibetac_inv(successes + 1, failures, tail)};
}

double distance_from_uniform(std::span<const double> p) {
  CHECK(!p.empty());
  std::vector<double> sorted(p.begin(), p.end());
  for (const double each : sorted) CHECK(each >= 0 && each <= 1);
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, sorted[i] - rank / n, (rank + 1) / n - sorted[i]});
  }
  return distance;
}

double uniformity_p(double distance, std::int64_t n) {
  CHECK(distance >= 0 && n >= 1);
  const double root = std::sqrt(static_cast<double>(n));
  const double x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;  // The limit differs from 1 by less than 1e-10; its series is slow here.
  double sum = 0;
  for (int j = 1; j <= 100; ++j) {
    const double term = 2 * std::exp(-2.0 * j * j * x * x);
    sum += j % 2 == 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return std::clamp(sum, 0.0, 1.0);
}

}  // namespace experiment

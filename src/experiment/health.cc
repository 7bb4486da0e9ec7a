// SPDX-License-Identifier: Apache-2.0
#include "experiment/health.h"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/check.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kExactBelow =
    1000;  // Customers of two arms below which the binomial is exact and cheap.

struct Totals {
  double observed;
  double weight;
};

Totals totals(std::span<const std::int64_t> observed, std::span<const double> weights) {
  CHECK(observed.size() == weights.size() && !weights.empty());
  Totals sum{0, 0};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CHECK(observed[i] >= 0 && weights[i] >= 0 && std::isfinite(weights[i]));
    sum.observed += static_cast<double>(observed[i]);
    sum.weight += weights[i];
  }
  CHECK(sum.weight > 0);
  return sum;
}

// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π]: what Stirling's formula leaves.
double stirling_rest(double x) {
  if (x < 16) {
    return boost::math::lgamma(x) -
           ((x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi));
  }
  const double y = 1 / (x * x);
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
}

}  // namespace

SampleRatio sample_ratio(std::span<const std::int64_t> observed, std::span<const double> weights) {
  const Totals sum = totals(observed, weights);
  SampleRatio result;
  if (sum.observed == 0) return result;
  int arms = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto count = static_cast<double>(observed[i]);
    const double expected = sum.observed * weights[i] / sum.weight;
    if (expected > 0) {
      ++arms;
      result.chi_squared += (count - expected) * (count - expected) / expected;
    } else if (count > 0) {
      result.chi_squared = kInfinity;  // An arm that must stay empty is not.
    }
  }
  result.dof = std::max(1, arms - 1);
  const bool exact =
      weights.size() == 2 && arms == 2 && sum.observed < static_cast<double>(kExactBelow);
  result.p =
      exact ? binomial_two_sided_p(observed[0], observed[0] + observed[1], weights[0] / sum.weight)
            : chi_squared_sf(result.chi_squared, result.dof);
  result.alarm = result.p < kSrmAlarm;
  return result;
}

SequentialSampleRatio sequential_sample_ratio(std::span<const std::int64_t> observed,
                                              std::span<const double> weights,
                                              double concentration) {
  CHECK(concentration > 0);
  const Totals sum = totals(observed, weights);
  // The logarithms of gamma are of the size N·ln N and their sum is of the size 1; so the large
  // parts of Stirling's formula are combined by hand: Σ x_i·ln(x_i/(X·θ_i)) with x_i = a_i + n_i
  // and X = A + N, and the −x cancel.
  const double all = concentration + sum.observed;
  double log_e = boost::math::lgamma(concentration) + 0.5 * std::log(all) - stirling_rest(all) -
                 0.5 * std::log(2 * std::numbers::pi);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto count = static_cast<double>(observed[i]);
    const double share = weights[i] / sum.weight;
    if (share > 0) {
      const double prior = concentration * share;
      const double x = prior + count;
      const double expected = all * share;
      log_e += prior * std::log(share) - boost::math::lgamma(prior);
      log_e += x * std::log1p((x - expected) / expected) - 0.5 * std::log(x) + stirling_rest(x) +
               0.5 * std::log(2 * std::numbers::pi);
    } else if (count > 0) {
      log_e = kInfinity;
      break;
    }
  }
  SequentialSampleRatio result;
  result.log_e = log_e;
  result.p = std::min(1.0, std::exp(-log_e));
  result.alarm = log_e >= -std::log(kSrmAlarm);
  return result;
}

ImbalanceLimit imbalance_limit(std::int64_t customers, double p) {
  CHECK(customers > 0 && p > 0 && p < 1);
  const auto n = static_cast<double>(customers);
  const double difference = -normal_quantile(p / 2) * std::sqrt(n);
  return {difference, 0.5 + difference / (2 * n)};
}

}  // namespace experiment

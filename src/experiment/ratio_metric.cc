// SPDX-License-Identifier: Apache-2.0
#include "experiment/ratio_metric.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace experiment {

std::optional<RatioEstimate> ratio_metric(const PairedMoments& customers) {
  constexpr double kClearlyNotZero = 3;  // In standard errors, as relative_lift asks (welch.h).
  if (customers.n() < 2) return std::nullopt;
  const auto n = static_cast<double>(customers.n());
  const double mean = customers.mean_x();
  const double error = std::sqrt(customers.sxx() / (n - 1) / n);
  if (!(mean > 0) || mean < kClearlyNotZero * error) return std::nullopt;
  RatioEstimate result{.ratio = customers.mean_y() / mean};
  const double rest =
      customers.syy() - result.ratio * (2 * customers.sxy() - result.ratio * customers.sxx());
  result.variance = std::max(0.0, rest) / (n - 1) / (n * mean * mean);
  return result;
}

std::optional<Welch> ratio_difference(const PairedMoments& base, const PairedMoments& candidate) {
  const std::optional<RatioEstimate> b = ratio_metric(base);
  const std::optional<RatioEstimate> c = ratio_metric(candidate);
  if (!b || !c) return std::nullopt;
  return Welch{.difference = c->ratio - b->ratio,
               .standard_error = std::sqrt(b->variance + c->variance),
               .dof = std::numeric_limits<double>::infinity()};
}

double design_effect(double sessions_per_customer, double intraclass_correlation) {
  CHECK(sessions_per_customer >= 1 && intraclass_correlation <= 1);
  return 1 + (sessions_per_customer - 1) * intraclass_correlation;
}

}  // namespace experiment

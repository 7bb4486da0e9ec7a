// SPDX-License-Identifier: Apache-2.0
#include "experiment/proportion.h"

#include <cmath>
#include <limits>

#include "base/number.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

bool counts(const Proportion& arm) { return arm.n >= 1 && arm.k >= 0 && arm.k <= arm.n; }

double share(const Proportion& arm) {
  return static_cast<double>(arm.k) / static_cast<double>(arm.n);
}

// Wilson's interval of one share.
Interval wilson(const Proportion& arm, double z) {
  const auto n = static_cast<double>(arm.n);
  const double p = share(arm);
  const double center = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {(center - half) / scale, (center + half) / scale};
}

double z_of(double difference, double variance) {
  if (variance > 0) return difference / std::sqrt(variance);
  return difference == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), difference);
}

bool within_unit(double x) { return x > 0 && x < 1; }

}  // namespace

base::Result<ProportionDifference> proportion_difference(const Proportion& base_arm,
                                                         const Proportion& candidate,
                                                         double two_sided_alpha) {
  if (!counts(base_arm) || !counts(candidate)) {
    return base::input_error(
        "a share needs a count from 0 to its customers, of which there is one "
        "at least");
  }
  if (!within_unit(two_sided_alpha)) {
    return base::input_error("alpha must lie strictly between 0 and 1, not " +
                             base::format_double(two_sided_alpha));
  }
  const double b = share(base_arm);
  const double c = share(candidate);
  const auto nb = static_cast<double>(base_arm.n);
  const auto nc = static_cast<double>(candidate.n);
  const double all = static_cast<double>(base_arm.k + candidate.k) / (nb + nc);
  ProportionDifference result{.difference = c - b};
  result.z = z_of(c - b, all * (1 - all) * (1 / nb + 1 / nc));
  result.p_greater = normal_sf(result.z);
  result.p_two_sided = 2 * normal_sf(std::fabs(result.z));
  result.z_unpooled = z_of(c - b, b * (1 - b) / nb + c * (1 - c) / nc);
  const double z = -normal_quantile(two_sided_alpha / 2);
  const Interval of_base = wilson(base_arm, z);
  const Interval of_candidate = wilson(candidate, z);
  result.newcombe = {c - b - std::hypot(c - of_candidate.low, of_base.high - b),
                     c - b + std::hypot(of_candidate.high - c, b - of_base.low)};
  return result;
}

base::Result<ProportionCustomers> proportion_customers(double base_share, double candidate_share,
                                                       double one_sided_alpha, double power) {
  if (!within_unit(base_share) || !within_unit(candidate_share) || base_share == candidate_share) {
    return base::input_error("the shares must differ and lie strictly between 0 and 1");
  }
  if (!(one_sided_alpha > 0 && one_sided_alpha < 0.5 && power > one_sided_alpha && power < 1)) {
    return base::input_error("alpha must lie between 0 and 0.5, and power between alpha and 1");
  }
  const double z_alpha = -normal_quantile(one_sided_alpha);
  const double z_power = normal_quantile(power);
  const double own = base_share * (1 - base_share) + candidate_share * (1 - candidate_share);
  const double middle = (base_share + candidate_share) / 2;
  const double difference = candidate_share - base_share;
  const double pooled =
      (z_alpha * std::sqrt(2 * middle * (1 - middle)) + z_power * std::sqrt(own)) / difference;
  const double unpooled = (z_alpha + z_power) * std::sqrt(own) / difference;
  return ProportionCustomers{pooled * pooled, unpooled * unpooled};
}

}  // namespace experiment

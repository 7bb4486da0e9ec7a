// SPDX-License-Identifier: Apache-2.0
#include "experiment/normal_approximation.h"

#include <cmath>

#include "experiment/distribution.h"

namespace experiment::normal_approximation {
namespace {

double sides(const Design& design) { return static_cast<double>(static_cast<int>(design.sides)); }

// z_{1−α/s}, from the small tail.
double critical(const Design& design) { return -normal_quantile(one_sided_alpha(design)); }

// The variance of the difference of means times n_B.
double unit_variance(const Design& design) {
  const double candidate = design.candidate_deviation.value_or(design.deviation);
  return design.deviation * design.deviation + candidate * candidate / design.ratio;
}

double standard_error(const Design& design, double base_customers) {
  return std::sqrt(unit_variance(design) / base_customers);
}

}  // namespace

double customers(const Design& design) {
  const double z = (critical(design) + normal_quantile(design.power)) /
                   (design.effect_per_customer - design.margin);
  return unit_variance(design) * z * z;
}

double power(const Design& design, double base_customers) {
  const double k =
      (design.effect_per_customer - design.margin) / standard_error(design, base_customers);
  const double z = critical(design);
  return design.sides == Sides::kOne ? normal_cdf(k - z) : normal_cdf(k - z) + normal_cdf(-k - z);
}

double effect(const Design& design, double base_customers) {
  return design.margin + (critical(design) + normal_quantile(design.power)) *
                             standard_error(design, base_customers);
}

double alpha(const Design& design, double base_customers) {
  const double k =
      (design.effect_per_customer - design.margin) / standard_error(design, base_customers);
  return sides(design) * normal_sf(k - normal_quantile(design.power));
}

}  // namespace experiment::normal_approximation

// SPDX-License-Identifier: Apache-2.0
#include "experiment/posterior.h"

#include <cmath>
#include <numbers>

#include "base/check.h"
#include "experiment/distribution.h"

namespace experiment {

Posterior posterior(double difference, double standard_error, const Prior& prior) {
  CHECK(standard_error > 0 && prior.deviation > 0);
  const double ratio = standard_error / prior.deviation;
  const double data_share = 1 / (1 + ratio * ratio);
  return {.mean = prior.mean + data_share * (difference - prior.mean),
          .deviation = standard_error * std::sqrt(data_share)};
}

double Posterior::chance_above(double value) const { return normal_sf((value - mean) / deviation); }

double Posterior::loss_of_shipping() const {
  const double x = mean / deviation;
  const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  return deviation * density - mean * normal_sf(x);
}

double Posterior::loss_of_keeping() const { return mean + loss_of_shipping(); }

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/economics.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

double error_squared(const SampleSummary& sample) {
  return sample.variance / static_cast<double>(sample.n);
}

// The q at which (i − q·c)² = z²·Var(i − q·c): an interval exactly where c is told from 0.
std::optional<Interval> fieller(const MeasuredEconomics& m, double z) {
  const double vi = m.income_error * m.income_error;
  const double vc = m.cost_error * m.cost_error;
  const double a = m.cost * m.cost - z * z * vc;
  if (!(a > 0) || !(m.cost > 0)) return std::nullopt;
  const double b = m.income * m.cost - z * z * m.covariance;
  const double c = m.income * m.income - z * z * vi;
  const double discriminant = b * b - a * c;
  if (discriminant < 0) return std::nullopt;
  const double root = std::sqrt(discriminant);
  return Interval{(b - root) / a, (b + root) / a};
}

}  // namespace

void OfferMoments::add(bool shown, bool accepted, base::Cents revenue) {
  if (!shown)
    hidden_.add(revenue);
  else if (accepted)
    accepted_.add(revenue);
  else
    refused_.add(revenue);
}

std::optional<MeasuredEconomics> measure_economics(const OfferMoments& offers,
                                                   double two_sided_alpha) {
  CHECK(two_sided_alpha > 0 && two_sided_alpha < 1);
  MeasuredEconomics m;
  m.hidden = offers.hidden().summary();
  m.refused = offers.refused().summary();
  m.accepted = offers.accepted().summary();
  if (std::min({m.hidden.n, m.refused.n, m.accepted.n}) < 2) return std::nullopt;
  const double z = -normal_quantile(two_sided_alpha / 2);
  m.acceptance =
      static_cast<double>(m.accepted.n) / static_cast<double>(m.accepted.n + m.refused.n);
  m.income = m.accepted.mean - m.refused.mean;
  m.income_error = std::sqrt(error_squared(m.accepted) + error_squared(m.refused));
  m.income_interval = {m.income - z * m.income_error, m.income + z * m.income_error};
  m.cost = m.hidden.mean - m.refused.mean;
  m.cost_error = std::sqrt(error_squared(m.hidden) + error_squared(m.refused));
  m.cost_interval = {m.cost - z * m.cost_error, m.cost + z * m.cost_error};
  m.covariance = error_squared(m.refused);
  if (m.cost > 0) m.q = m.income / m.cost;
  m.q_interval = fieller(m, z);
  m.gain_of_showing = m.acceptance * m.income - m.cost;
  return m;
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/always_valid.h"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

double q_of(double t, double rho) {
  CHECK(t > 0 && rho > 0 && std::isfinite(t) && std::isfinite(rho));
  return 1 + t * rho * rho;
}

// x²/2 + ln Φ(x), whose parts leave the range of doubles far below 0.
double scaled_log_normal_cdf(double x) {
  if (x > -35) return x * x / 2 + std::log(normal_cdf(x));
  const double y = 1 / (x * x);  // Mills' ratio: an asymptotic series, 1e-13 here.
  return std::log1p(-y * (1 - y * (3 - y * (15 - y * 105)))) -
         std::log(-x * std::sqrt(2 * std::numbers::pi));
}

}  // namespace

double tuned_rho(double alpha, double t_planned) {
  CHECK(alpha > 0 && alpha < 1 && t_planned > 0);
  const double log_alpha = std::log(alpha);
  return std::sqrt((-2 * log_alpha + std::log1p(-2 * log_alpha)) / t_planned);
}

double log_e_two_sided(double z, double t, double rho) {
  const double q = q_of(t, rho);
  const double x = z * rho * std::sqrt(t / q);
  return x * x / 2 - std::log(q) / 2;
}

double log_e_greater(double z, double t, double rho) {
  const double q = q_of(t, rho);
  const double x = z * rho * std::sqrt(t / q);
  return std::numbers::ln2 - std::log(q) / 2 + scaled_log_normal_cdf(x);
}

double log_e_less(double z, double t, double rho) { return log_e_greater(-z, t, rho); }

double always_valid_p(double log_e) { return std::min(1.0, std::exp(-log_e)); }

double two_sided_half_width(double alpha, double t, double rho) {
  CHECK(alpha > 0 && alpha < 1);
  const double q = q_of(t, rho);
  return std::sqrt(q / t * (std::log(q) - 2 * std::log(alpha))) / rho;
}

double one_sided_half_width_bound(double alpha, double t, double rho) {
  CHECK(alpha > 0 && alpha < 1);
  const double q = q_of(t, rho);
  return std::sqrt(2 * q / t * std::log1p(std::sqrt(q) / (2 * alpha))) / rho;
}

double one_sided_half_width(double alpha, double t, double rho) {
  const double high = one_sided_half_width_bound(alpha, t, rho);
  const auto excess = [&](double z) { return log_e_greater(z, t, rho) + std::log(alpha); };
  if (excess(high) <= 0) return high;
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      excess, 0.0, high, boost::math::tools::eps_tolerance<double>(50), iterations);
  return a + (b - a) / 2;
}

Sprt sprt(double difference, double standard_error, double t, double margin, double effect,
          double alpha, double beta) {
  CHECK(standard_error > 0 && t > 0 && effect != margin);
  CHECK(alpha > 0 && beta > 0 && alpha + beta < 1);
  const double step = effect - margin;
  const double variance = standard_error * standard_error;
  Sprt result{.log_ratio = step / variance * (difference - (effect + margin) / 2),
              .upper = std::log((1 - beta) / alpha),
              .lower = std::log(beta / (1 - alpha))};
  const double per_customer = step * step / (2 * variance * t);  // |E ln ratio| of one customer.
  result.expected_at_effect = ((1 - beta) * result.upper + beta * result.lower) / per_customer;
  result.expected_at_margin = -(alpha * result.upper + (1 - alpha) * result.lower) / per_customer;
  return result;
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/distribution.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "base/check.h"
#include "experiment/detail/scale_integral.h"

namespace experiment {
namespace {

namespace policies = boost::math::policies;
// No exception leaves this file: what Boost would throw for, the CHECKs below have excluded.
using Quiet = policies::policy<policies::domain_error<policies::ignore_error>,
                               policies::pole_error<policies::ignore_error>,
                               policies::overflow_error<policies::ignore_error>,
                               policies::evaluation_error<policies::ignore_error>>;
using StudentsT = boost::math::students_t_distribution<double, Quiet>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_sf(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

double normal_quantile(double p) {
  CHECK(p >= 0 && p <= 1);
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, Quiet());
}

double student_cdf(double t, double dof) { return student_sf(-t, dof); }

double student_sf(double t, double dof) {
  CHECK(dof > 0 && !std::isnan(t));
  if (dof == kInfinity) return normal_sf(t);
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  return boost::math::cdf(boost::math::complement(StudentsT(dof), t));
}

double student_quantile(double p, double dof) {
  CHECK(dof > 0 && p >= 0 && p <= 1);
  if (dof == kInfinity) return normal_quantile(p);
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return boost::math::quantile(StudentsT(dof), p);
}

double chi_squared_sf(double x, double dof) {
  CHECK(dof > 0 && x >= 0);
  if (x == kInfinity) return 0;
  return boost::math::gamma_q(dof / 2, x / 2, Quiet());
}

double noncentral_student_sf(double t, double dof, double noncentrality) {
  CHECK(dof > 0 && std::isfinite(noncentrality) && !std::isnan(t));
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  if (t == 0 || dof == kInfinity) return normal_cdf(noncentrality - t);
  std::vector<double> edges;
  detail::add_step_edges(noncentrality, -t, &edges);
  const double sum = detail::expect_over_scale(
      dof, edges, [&](double s) { return normal_cdf(noncentrality - t * s); });
  return std::clamp(sum, 0.0, 1.0);
}

double binomial_two_sided_p(std::int64_t k, std::int64_t n, double p) {
  CHECK(k >= 0 && k <= n && p > 0 && p < 1);
  const auto log_chance = [&](std::int64_t i) {
    const auto x = static_cast<double>(i);
    const auto rest = static_cast<double>(n - i);
    // Boost's lgamma, because the C library's writes a global and is not thread-safe.
    return boost::math::lgamma(static_cast<double>(n) + 1) - boost::math::lgamma(x + 1) -
           boost::math::lgamma(rest + 1) + x * std::log(p) + rest * std::log1p(-p);
  };
  const double limit = log_chance(k) + 1e-7;
  double sum = 0;
  for (std::int64_t i = 0; i <= n; ++i) {
    const double chance = log_chance(i);
    if (chance <= limit) sum += std::exp(chance);
  }
  return std::min(1.0, sum);
}

}  // namespace experiment

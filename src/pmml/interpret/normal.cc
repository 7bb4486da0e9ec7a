// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/normal.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

namespace pmml {
namespace {

constexpr double kDensityAtZero = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

double polynomial(std::span<const double> coefficients, double x) {
  double sum = 0;
  for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) sum = sum * x + *c;
  return sum;
}

// Rational approximations of AS 241 (PPND16): near the middle, and of two tails.
constexpr std::array kMiddleAbove = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                     1.9715909503065514427e3, 1.3731693765509461125e4,
                                     4.5921953931549871457e4, 6.7265770927008700853e4,
                                     3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr std::array kMiddleBelow = {1.0,
                                     4.2313330701600911252e1,
                                     6.8718700749205790830e2,
                                     5.3941960214247511077e3,
                                     2.1213794301586595867e4,
                                     3.9307895800092710610e4,
                                     2.8729085735721942674e4,
                                     5.2264952788528545610e3};
constexpr std::array kTailAbove = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                   5.76949722146069140550e0,  3.64784832476320460504e0,
                                   1.27045825245236838258e0,  2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array kTailBelow = {1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
constexpr std::array kFarAbove = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                  1.78482653991729133580e0,  2.96560571828504891230e-1,
                                  2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                  2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array kFarBelow = {1.0,
                                  5.99832206555887937690e-1,
                                  1.36929880922735805310e-1,
                                  1.48753612908506148525e-2,
                                  7.86869131145613259100e-4,
                                  1.84631831751005468180e-5,
                                  1.42151175831644588870e-7,
                                  2.04426310338993978564e-15};

double approximate_quantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kMiddleAbove, r) / polynomial(kMiddleBelow, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double tail = r <= 5 ? polynomial(kTailAbove, r - 1.6) / polynomial(kTailBelow, r - 1.6)
                             : polynomial(kFarAbove, r - 5) / polynomial(kFarBelow, r - 5);
  return q < 0 ? -tail : tail;
}

}  // namespace

double normal_density(double x, double mean, double deviation) {
  const double z = (x - mean) / deviation;
  return kDensityAtZero / deviation * std::exp(-0.5 * z * z);
}

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0) return -std::numeric_limits<double>::infinity();
  if (p == 1) return std::numeric_limits<double>::infinity();
  const double x = approximate_quantile(p);
  // The error of the share, measured on the side where it does not cancel.
  const double error = x < 0 ? 0.5 * std::erfc(-x / std::numbers::sqrt2) - p
                             : (1 - p) - 0.5 * std::erfc(x / std::numbers::sqrt2);
  const double density = normal_density(x, 0, 1);
  if (!(density > 0)) return x;
  const double newton = error / density;
  return x - newton / (1 + 0.5 * x * newton);
}

}  // namespace pmml

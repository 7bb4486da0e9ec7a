// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/tail_probability.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace learn::detail {
namespace {

constexpr double kSmall = 1e-15;
constexpr int kMostTerms = 100'000;

// x^a e^(−x) / Γ(a), the factor that both expansions share.
double common_factor(double a, double x) { return std::exp(a * std::log(x) - x - std::lgamma(a)); }

double lower_by_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < kMostTerms && term > sum * kSmall; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * common_factor(a, x);
}

// The continued fraction by Lentz's method.
double upper_by_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, h = d;
  for (int n = 1; n < kMostTerms; ++n) {
    const double factor = -n * (n - a);
    b += 2;
    d = factor * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + factor / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    h *= d * c;
    if (std::abs(d * c - 1) < kSmall) break;
  }
  return h * common_factor(a, x);
}

}  // namespace

double two_sided_normal_tail(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

double chi_squared_tail(double x, double degrees) {
  if (!(x > 0)) return 1;
  const double a = degrees / 2, half = x / 2;
  const double tail = half < a + 1 ? 1 - lower_by_series(a, half) : upper_by_fraction(a, half);
  return std::clamp(tail, 0.0, 1.0);
}

double kolmogorov_tail(double x) {
  if (x < 0.2) return 1;  // Its complement is below 1e-12.
  double sum = 0;
  for (int k = 1; k <= 100; ++k) {
    const double term = std::exp(-2.0 * k * k * x * x);
    sum += k % 2 == 1 ? term : -term;
    if (term < std::numeric_limits<double>::epsilon() * sum) break;
  }
  return std::clamp(2 * sum, 0.0, 1.0);
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "experiment/welch.h"

#include <cmath>
#include <limits>
#include <utility>

#include "experiment/distribution.h"

namespace experiment {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// A mean is told from zero by at least this many of its standard errors before anything is divided
// by it.
constexpr double kClearlyNotZero = 3;

double mean_variance(const SampleSummary& sample) {
  return sample.variance / static_cast<double>(sample.n);
}

}  // namespace

std::optional<Welch> welch(const SampleSummary& base, const SampleSummary& candidate) {
  if (base.n < 2 || candidate.n < 2) return std::nullopt;
  const double vb = mean_variance(base);
  const double vc = mean_variance(candidate);
  const double v = vb + vc;
  Welch result{
      .difference = candidate.mean - base.mean, .standard_error = std::sqrt(v), .dof = kInfinity};
  // As shares of the total, so that tiny variances do not underflow when squared.
  if (v > 0) {
    const double b = vb / v;
    const double c = vc / v;
    result.dof = 1 / (b * b / static_cast<double>(base.n - 1) +
                      c * c / static_cast<double>(candidate.n - 1));
  }
  return result;
}

double Welch::t(double null) const {
  const double distance = difference - null;
  if (standard_error > 0) return distance / standard_error;
  return distance == 0 ? 0 : std::copysign(kInfinity, distance);
}

double Welch::p_greater(double null) const { return student_sf(t(null), dof); }

double Welch::p_less(double null) const { return student_cdf(t(null), dof); }

double Welch::p_two_sided(double null) const { return 2 * student_sf(std::fabs(t(null)), dof); }

double Welch::lower(double one_sided_alpha) const {
  return difference + student_quantile(one_sided_alpha, dof) * standard_error;
}

double Welch::upper(double one_sided_alpha) const {
  return difference - student_quantile(one_sided_alpha, dof) * standard_error;
}

Interval Welch::interval(double two_sided_alpha) const {
  return {lower(two_sided_alpha / 2), upper(two_sided_alpha / 2)};
}

std::optional<RelativeLift> relative_lift(const SampleSummary& base, const SampleSummary& candidate,
                                          double two_sided_alpha) {
  if (base.n < 2 || candidate.n < 2) return std::nullopt;
  const double vb = mean_variance(base);
  const double vc = mean_variance(candidate);
  if (base.mean == 0 || std::fabs(base.mean) < kClearlyNotZero * std::sqrt(vb)) return std::nullopt;
  const double sign = base.mean < 0 ? -1 : 1;
  const double ratio = candidate.mean / base.mean;
  const double z = -normal_quantile(two_sided_alpha / 2);
  RelativeLift result;
  result.lift = sign * (ratio - 1);
  result.standard_error = std::sqrt(vc + vb * ratio * ratio) / std::fabs(base.mean);
  result.delta = {result.lift - z * result.standard_error, result.lift + z * result.standard_error};
  // Fieller: the ratios R for which mean_C − R·mean_B is not significant; roots of a·R² − 2·b·R + c
  // = 0.
  const double a = base.mean * base.mean - z * z * vb;
  const double b = base.mean * candidate.mean;
  const double c = candidate.mean * candidate.mean - z * z * vc;
  const double discriminant = b * b - a * c;
  if (a > 0 && discriminant >= 0) {
    const double root = std::sqrt(discriminant);
    Interval lift{sign * ((b - root) / a - 1), sign * ((b + root) / a - 1)};
    if (sign < 0) std::swap(lift.low, lift.high);
    result.fieller = lift;
  }
  return result;
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/cuped.h"

#include <algorithm>
#include <cmath>

#include "experiment/detail/exact_sum.h"

namespace experiment {
namespace {

// An arm's outcomes with the covariate's part, measured from `center`, taken out.
SampleSummary adjusted(const PairedMoments& arm, double theta, double center) {
  SampleSummary summary;
  summary.n = arm.n();
  summary.mean = arm.mean_y() - theta * (arm.mean_x() - center);
  const double rest = arm.syy() - theta * (2 * arm.sxy() - theta * arm.sxx());
  summary.variance = std::max(0.0, rest) / static_cast<double>(arm.n() - 1);
  return summary;
}

// The same with the arm's own slope, which takes a degree of freedom more.
SampleSummary regressed(const PairedMoments& arm, double theta, double center) {
  SampleSummary summary = adjusted(arm, theta, center);
  summary.variance *= static_cast<double>(arm.n() - 1) / static_cast<double>(arm.n() - 2);
  return summary;
}

SampleSummary summary_of(std::int64_t n, double mean, double squares) {
  SampleSummary summary{.n = n, .mean = mean};
  if (n < 2) return summary;
  summary.variance = squares / static_cast<double>(n - 1);
  summary.deviation = std::sqrt(summary.variance);
  return summary;
}

// `adjusted` with what it costs that its slope was estimated; four customers at least.
Welch with_price_of_slope(const Welch& adjusted, double theta, const PairedMoments& base,
                          const PairedMoments& candidate) {
  const double sxx = base.sxx() + candidate.sxx();
  if (!(sxx > 0)) return adjusted;
  const auto n = static_cast<double>(base.n() + candidate.n());
  const double sxy = base.sxy() + candidate.sxy();
  const double rest = base.syy() + candidate.syy() - theta * (2 * sxy - theta * sxx);
  const double apart = candidate.mean_x() - base.mean_x();
  const double of_slope = std::max(0.0, rest) / (n - 3) / sxx;
  const double squared = adjusted.standard_error * adjusted.standard_error;
  return {.difference = adjusted.difference,
          .standard_error = std::sqrt(squared * (n - 2) / (n - 3) + of_slope * apart * apart),
          .dof = adjusted.dof * (n - 3) / (n - 2)};
}

double slope(double sxy, double sxx) { return sxx > 0 ? sxy / sxx : 0; }

}  // namespace

void PairedMoments::add(double x, double y) {
  ++n_;
  const auto n = static_cast<double>(n_);
  const double dx = x - mean_x_;
  const double dy = y - mean_y_;
  mean_x_ += dx / n;
  mean_y_ += dy / n;
  sxx_ += dx * (x - mean_x_);
  syy_ += dy * (y - mean_y_);
  sxy_ += dx * (y - mean_y_);
}

void PairedMoments::merge(const PairedMoments& other) {
  if (other.n_ == 0) return;
  const auto a = static_cast<double>(n_);
  const auto b = static_cast<double>(other.n_);
  const double dx = other.mean_x_ - mean_x_;
  const double dy = other.mean_y_ - mean_y_;
  const double weight = a * b / (a + b);
  n_ += other.n_;
  mean_x_ += dx * b / (a + b);
  mean_y_ += dy * b / (a + b);
  sxx_ += other.sxx_ + dx * dx * weight;
  syy_ += other.syy_ + dy * dy * weight;
  sxy_ += other.sxy_ + dx * dy * weight;
}

SampleSummary PairedMoments::outcome() const { return summary_of(n_, mean_y_, syy_); }

SampleSummary PairedMoments::covariate() const { return summary_of(n_, mean_x_, sxx_); }

void PairedMoney::add(base::Cents before, base::Cents revenue) {
  const std::uint64_t x = detail::magnitude(before.value());
  const std::uint64_t y = detail::magnitude(revenue.value());
  const bool x_negative = before.value() < 0;
  const bool y_negative = revenue.value() < 0;
  const detail::WideInteger<1> wide_x{{x}};
  const detail::WideInteger<1> wide_y{{y}};
  ++n_;
  detail::accumulate(&sum_x_, wide_x, x_negative);
  detail::accumulate(&sum_y_, wide_y, y_negative);
  detail::accumulate(&sum_xx_, times(wide_x, x), false);
  detail::accumulate(&sum_yy_, times(wide_y, y), false);
  detail::accumulate(&sum_xy_, times(wide_x, y), x_negative != y_negative);
}

void PairedMoney::remove(base::Cents before, base::Cents revenue) {
  PairedMoney one;
  one.add(before, revenue);
  --n_;
  sum_x_ += one.sum_x_.negated();
  sum_y_ += one.sum_y_.negated();
  sum_xx_ += one.sum_xx_.negated();
  sum_yy_ += one.sum_yy_.negated();
  sum_xy_ += one.sum_xy_.negated();
}

void PairedMoney::merge(const PairedMoney& other) {
  n_ += other.n_;
  sum_x_ += other.sum_x_;
  sum_y_ += other.sum_y_;
  sum_xx_ += other.sum_xx_;
  sum_yy_ += other.sum_yy_;
  sum_xy_ += other.sum_xy_;
}

PairedMoments PairedMoney::moments() const {
  if (n_ == 0) return {};
  using detail::Integer;
  const Integer n = n_;
  const Integer x = detail::to_integer(sum_x_);
  const Integer y = detail::to_integer(sum_y_);
  const auto central = [&](const detail::WideInteger<3>& products, const Integer& sums) {
    return detail::quotient(n * detail::to_integer(products) - sums, n * 10'000);
  };
  return {n_,
          detail::quotient(x, n * 100),
          detail::quotient(y, n * 100),
          central(sum_xx_, x * x),
          central(sum_yy_, y * y),
          central(sum_xy_, x * y)};
}

std::optional<Welch> balance(const PairedArms& arms) {
  return welch(arms.base.covariate(), arms.candidate.covariate());
}

std::optional<Cuped> cuped(const PairedMoments& base, const PairedMoments& candidate) {
  const double theta = slope(base.sxy() + candidate.sxy(), base.sxx() + candidate.sxx());
  std::optional<Cuped> result = cuped_at(theta, base, candidate);
  if (result) result->tested = with_price_of_slope(result->adjusted, theta, base, candidate);
  return result;
}

std::optional<Cuped> cuped_at(double theta, const PairedMoments& base,
                              const PairedMoments& candidate) {
  const std::optional<Welch> unadjusted = welch(base.outcome(), candidate.outcome());
  if (!unadjusted) return std::nullopt;
  Cuped result{.theta = theta, .unadjusted = *unadjusted};
  // Measured from base's mean: one constant for both arms leaves the difference.
  result.adjusted =
      *welch(adjusted(base, theta, base.mean_x()), adjusted(candidate, theta, base.mean_x()));
  result.tested = result.adjusted;
  const double sxx = base.sxx() + candidate.sxx();
  const double syy = base.syy() + candidate.syy();
  const double sxy = base.sxy() + candidate.sxy();
  if (sxx > 0 && syy > 0) result.squared_correlation = (sxy / sxx) * (sxy / syy);
  if (unadjusted->standard_error > 0) {
    const double ratio = result.adjusted.standard_error / unadjusted->standard_error;
    result.variance_ratio = ratio * ratio;
  }
  return result;
}

std::optional<Welch> lin_adjusted(const PairedMoments& base, const PairedMoments& candidate) {
  if (base.n() < 3 || candidate.n() < 3) return std::nullopt;
  PairedMoments all = base;
  all.merge(candidate);
  const double base_slope = slope(base.sxy(), base.sxx());
  const double candidate_slope = slope(candidate.sxy(), candidate.sxx());
  std::optional<Welch> result = welch(regressed(base, base_slope, all.mean_x()),
                                      regressed(candidate, candidate_slope, all.mean_x()));
  // The mean of all is estimated too, and the slopes' difference carries its error.
  const auto n = static_cast<double>(all.n());
  const double carried = (candidate_slope - base_slope) * std::sqrt(all.sxx() / (n - 1) / n);
  result->standard_error = std::hypot(result->standard_error, carried);
  return result;
}

}  // namespace experiment

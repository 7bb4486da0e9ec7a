// SPDX-License-Identifier: Apache-2.0
#include "experiment/cuped.h"

#include <algorithm>
#include <cmath>

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

SampleSummary PairedMoments::outcome() const {
  return n_ < 2 ? SampleSummary{.n = n_, .mean = mean_y_} : adjusted(*this, 0, 0);
}

std::optional<Cuped> cuped(const PairedMoments& base, const PairedMoments& candidate) {
  return cuped_at(slope(base.sxy() + candidate.sxy(), base.sxx() + candidate.sxx()), base,
                  candidate);
}

std::optional<Cuped> cuped_at(double theta, const PairedMoments& base,
                              const PairedMoments& candidate) {
  const std::optional<Welch> unadjusted = welch(base.outcome(), candidate.outcome());
  if (!unadjusted) return std::nullopt;
  Cuped result{.theta = theta, .unadjusted = *unadjusted};
  // Measured from base's mean: one constant for both arms leaves the difference.
  result.adjusted =
      *welch(adjusted(base, theta, base.mean_x()), adjusted(candidate, theta, base.mean_x()));
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

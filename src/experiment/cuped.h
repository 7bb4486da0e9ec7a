// SPDX-License-Identifier: Apache-2.0
// CUPED: what customers spent before the experiment explains part of what they spend in it, and
// that part is taken out of the difference. The estimate stays unbiased; its variance falls to 1 −
// ρ². Sources: Deng, Xu, Kohavi & Walker, WSDM 2013; Lin, Annals of Applied Statistics 7 (2013).
//
//   θ = (Sxy_B + Sxy_C)/(Sxx_B + Sxx_C),  d' = (ȳ_C − ȳ_B) − θ(x̄_C − x̄_B),
//   variance of an arm's customer: (Syy − 2θ·Sxy + θ²·Sxx)/(n − 1).
//
// With one slope within the arms d' is the coefficient of least squares y ~ 1 + arm + x. The
// covariate must be fixed before assignment, or it takes the effect away with the noise. A customer
// without history gets the mean of those who have it (and may form a stratum of his own:
// post_stratification.h), the same in both arms.
#pragma once
#include <cstdint>
#include <optional>

#include "experiment/welch.h"

namespace experiment {

// One arm's outcomes y and covariates x: one-pass updates and merge of central sums (Chan, Golub &
// LeVeque 1979); accurate however far the means lie from zero, merge order changes the last digits
// only.
class PairedMoments {
 public:
  void add(double x, double y);
  void merge(const PairedMoments& other);
  [[nodiscard]] std::int64_t n() const { return n_; }
  [[nodiscard]] double mean_x() const { return mean_x_; }
  [[nodiscard]] double mean_y() const { return mean_y_; }
  [[nodiscard]] double sxx() const { return sxx_; }  // Σ(x − x̄)²,
  [[nodiscard]] double syy() const { return syy_; }
  [[nodiscard]] double sxy() const { return sxy_; }  // Σ(x − x̄)(y − ȳ).
  [[nodiscard]] SampleSummary outcome() const;       // n, mean and variance of y; no skew.

 private:
  std::int64_t n_ = 0;
  double mean_x_ = 0, mean_y_ = 0, sxx_ = 0, syy_ = 0, sxy_ = 0;
};

struct Cuped {
  double theta = 0;                // θ; 0 for a covariate that does not vary.
  Welch adjusted{};                // d', its error, degrees of freedom.
  Welch unadjusted{};              // The same without the covariate.
  double squared_correlation = 0;  // ρ² within the arms, pooled: what the covariate explains.
  double variance_ratio = 1;  // Adjusted by unadjusted variance, about 1 − ρ²: as many times the
                              // customers give the same error.
};

// Nothing below two customers in either arm.
std::optional<Cuped> cuped(const PairedMoments& base, const PairedMoments& candidate);

// With a given slope, such as one fixed before the start.
std::optional<Cuped> cuped_at(double theta, const PairedMoments& base,
                              const PairedMoments& candidate);

// Lin's adjustment: a slope in each arm, x measured from the mean of all. Never worse than no
// adjustment in large samples, also where the effect depends on x or the arms are unequal. The
// error is that of the two regressions' residuals, with n − 2 as divisor, and of the mean of all,
// (θ_C − θ_B)²·s_x²/N. Nothing below three customers in either arm.
std::optional<Welch> lin_adjusted(const PairedMoments& base, const PairedMoments& candidate);

}  // namespace experiment

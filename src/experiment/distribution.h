// SPDX-License-Identifier: Apache-2.0
// The distribution functions that design and analysis stand on. Pure and thread-safe.
//
// Degrees of freedom are real and above zero; infinity means the normal limit. Relative error is
// below 1e-13 unless said otherwise. Central functions: Boost.Math (incomplete beta and gamma). A
// probability outside (0, 1) given to a quantile gives an infinity at 0 and 1; anything else that
// is outside its domain is a bug of the caller and fails a CHECK.
#pragma once
#include <cstdint>

namespace experiment {

// Standard normal: P(Z ≤ x), P(Z > x), and the x with P(Z ≤ x) = p.
double normal_cdf(double x);
double normal_sf(double x);
double normal_quantile(double p);

// Student's t: P(T ≤ t), P(T > t) = ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0, and the quantile.
double student_cdf(double t, double dof);
double student_sf(double t, double dof);
double student_quantile(double p, double dof);

// P(X > x) for a χ² variable.
double chi_squared_sf(double x, double dof);

// P(T' > t) for the noncentral t: T' = (Z + noncentrality)/(χ_ν/√ν). Absolute error below 1e-12 for
// dof from 1 upwards. Computed as ∫ Φ(noncentrality − t·s) f(s) ds over the density f of s = χ_ν/√ν
// by Gauss–Legendre panels laid around the mode of f and the step of Φ; log f is centred at s = 1,
// so nothing cancels for large ν.
double noncentral_student_sf(double t, double dof, double noncentrality);

// Two-sided exact binomial p-value of k successes among n: the total probability of all outcomes no
// likelier than k (those within a relative 1e-7 of it count as equal). 0 ≤ k ≤ n, 0 < p < 1; takes
// O(n) time.
double binomial_two_sided_p(std::int64_t k, std::int64_t n, double p);

}  // namespace experiment

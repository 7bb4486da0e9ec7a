// SPDX-License-Identifier: Apache-2.0
// How likely chance alone goes at least this far.
#pragma once

namespace learn::detail {

// |Z| ≥ z for a standard normal Z.
double two_sided_normal_tail(double z);

// X ≥ x for a chi-squared X with so many degrees of freedom (> 0): the regularised incomplete gamma
// function by its series or its continued fraction (Abramowitz & Stegun 1964, 6.5.29 and 6.5.31).
// Relative error about 1e-12; 0 below 1e-300.
double chi_squared_tail(double x, double degrees);

// √n D ≥ x for Kolmogorov's limit distribution (Smirnov 1948): 2 Σ (−1)^(k−1) exp(−2 k² x²).
double kolmogorov_tail(double x);

}  // namespace learn::detail

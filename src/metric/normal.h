// SPDX-License-Identifier: Apache-2.0
// The standard normal distribution, for the intervals of this room and of `profit`. Pure and
// thread-safe.
#pragma once

namespace metric {

double normal_cdf(double x);  // P(Z ≤ x)
double normal_sf(double x);   // P(Z > x), without cancellation for large x.
// The x with P(Z ≤ x) = p, p in (0, 1); relative error below 1e-13 for p from 1e-300 (Acklam's
// approximation and one step of Halley's method on erfc).
double normal_quantile(double p);
// P(|Z| > |z|).
double two_sided_p(double z);

}  // namespace metric

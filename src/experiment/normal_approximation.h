// SPDX-License-Identifier: Apache-2.0
// The textbook normal approximation of the four-way solver: closed forms, real n. The exact solver
// starts from it, charts may use it, and it is the slow path's sanity check. The design must be
// valid (design.h, invalid_numbers).
//
//   n_B = (σ_B² + σ_C²/r)(z_{1−α/s} + z_{power})²/(effect − margin)²
//
// For two sides customers, effect and alpha count the near tail only (the far one adds below 1e-6);
// power counts both.
#pragma once
#include "experiment/design.h"

namespace experiment::normal_approximation {

double customers(const Design& design);                     // Real number of base customers.
double power(const Design& design, double base_customers);  // design.power is not read.
double effect(const Design& design,
              double base_customers);  // design.effect_per_customer is not read.
double alpha(const Design& design, double base_customers);  // design.alpha is not read.

}  // namespace experiment::normal_approximation

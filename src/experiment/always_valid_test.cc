// SPDX-License-Identifier: Apache-2.0
// Values and simulated error rates are checked in oracle_sequential_test.cc.
#include "experiment/always_valid.h"

#include <gtest/gtest.h>

#include <cmath>

namespace experiment {
namespace {

TEST(AlwaysValid, a_bound_is_where_the_e_value_reaches_its_limit) {
  for (const double alpha : {0.3, 0.05, 0.001}) {
    for (const double t : {10.0, 5000.0, 1e7}) {
      const double rho = tuned_rho(alpha, 11358);
      EXPECT_NEAR(log_e_two_sided(two_sided_half_width(alpha, t, rho), t, rho), -std::log(alpha),
                  1e-11);
      const double bound = one_sided_half_width(alpha, t, rho);
      EXPECT_NEAR(log_e_greater(bound, t, rho), -std::log(alpha), 1e-11);
      EXPECT_LE(bound, one_sided_half_width_bound(alpha, t, rho));
      EXPECT_EQ(log_e_less(-1.3, t, rho), log_e_greater(1.3, t, rho));
    }
  }
  // An estimate at the null gives E = 1/√q, below any limit.
  EXPECT_GT(one_sided_half_width(0.99, 100, 0.1), 0);
}

// The e-value averages to 1 under the null: ∫ E(z)φ(z)dz by trapezoids of 0.01 over ±600
// deviations, through both branches of ln Φ.
TEST(AlwaysValid, e_values_average_to_one_under_the_null) {
  for (const double rho : {0.003, 0.03, 0.3}) {
    double greater = 0, two_sided = 0;
    for (int i = -60000; i <= 60000; ++i) {
      const double z = i / 100.0;
      const double log_density = -z * z / 2 - 0.9189385332046727;  // ln √(2π).
      greater += 0.01 * std::exp(log_density + log_e_greater(z, 5000, rho));
      two_sided += 0.01 * std::exp(log_density + log_e_two_sided(z, 5000, rho));
    }
    EXPECT_NEAR(greater, 1, 1e-9) << rho;
    EXPECT_NEAR(two_sided, 1, 1e-9) << rho;
  }
}

TEST(AlwaysValid, is_smooth_where_the_tail_formula_begins) {
  // x = z·ρ√(t/q) passes −35 near z = −35 when tρ² is large.
  const double rho = 100, t = 1e6;
  EXPECT_NEAR(log_e_greater(-34.999999, t, rho), log_e_greater(-35.000001, t, rho), 1e-7);
  EXPECT_TRUE(std::isfinite(log_e_greater(-1e6, t, rho)));
  EXPECT_LT(log_e_greater(-1e6, t, rho), log_e_greater(-1e3, t, rho));
  EXPECT_EQ(always_valid_p(-5), 1);
}

}  // namespace
}  // namespace experiment

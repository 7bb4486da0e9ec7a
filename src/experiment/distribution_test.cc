// SPDX-License-Identifier: Apache-2.0
#include "experiment/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace experiment {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Distribution, student_quantile_inverts_the_distribution_function) {
  for (const double dof : {1.0, 1.5, 3.3, 30.0, 5000.0, 24577.0, 1e6, 1e12}) {
    for (const double p : {1e-12, 1e-3, 0.025, 0.2, 0.499, 0.6, 0.95}) {
      EXPECT_NEAR(student_cdf(student_quantile(p, dof), dof), p, 1e-13 * p) << dof << ' ' << p;
    }
  }
}

TEST(Distribution, student_becomes_normal_at_infinite_degrees_of_freedom) {
  EXPECT_EQ(student_sf(1.5, kInfinity), normal_sf(1.5));
  EXPECT_EQ(student_quantile(0.05, kInfinity), normal_quantile(0.05));
  EXPECT_EQ(noncentral_student_sf(1.5, kInfinity, 0.5), normal_cdf(-1));
}

TEST(Distribution, noncentral_student_without_noncentrality_is_student) {
  for (const double dof : {1.0, 1.3, 2.0, 2.7, 7.5, 23.9, 24.1, 71.0, 73.0, 1e3, 1e6, 1e9}) {
    for (const double t : {-40.0, -3.0, -0.1, 0.0, 0.5, 2.0, 30.0, 1e4}) {
      EXPECT_NEAR(noncentral_student_sf(t, dof, 0), student_sf(t, dof), 1e-12) << dof << ' ' << t;
    }
  }
}

// T' = (Z + λ)/s is mirrored by changing both signs.
TEST(Distribution, noncentral_student_is_mirrored_by_changing_both_signs) {
  for (const double dof : {1.0, 4.2, 40.0, 4e4}) {
    for (const double t : {0.3, 2.0, 9.0}) {
      for (const double lambda : {-3.0, 0.7, 5.0, 30.0}) {
        EXPECT_NEAR(noncentral_student_sf(t, dof, lambda) + noncentral_student_sf(-t, dof, -lambda),
                    1, 1e-12)
            << dof << ' ' << t << ' ' << lambda;
      }
    }
  }
}

// P(T' > t) for one degree of freedom: s = |N(0, 1)|, so with independent normals Z + λ > t·|W|. By
// symmetry of W for λ = 0 it is the Cauchy distribution; with t = 1 it is P(Z + λ > |W|) =
// Φ(λ/√2)².
TEST(Distribution, noncentral_student_of_one_degree_of_freedom_has_a_closed_form_at_one) {
  for (const double lambda : {-2.0, 0.0, 0.4, 1.0, 3.0}) {
    const double half = normal_cdf(lambda / std::sqrt(2.0));
    EXPECT_NEAR(noncentral_student_sf(1, 1, lambda), half * half, 1e-12) << lambda;
  }
}

TEST(Distribution, binomial_counts_every_outcome_at_the_centre) {
  EXPECT_NEAR(binomial_two_sided_p(5, 10, 0.5), 1, 1e-12);
  EXPECT_NEAR(binomial_two_sided_p(0, 10, 0.5), 2.0 / 1024, 1e-15);
  EXPECT_NEAR(binomial_two_sided_p(10, 10, 0.5), 2.0 / 1024, 1e-15);
}

}  // namespace
}  // namespace experiment

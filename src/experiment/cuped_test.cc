// SPDX-License-Identifier: Apache-2.0
#include "experiment/cuped.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "experiment/ratio_metric.h"

namespace experiment {
namespace {

struct Arms {
  PairedMoments base;
  PairedMoments candidate;
};

// History x of deviation 10, revenue y = 30 + 0.8·x + noise of deviation 6 (ρ² = 64/100), effect 1.
Arms sample(std::uint64_t seed, int customers) {
  base::Random random(seed);
  Arms arms;
  for (int i = 0; i < customers; ++i) {
    const double x = 10 * random.normal();
    const bool candidate = random.bernoulli(0.5);
    const double y = 30 + 0.8 * x + 6 * random.normal() + (candidate ? 1 : 0);
    (candidate ? arms.candidate : arms.base).add(x, y);
  }
  return arms;
}

// Seeds 1…2,000 with 400 customers. Variance 4·36/400 = 0.36 after, 4·100/400 = 1 before
// adjustment; the mean's error 0.6/√2000 = 0.0134; a variance's relative error √(2/2000) = 3.2 %.
TEST(Cuped, takes_out_what_history_explains) {
  Moments adjusted, plain, variances, lin;
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Arms arms = sample(seed, 400);
    const Cuped result = *cuped(arms.base, arms.candidate);
    adjusted.add(result.adjusted.difference);
    plain.add(result.unadjusted.difference);
    lin.add(lin_adjusted(arms.base, arms.candidate)->difference);
    variances.add(result.adjusted.standard_error * result.adjusted.standard_error);
    const Interval interval = result.adjusted.interval(0.05);
    covered += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(adjusted.mean(), 1, 4 * 0.0134);
  EXPECT_NEAR(lin.mean(), 1, 4 * 0.0134);
  EXPECT_NEAR(adjusted.summary().variance / 0.36, 1, 0.128);
  EXPECT_NEAR(plain.summary().variance, 1, 0.128);
  EXPECT_NEAR(variances.mean() / 0.36, 1, 0.02);
  EXPECT_NEAR(covered / 2000.0, 0.95, 4 * 0.0049);
}

TEST(Cuped, leaves_a_covariate_that_does_not_vary) {
  Arms arms;
  for (int i = 0; i < 10; ++i) {
    arms.base.add(3, i);
    arms.candidate.add(3, i % 4);
  }
  const Cuped result = *cuped(arms.base, arms.candidate);
  EXPECT_EQ(result.theta, 0);
  EXPECT_EQ(result.squared_correlation, 0);
  EXPECT_EQ(result.variance_ratio, 1);
  EXPECT_EQ(result.adjusted.difference, result.unadjusted.difference);
  EXPECT_DOUBLE_EQ(lin_adjusted(arms.base, arms.candidate)->difference,
                   result.unadjusted.difference);
}

TEST(Cuped, needs_two_customers_in_each_arm) {
  Arms arms;
  arms.base.add(1, 2);
  arms.candidate.add(1, 2);
  arms.candidate.add(2, 2);
  EXPECT_FALSE(cuped(arms.base, arms.candidate));
  EXPECT_FALSE(lin_adjusted(arms.base, arms.candidate));
  EXPECT_EQ(arms.base.outcome().variance, 0);
}

TEST(PairedMoments, merge_as_if_added_one_by_one_far_from_zero) {
  base::Random random(4);
  PairedMoments whole, left, right;
  for (int i = 0; i < 1000; ++i) {
    const double x = 1e9 + random.normal();
    const double y = -1e9 + x - 1e9 + random.normal();
    whole.add(x, y);
    (i < 300 ? left : right).add(x, y);
  }
  PairedMoments merged;
  merged.merge(left);
  merged.merge(right);
  merged.merge(PairedMoments());
  EXPECT_EQ(merged.n(), 1000);
  EXPECT_NEAR(merged.sxy(), whole.sxy(), 1e-3);
  EXPECT_NEAR(merged.sxx(), 1000, 4 * 45);  // χ² with 999 degrees has deviation 45.
  EXPECT_NEAR(merged.sxx(), whole.sxx(), 1e-3);
}

// Customers with 1 to 4 sessions whose revenue goes together (seeds 1…2,000, 300 customers an arm,
// no effect): 5 % are rejected at a two-sided 5 %, ± 4·.0049.
TEST(RatioMetric, keeps_the_customer_as_the_unit) {
  int rejected = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    base::Random random(seed);
    PairedMoments arms[2];
    for (int i = 0; i < 600; ++i) {
      const double own = 3 * random.normal();
      const auto sessions = static_cast<double>(1 + random.below(4));
      double revenue = 0;
      for (int k = 0; k < static_cast<int>(sessions); ++k) revenue += 10 + own + random.normal();
      arms[i % 2].add(sessions, revenue);
    }
    rejected += ratio_difference(arms[0], arms[1])->p_two_sided(0) < 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(rejected / 2000.0, 0.05, 4 * 0.0049);
}

TEST(RatioMetric, is_nothing_where_the_denominator_may_be_zero) {
  PairedMoments arm;
  EXPECT_FALSE(ratio_metric(arm));
  arm.add(0, 1);
  arm.add(1, 1);
  EXPECT_FALSE(ratio_metric(arm));  // Mean 0.5, error 0.5.
  EXPECT_FALSE(ratio_difference(arm, arm));
}

}  // namespace
}  // namespace experiment

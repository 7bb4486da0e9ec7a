// SPDX-License-Identifier: Apache-2.0
#include "experiment/welch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace experiment {
namespace {

SampleSummary sample(std::int64_t n, double mean, double deviation) {
  return {.n = n, .mean = mean, .variance = deviation * deviation, .deviation = deviation};
}

TEST(Welch, needs_two_customers_in_each_arm) {
  EXPECT_FALSE(welch(sample(1, 3, 0), sample(100, 3, 1)));
  EXPECT_FALSE(welch(sample(100, 3, 1), sample(0, 0, 0)));
}

TEST(Welch, bounds_and_p_values_tell_the_same_story) {
  const Welch test = *welch(sample(400, 10, 3), sample(900, 10.4, 5));
  for (const double alpha : {0.001, 0.025, 0.05, 0.3}) {
    EXPECT_NEAR(test.p_greater(test.lower(alpha)), alpha, 1e-12);
    EXPECT_NEAR(test.p_less(test.upper(alpha)), alpha, 1e-12);
    EXPECT_NEAR(test.p_two_sided(test.interval(alpha).low), alpha, 1e-12);
    EXPECT_LT(test.lower(alpha), test.difference);
  }
}

TEST(Welch, exchanging_the_arms_changes_the_sign_only) {
  const Welch there = *welch(sample(400, 10, 3), sample(900, 10.4, 5));
  const Welch back = *welch(sample(900, 10.4, 5), sample(400, 10, 3));
  EXPECT_EQ(there.lower(0.05), -back.upper(0.05));
  EXPECT_EQ(there.p_greater(0.2), back.p_less(-0.2));
}

TEST(Welch, decides_without_noise_where_nothing_varies) {
  const Welch test = *welch(sample(5, 1, 0), sample(5, 2, 0));
  EXPECT_EQ(test.lower(0.05), 1);
  EXPECT_EQ(test.upper(0.05), 1);
  EXPECT_EQ(test.p_greater(0), 0);
  EXPECT_EQ(test.p_greater(1), 0.5);
  EXPECT_EQ(test.p_greater(2), 1);
}

TEST(Welch, survives_variances_whose_squares_do_not_fit) {
  const Welch test = *welch(sample(10, 0, 1e-90), sample(10, 0, 1e-90));
  EXPECT_NEAR(test.dof, 18, 1e-9);
}

TEST(RelativeLift, plus_is_a_gain_even_when_the_base_loses_money) {
  const RelativeLift lift = *relative_lift(sample(1000, -2, 1), sample(1000, -1, 1), 0.05);
  EXPECT_NEAR(lift.lift, 0.5, 1e-15);
  EXPECT_LT(lift.delta.low, 0.5);
  EXPECT_GT(lift.delta.high, 0.5);
  EXPECT_LT(lift.fieller->low, 0.5);
  EXPECT_GT(lift.fieller->high, 0.5);
  const RelativeLift mirrored = *relative_lift(sample(1000, 2, 1), sample(1000, 3, 1), 0.05);
  EXPECT_NEAR(mirrored.lift, 0.5, 1e-15);
}

TEST(RelativeLift, is_not_given_where_the_base_may_be_zero) {
  EXPECT_FALSE(relative_lift(sample(100, 0.29, 1), sample(100, 5, 1), 0.05));
  EXPECT_TRUE(relative_lift(sample(100, 0.31, 1), sample(100, 5, 1), 0.05));
  EXPECT_FALSE(relative_lift(sample(100, 0, 0), sample(100, 5, 1), 0.05));
}

TEST(RelativeLift, has_no_interval_of_fieller_where_it_is_unbounded) {
  const auto lift = relative_lift(sample(100, 0.31, 1), sample(100, 5, 1), 0.0001);
  ASSERT_TRUE(lift);
  EXPECT_FALSE(lift->fieller);
}

}  // namespace
}  // namespace experiment

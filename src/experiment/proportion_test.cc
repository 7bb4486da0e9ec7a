// SPDX-License-Identifier: Apache-2.0
// With the oracle's h.proportion.
#include "experiment/proportion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"

namespace experiment {
namespace {

using oracle::Expected;

TEST(Proportion, agrees_with_the_oracle) {
  const auto result = proportion_difference({300, 5000}, {345, 5000}, 0.05);
  ASSERT_TRUE(result);
  Expected expected(oracle::check("h.proportion").at("outputs"));
  expected.is("diff", result->difference);
  expected.is("z_pooled", result->z);
  expected.is("p_pooled", result->p_two_sided);
  expected.is("z_unpooled", result->z_unpooled);
  expected.is("p_unpooled", 2 * normal_sf(result->z_unpooled));
  const auto& interval = expected.take("newcombe_ci95");
  EXPECT_NEAR(result->newcombe.low, interval.at(0).get<double>(), 1e-12);
  EXPECT_NEAR(result->newcombe.high, interval.at(1).get<double>(), 1e-12);
  EXPECT_NEAR(result->p_greater, result->p_two_sided / 2, 1e-15);
}

TEST(Proportion, needs_the_oracles_customers) {
  const auto result = proportion_customers(0.06, 0.066, 0.05, 0.8);
  ASSERT_TRUE(result);
  Expected expected(oracle::check("h.proportion.size").at("outputs"));
  expected.is("n_pooled", result->pooled);
  expected.is("n_unpooled", result->unpooled);
}

TEST(Proportion, stands_at_the_ends_and_refuses_beyond_them) {
  const auto none = proportion_difference({0, 10}, {0, 20}, 0.05);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->z, 0);
  EXPECT_EQ(none->p_two_sided, 1);
  EXPECT_LT(none->newcombe.low, 0);
  EXPECT_GT(none->newcombe.high, 0);
  const auto all = proportion_difference({0, 10}, {10, 10}, 0.05);
  EXPECT_TRUE(std::isinf(all->z_unpooled));
  EXPECT_LE(all->newcombe.high, 1);
  EXPECT_FALSE(proportion_difference({11, 10}, {0, 10}, 0.05));
  EXPECT_FALSE(proportion_difference({0, 0}, {0, 10}, 0.05));
  EXPECT_FALSE(proportion_difference({1, 10}, {1, 10}, 0));
  EXPECT_FALSE(proportion_customers(0.1, 0.1, 0.05, 0.8));
  EXPECT_FALSE(proportion_customers(0, 0.1, 0.05, 0.8));
  EXPECT_FALSE(proportion_customers(0.1, 0.2, 0.05, 0.04));
}

}  // namespace
}  // namespace experiment

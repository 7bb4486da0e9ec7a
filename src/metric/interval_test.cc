// SPDX-License-Identifier: Apache-2.0
#include "metric/interval.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metric/normal.h"

namespace metric {
namespace {

TEST(Normal, gives_tabled_values) {
  // Abramowitz & Stegun, table 26.1 and 26.5: Φ(1) = 0.8413447460685429,
  // Φ⁻¹(0.975) = 1.959963984540054, Φ⁻¹(0.995) = 2.575829303548901.
  EXPECT_NEAR(normal_cdf(1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.995), 2.575829303548901, 1e-14);
  EXPECT_NEAR(two_sided_p(-1.959963984540054), 0.05, 1e-15);
  EXPECT_EQ(normal_quantile(0.5), 0);
  for (const double p : {1e-300, 1e-20, 1e-4, 0.02, 0.3, 0.5, 0.8}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 1e-11) << p;
  }
  EXPECT_NEAR(normal_sf(10) / 7.619853024160527e-24, 1, 1e-12);
}

TEST(Wilson, gives_the_papers_interval) {
  // Newcombe 1998 (Statistics in Medicine 17), table I, method 3: 81/263 gives 0.2553 to 0.3662,
  // 15/148 gives 0.0624 to 0.1605, 0/20 gives 0 to 0.1611, 1/29 gives 0.0061 to 0.1718.
  const auto expect = [](std::int64_t k, std::int64_t n, double low, double high) {
    const Interval i = *wilson(k, n, 0.95);
    EXPECT_NEAR(i.low, low, 5e-5);
    EXPECT_NEAR(i.high, high, 5e-5);
    EXPECT_EQ(i.estimate, static_cast<double>(k) / static_cast<double>(n));
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
  EXPECT_EQ(wilson(20, 20, 0.95)->high, 1);
  EXPECT_FALSE(wilson(0, 0, 0.95));
}

TEST(Interval, refuses_a_confidence_that_is_none) {
  EXPECT_TRUE(check_confidence(0.95));
  for (const double level : {0.0, 1.0, 95.0, -1.0, std::nan("")})
    EXPECT_FALSE(check_confidence(level)) << level;
  EXPECT_NEAR(normal_interval(3, 2, 0.95).high, 3 + 2 * 1.959963984540054, 1e-12);
}

}  // namespace
}  // namespace metric

// SPDX-License-Identifier: Apache-2.0
#include "http/detail/rate_limit.h"

#include <gtest/gtest.h>

namespace http {
namespace {

using std::chrono::milliseconds;

TEST(RateLimit, gives_the_burst_then_the_rate) {
  RateLimit limit({.rate = 2, .burst = 3});
  const RateLimit::Clock::time_point start{};
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take("ann", start)) << i;
  EXPECT_EQ(limit.take("ann", start), 1);
  EXPECT_FALSE(limit.take("bob", start)) << "each has a bucket";
  EXPECT_TRUE(limit.take("ann", start + milliseconds(499)));
  EXPECT_FALSE(limit.take("ann", start + milliseconds(500)));
  EXPECT_TRUE(limit.take("ann", start + milliseconds(500)));
  // A long rest gives the burst again, not more.
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take("ann", start + std::chrono::hours(1))) << i;
  EXPECT_TRUE(limit.take("ann", start + std::chrono::hours(1)));
}

TEST(RateLimit, says_how_long_to_wait) {
  RateLimit limit({.rate = 0.1, .burst = 1});
  const RateLimit::Clock::time_point start{};
  EXPECT_FALSE(limit.take("ann", start));
  EXPECT_EQ(limit.take("ann", start), 10);
  EXPECT_EQ(limit.take("ann", start + std::chrono::seconds(7)), 3);
}

TEST(RateLimit, without_a_rate_never_refuses) {
  RateLimit limit({.rate = 0, .burst = 0});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.take("ann", {}));
}

TEST(RateLimit, forgets_full_buckets_first) {
  RateLimit limit({.rate = 1, .burst = 1, .max_keys = 3});
  const RateLimit::Clock::time_point start{};
  EXPECT_FALSE(limit.take("old", start));
  const auto later = start + std::chrono::seconds(5);
  EXPECT_FALSE(limit.take("ann", later));
  EXPECT_FALSE(limit.take("bob", later));
  EXPECT_FALSE(limit.take("new", later));
  EXPECT_TRUE(limit.take("ann", later)) << "those in debt are remembered";
}

}  // namespace
}  // namespace http

// SPDX-License-Identifier: Apache-2.0
#include "experiment/health.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"

namespace experiment {
namespace {

using Counts = std::array<std::int64_t, 2>;
using Weights = std::array<double, 2>;

TEST(SampleRatio, uses_the_configured_ratio) {
  EXPECT_FALSE(sample_ratio(Counts{95000, 5000}, Weights{95, 5}).alarm);
  EXPECT_TRUE(sample_ratio(Counts{95000, 5000}, Weights{1, 1}).alarm);
}

TEST(SampleRatio, of_nobody_is_no_alarm) {
  EXPECT_EQ(sample_ratio(Counts{0, 0}, Weights{1, 1}).p, 1);
  EXPECT_NEAR(sequential_sample_ratio(Counts{0, 0}, Weights{1, 2}).log_e, 0, 1e-12);
}

TEST(SampleRatio, few_customers_are_tested_exactly) {
  EXPECT_NEAR(sample_ratio(Counts{0, 10}, Weights{1, 1}).p, 2.0 / 1024, 1e-15);
  EXPECT_TRUE(sample_ratio(Counts{0, 12}, Weights{1, 1}).alarm);
}

TEST(SampleRatio, an_arm_of_no_weight_must_stay_empty) {
  EXPECT_FALSE(sample_ratio(Counts{5000, 0}, Weights{1, 0}).alarm);
  EXPECT_TRUE(sample_ratio(Counts{5000, 1}, Weights{1, 0}).alarm);
  EXPECT_TRUE(sequential_sample_ratio(Counts{5000, 1}, Weights{1, 0}).alarm);
}

TEST(SampleRatio, alarms_at_the_stated_imbalance) {
  const double difference = imbalance_limit(10000).difference;
  const auto half = static_cast<std::int64_t>(difference / 2);
  EXPECT_FALSE(sample_ratio(Counts{5000 - half, 5000 + half}, Weights{1, 1}).alarm);
  EXPECT_TRUE(sample_ratio(Counts{5000 - half - 1, 5000 + half + 1}, Weights{1, 1}).alarm);
}

// The e-value starts at 1 and is a martingale under the configured ratio: its mean over all next
// customers is itself.
TEST(SequentialSampleRatio, is_a_fair_game_under_the_configured_ratio) {
  const Weights weights{1, 3};
  for (const Counts counts :
       {Counts{0, 0}, Counts{3, 9}, Counts{500, 100}, Counts{123456, 370000}}) {
    const double now = sequential_sample_ratio(counts, weights).log_e;
    const double base = sequential_sample_ratio(Counts{counts[0] + 1, counts[1]}, weights).log_e;
    const double candidate =
        sequential_sample_ratio(Counts{counts[0], counts[1] + 1}, weights).log_e;
    EXPECT_NEAR(0.25 * std::exp(base - now) + 0.75 * std::exp(candidate - now), 1, 1e-10)
        << counts[0];
  }
}

// The same with a base and three candidates.
TEST(SequentialSampleRatio, is_a_fair_game_of_four_arms) {
  const std::array<double, 4> weights{1, 0.5, 0.5, 0.5};
  for (const std::array<std::int64_t, 4> counts :
       {std::array<std::int64_t, 4>{0, 0, 0, 0}, {7, 2, 3, 1}, {4000, 2100, 1900, 2000}}) {
    const double now = sequential_sample_ratio(counts, weights).log_e;
    double mean = 0;
    for (std::size_t arm = 0; arm < 4; ++arm) {
      auto next = counts;
      ++next.at(arm);
      mean += weights.at(arm) / 2.5 * std::exp(sequential_sample_ratio(next, weights).log_e - now);
    }
    EXPECT_NEAR(mean, 1, 1e-10) << counts[0];
  }
}

TEST(SampleRatio, sees_one_wrong_arm_among_several) {
  const std::array<double, 4> weights{1, 1, 1, 1};
  EXPECT_FALSE(sample_ratio(std::array<std::int64_t, 4>{10000, 10100, 9950, 9950}, weights).alarm);
  const SampleRatio wrong =
      sample_ratio(std::array<std::int64_t, 4>{10000, 10000, 10000, 10700}, weights);
  EXPECT_TRUE(wrong.alarm);
  EXPECT_EQ(wrong.dof, 3);
}

// Ville: over a whole run looked at after every customer, the alarm has at most 1 chance in 1,000.
// Seeds 1…2,000 with 3,000 customers each: expected at most 2; more than 9 has a probability below
// 1e-4.
TEST(SequentialSampleRatio, may_be_looked_at_after_every_customer) {
  int alarms = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    base::Random random(seed);
    Counts counts{0, 0};
    for (int i = 0; i < 3000; ++i) {
      ++counts[random.bernoulli(0.5) ? 1 : 0];
      if (i % 10 == 9 && sequential_sample_ratio(counts, Weights{1, 1}).alarm) {
        ++alarms;
        break;
      }
    }
  }
  EXPECT_LE(alarms, 9);
}

TEST(SequentialSampleRatio, finds_a_real_mismatch) {
  base::Random random(5);
  Counts counts{0, 0};
  std::int64_t customers = 0;
  while (!sequential_sample_ratio(counts, Weights{1, 1}).alarm && customers < 100000) {
    ++counts[random.bernoulli(0.55) ? 1 : 0];
    ++customers;
  }
  EXPECT_LT(customers, 10000);
}

}  // namespace
}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace experiment {
namespace {

using base::Cents;

std::vector<std::int64_t> amounts(std::uint64_t seed, std::size_t n) {
  base::Random random(seed);
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < n; ++i) {
    const auto magnitude = static_cast<std::int64_t>(std::exp(25 * random.uniform()));
    result.push_back(random.bernoulli(0.3) ? -magnitude : magnitude);
  }
  return result;
}

TEST(MoneyMoments, are_the_same_bits_in_any_order_and_grouping) {
  const std::vector<std::int64_t> values = amounts(7, 3000);
  MoneyMoments straight;
  for (const std::int64_t value : values) straight.add(Cents(value));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    base::Random random(seed);
    std::vector<MoneyMoments> shards(1 + random.below(9));
    std::vector<std::int64_t> shuffled = values;
    for (std::size_t i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1], shuffled[random.below(i)]);
    for (const std::int64_t value : shuffled) shards[random.below(shards.size())].add(Cents(value));
    MoneyMoments merged;
    while (!shards.empty()) {
      const std::size_t which = random.below(shards.size());
      merged.merge(shards[which]);
      shards.erase(shards.begin() + static_cast<std::ptrdiff_t>(which));
    }
    EXPECT_EQ(merged, straight);
    EXPECT_EQ(merged.summary().variance, straight.summary().variance);
    EXPECT_EQ(merged.summary().kurtosis, straight.summary().kurtosis);
  }
}

TEST(MoneyMoments, hold_the_largest_amounts_there_are) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  MoneyMoments moments;
  for (int i = 0; i < 1000; ++i) {
    moments.add(Cents(kMost));
    moments.add(Cents(kLeast));
  }
  const SampleSummary summary = moments.summary();
  EXPECT_EQ(moments.total(), Cents(-1000));
  EXPECT_DOUBLE_EQ(summary.mean, -0.005);
  EXPECT_NEAR(summary.deviation, 9.223372036854775807e16 * std::sqrt(2000.0 / 1999), 100);
  EXPECT_NEAR(summary.kurtosis, 1, 1e-15);
  EXPECT_NEAR(summary.skew, 0, 1e-15);
}

TEST(MoneyMoments, total_stops_at_the_end_of_its_range) {
  MoneyMoments moments;
  moments.add(Cents(std::numeric_limits<std::int64_t>::max()));
  moments.add(Cents(1));
  EXPECT_EQ(moments.total().value(), std::numeric_limits<std::int64_t>::max());
}

TEST(MoneyMoments, of_nobody_one_and_equals_are_zero_where_undefined) {
  MoneyMoments moments;
  EXPECT_EQ(moments.summary().n, 0);
  EXPECT_EQ(moments.summary().mean, 0);
  moments.add(Cents(-1234));
  EXPECT_EQ(moments.summary().mean, -12.34);
  EXPECT_EQ(moments.summary().variance, 0);
  moments.add(Cents(-1234));
  moments.add(Cents(-1234));
  EXPECT_EQ(moments.summary().variance, 0);
  EXPECT_EQ(moments.summary().skew, 0);
  EXPECT_EQ(moments.summary().kurtosis, 0);
}

TEST(Moments, agree_with_the_exact_ones) {
  const std::vector<std::int64_t> values = amounts(11, 5000);
  MoneyMoments exact;
  Moments whole;
  Moments left;
  Moments right;
  for (std::size_t i = 0; i < values.size(); ++i) {
    exact.add(Cents(values[i]));
    const double value = static_cast<double>(values[i]) / 100;
    whole.add(value);
    (i < 1234 ? left : right).add(value);
  }
  left.merge(right);
  for (const Moments& moments : {whole, left}) {
    const SampleSummary summary = moments.summary();
    const SampleSummary reference = exact.summary();
    EXPECT_EQ(summary.n, reference.n);
    EXPECT_NEAR(summary.mean, reference.mean, 1e-12 * std::fabs(reference.mean));
    EXPECT_NEAR(summary.variance, reference.variance, 1e-12 * reference.variance);
    EXPECT_NEAR(summary.skew, reference.skew, 1e-12 * std::fabs(reference.skew));
    EXPECT_NEAR(summary.kurtosis, reference.kurtosis, 1e-12 * reference.kurtosis);
  }
}

TEST(Moments, merging_nothing_changes_nothing) {
  Moments some;
  some.add(3);
  some.add(5);
  Moments copy = some;
  copy.merge({});
  EXPECT_EQ(copy.m2(), some.m2());
  Moments empty;
  empty.merge(some);
  EXPECT_EQ(empty.n(), 2);
  EXPECT_EQ(empty.mean(), 4);
}

}  // namespace
}  // namespace experiment

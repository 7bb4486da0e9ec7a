// SPDX-License-Identifier: Apache-2.0
#include "experiment/post_stratification.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"

namespace experiment {
namespace {

struct Sample {
  std::array<ArmSummaries, 2> strata{};
  ArmSummaries all{};
};

// Two kinds of customers, 30 % of mean 50 and 70 % of mean 10, deviation 5, and an effect of 1 and
// 2.
Sample sample(std::uint64_t seed, int customers) {
  base::Random random(seed);
  std::array<std::array<Moments, 2>, 3> moments;
  for (int i = 0; i < customers; ++i) {
    const std::size_t kind = random.bernoulli(0.3) ? 0 : 1;
    const std::size_t arm = random.bernoulli(0.5) ? 1 : 0;
    const double mean = kind == 0 ? 50 : 10;
    const double effect = arm == 0 ? 0 : kind == 0 ? 1 : 2;
    const double value = mean + effect + 5 * random.normal();
    moments[kind][arm].add(value);
    moments[2][arm].add(value);
  }
  const auto pair = [&](std::size_t i) {
    return ArmSummaries{moments.at(i)[0].summary(), moments.at(i)[1].summary()};
  };
  return {{pair(0), pair(1)}, pair(2)};
}

// Seeds 1…2,000, 1,000 customers each. Truth 0.3·1 + 0.7·2 = 1.7. V·N = 4·25 + (0.3·1 + 0.7·4 −
// 1.7²) = 100.21, so the mean of Δ̂ has error 0.317/√2000 = 0.0071; V̂'s mean 1 %, Δ̂'s variance
// 4·3.2 %, coverage .95 ± 4·.0049. The plain difference's variance·N is 4·(25 + 0.21·40²) ≈ 1,450.
TEST(PostStratification, removes_what_differs_between_the_strata) {
  Moments effects, variances, plain;
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Sample each = sample(seed, 1000);
    const PostStratified result = *post_stratified(each.strata, 1000);
    effects.add(result.total.difference);
    variances.add(result.total.standard_error * result.total.standard_error);
    plain.add(each.all.candidate.mean - each.all.base.mean);
    const Interval interval = result.total.interval(0.05);
    covered += interval.low <= 1.7 && 1.7 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(effects.mean(), 1.7, 4 * 0.0071);
  EXPECT_NEAR(effects.summary().variance / 0.10021, 1, 0.128);
  EXPECT_NEAR(variances.mean() / 0.10021, 1, 0.012);
  EXPECT_NEAR(covered / 2000.0, 0.95, 4 * 0.0049);
  EXPECT_NEAR(effects.summary().variance / plain.summary().variance, 100.0 / 1430, 0.2 * 0.07);
}

TEST(PostStratification, is_welch_in_a_single_stratum) {
  const Sample each = sample(9, 300);
  const PostStratified result = *post_stratified(std::array{each.all}, each.all.n());
  const Welch plain = *welch(each.all.base, each.all.candidate);
  EXPECT_DOUBLE_EQ(result.total.difference, plain.difference);
  EXPECT_DOUBLE_EQ(result.total.standard_error, plain.standard_error);
  EXPECT_NEAR(result.total.dof, plain.dof, 1e-9 * plain.dof);
  EXPECT_EQ(result.between, 0);
}

TEST(PostStratification, leaves_out_an_empty_stratum_and_refuses_a_thin_one) {
  const Sample each = sample(9, 300);
  const ArmSummaries empty;
  const auto with = post_stratified(std::array{each.strata[0], empty, each.strata[1]}, 300);
  ASSERT_TRUE(with);
  EXPECT_EQ(with->total.standard_error, post_stratified(each.strata, 300)->total.standard_error);
  EXPECT_FALSE(with->strata[1].effect);
  ArmSummaries thin = each.strata[0];
  thin.base.n = 1;
  EXPECT_FALSE(post_stratified(std::array{thin}, 300));
  EXPECT_FALSE(post_stratified(each.strata, 299));  // More customers in the strata than in all.
  EXPECT_FALSE(post_stratified({}, 1));
}

}  // namespace
}  // namespace experiment

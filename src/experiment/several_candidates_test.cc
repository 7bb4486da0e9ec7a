// SPDX-License-Identifier: Apache-2.0
// With the oracle's section "multiple".
#include "experiment/several_candidates.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"
#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"
#include "experiment/post_stratification.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;
using Numbers = std::vector<double>;

void near_all(const Json& expected, const Numbers& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected.at(i).get<double>(), 1e-14) << i;
  }
}

void adjusted(const Json& inputs, const Json& outputs) {
  const Numbers p = inputs.at("p");
  Expected expected(outputs);
  near_all(expected.take("bonferroni"), bonferroni_adjusted(p));
  near_all(expected.take("holm"), holm_adjusted(p));
  near_all(expected.take("hommel"), hommel_adjusted(p));
  near_all(expected.take("fdr_bh"), benjamini_hochberg_adjusted(p));
  expected.set_aside("fdr_by", "for any dependence; we have no use for it");
}

void dunnett(const Json& inputs, const Json& outputs) {
  const double correlation = inputs.at("corr");
  Expected expected(outputs);
  for (int k = 1; k <= 5; ++k) {
    expected.is("K=" + std::to_string(k),
                *dunnett_critical_value(k, inputs.at("alpha_one_sided"), 1 / correlation - 1));
  }
}

const oracle::Handlers& handlers() {
  static const oracle::Handlers all = {{"mt.adjusted", adjusted}, {"mt.dunnett", dunnett}};
  return all;
}

class MultipleOracle : public testing::TestWithParam<std::string> {};
TEST_P(MultipleOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, MultipleOracle, testing::ValuesIn(oracle::ids({"multiple"})),
                         oracle::test_name);

// Seeds 1…40,000: K = 4 differences that share a base twice as large as each candidate (√K); 5 % of
// the largest exceed the value, ± 4·.0011.
TEST(Dunnett, keeps_the_family_error_with_a_larger_base) {
  const double critical = *dunnett_critical_value(4, 0.05, best_base_to_candidate(4));
  int exceeded = 0;
  for (std::uint64_t seed = 1; seed <= 40000; ++seed) {
    base::Random random(seed);
    const double base = random.normal() * std::sqrt(0.5);
    double largest = -100;
    for (int k = 0; k < 4; ++k) largest = std::max(largest, random.normal() - base);
    exceeded += largest / std::sqrt(1.5) > critical ? 1 : 0;
  }
  EXPECT_NEAR(exceeded / 40000.0, 0.05, 4 * 0.0011);
}

TEST(Dunnett, gives_alpha_back_from_its_value) {
  for (const int candidates : {1, 2, 7}) {
    for (const double alpha : {0.001, 0.05, 0.3}) {
      const double z = *dunnett_critical_value(candidates, alpha, 1.7);
      EXPECT_NEAR(*dunnett_family_alpha(candidates, z, 1.7), alpha, 1e-11);
    }
  }
  EXPECT_FALSE(dunnett_family_alpha(0, 1));
}

// Nearly independent differences: Šidák's value. Nearly the same difference: a single test's.
TEST(Dunnett, has_the_limits_of_independence_and_identity) {
  const double sidak = -normal_quantile(1 - std::pow(0.95, 1.0 / 50));
  EXPECT_NEAR(*dunnett_critical_value(50, 0.05, 1000), sidak, 2e-3);
  EXPECT_LT(*dunnett_critical_value(50, 0.05, 1000), sidak);
  EXPECT_NEAR(*dunnett_critical_value(2, 0.05, 0.001), 1.6448536269514726, 0.04);
  EXPECT_LT(*dunnett_critical_value(1000, 0.05), -normal_quantile(0.05 / 1000));
  EXPECT_FALSE(dunnett_critical_value(0, 0.05));
  EXPECT_FALSE(dunnett_critical_value(1001, 0.05));
  EXPECT_FALSE(dunnett_critical_value(2, 0.5));
  EXPECT_FALSE(dunnett_critical_value(2, 0.05, 0));
  EXPECT_FALSE(dunnett_critical_value(2, 0.05, std::nan("")));
}

// Two tests of 0.03 and 0.04: Hommel's and Benjamini–Hochberg's give the larger to both (Simes),
// Holm's doubles the smaller.
TEST(Adjusted, by_hand) {
  EXPECT_EQ(hommel_adjusted(Numbers{0.04, 0.03}), (Numbers{0.04, 0.04}));
  EXPECT_EQ(holm_adjusted(Numbers{0.04, 0.03}), (Numbers{0.06, 0.06}));
  EXPECT_EQ(benjamini_hochberg_adjusted(Numbers{0.04, 0.03}), (Numbers{0.04, 0.04}));
  EXPECT_TRUE(hommel_adjusted(Numbers{}).empty());
  EXPECT_EQ(hommel_adjusted(Numbers{0.2}), Numbers{0.2});
}

const Numbers kFifths(5, 0.2);

// Four candidates, each turning base's decision for a fifth of the customers; base offers to 30 %,
// an offer is worth 3.5 $ of about 20 ± 15. Truth for each: 0.2·(0.7 − 0.3)·3.5 = 0.28.
struct Runs {
  Moments pooled, two_arms, variances;
  double covered = 0;
};
Runs simulate(int runs, int customers) {
  Runs result;
  for (int run = 0; run < runs; ++run) {
    base::Random random(7000 + static_cast<std::uint64_t>(run));
    PooledCandidate first(kFifths, 0);
    std::array<MoneyMoments, 2> arms;
    std::vector<bool> offers(5);
    for (int i = 0; i < customers; ++i) {
      offers[0] = random.bernoulli(0.3);
      for (std::size_t k = 1; k < 5; ++k) offers[k] = offers[0] != random.bernoulli(0.2);
      const std::size_t assigned = random.below(5);
      const double revenue = 20 + 15 * random.normal() + (offers[assigned] ? 3.5 : 0);
      const base::Cents cents(std::llround(revenue * 100));
      first.add(offers, assigned, cents);
      if (offers[0] != offers[1] && assigned < 2) arms.at(assigned).add(cents);
    }
    const DisagreementEstimate estimate = *first.estimate();
    result.pooled.add(estimate.effect);
    result.variances.add(estimate.standard_error * estimate.standard_error);
    const Welch triggered = *welch(arms[0].summary(), arms[1].summary());
    result.two_arms.add(triggered.difference * static_cast<double>(first.disagreeing()) /
                        customers);
    const Interval interval = estimate.interval(0.05);
    const double truth = 0.2 * 0.4 * 3.5;  // Adds for 70 % of a fifth, removes for 30 %.
    result.covered += interval.low <= truth && truth <= interval.high ? 1.0 / runs : 0;
  }
  return result;
}

// Seeds 7000…7999, 3,000 customers. The pooled variance by the two-arm one: with m ~ Bin(3, .2) of
// the other candidates deciding like the first, E[1/(1+m)] + E[1/(4−m)] = .738 + .312 against 2:
// .525 (m.multi_candidate: .537 in a like model). Relative errors of variances 4.5 %; V·N is about
// 0.2·225·5·1.05 = 236, so the mean's error is 0.28/√1000 = 0.0089.
TEST(PooledCandidate, halves_the_variance) {
  const Runs runs = simulate(1000, 3000);
  EXPECT_NEAR(runs.pooled.mean(), 0.28, 4 * 0.0089);
  EXPECT_NEAR(runs.pooled.summary().variance / runs.two_arms.summary().variance, 0.525, 0.1);
  EXPECT_NEAR(runs.variances.mean() / runs.pooled.summary().variance, 1, 0.18);
  EXPECT_NEAR(runs.covered, 0.95, 4 * 0.0069);
}

// The oracle's own simulation: K = 4, a fifth disagreeing with base, 2,000 runs; within 4 errors.
TEST(PooledCandidate, agrees_with_the_oracles_simulation) {
  const Json& outputs = oracle::check("m.multi_candidate").at("outputs");
  for (const char* truth : {"effect", "null"}) {
    const Json& pooled = outputs.at(truth).at("pooled_all_arms");
    EXPECT_NEAR(pooled.at("bias").get<double>(), 0, 4 * pooled.at("bias_mc_se").get<double>());
    EXPECT_NEAR(pooled.at("cover95").get<double>(), 0.95, 4 * 0.0049);
  }
  EXPECT_NEAR(outputs.at("variance_ratio_pooled_over_triggered").get<double>(), 0.525,
              4 * 0.525 * 0.045);
}

// With a single candidate it is the estimator of disagreement.h, but for n against n − 1.
TEST(PooledCandidate, is_the_two_arm_estimator_for_one_candidate) {
  base::Random random(2);
  PooledCandidate pooled({0.5, 0.5}, 0);
  std::array<MoneyMoments, 2> arms;
  for (int i = 0; i < 4000; ++i) {
    const bool b = random.bernoulli(0.5);
    const bool c = b != random.bernoulli(0.2);
    const std::size_t arm = random.below(2);
    const base::Cents revenue(std::llround(2000 + 1500 * random.normal()));
    pooled.add({b, c}, arm, revenue);
    if (b != c) arms.at(arm).add(revenue);
  }
  const auto expected =
      *post_stratified(std::array{ArmSummaries{arms[0].summary(), arms[1].summary()}}, 4000);
  EXPECT_NEAR(pooled.estimate()->effect, expected.total.difference, 1e-12);
  // 1/e is 2 for each, but the arms are not quite even: n_B·n_C by (n_D/2)².
  EXPECT_NEAR(pooled.estimate()->standard_error, expected.total.standard_error,
              0.01 * expected.total.standard_error);
}

TEST(PooledCandidate, merges_to_the_same_bits) {
  base::Random random(6);
  PooledCandidate whole(kFifths, 2), left(kFifths, 2), right(kFifths, 2);
  for (int i = 0; i < 2000; ++i) {
    std::vector<bool> offers(5);
    for (std::size_t k = 0; k < 5; ++k) offers[k] = random.bernoulli(0.5);
    const std::size_t assigned = random.below(5);
    const base::Cents revenue(static_cast<std::int64_t>(random.below(5000)));
    whole.add(offers, assigned, revenue);
    (i % 3 == 0 ? left : right).add(offers, assigned, revenue);
  }
  EXPECT_FALSE(PooledCandidate(kFifths, 2).estimate());
  right.merge(left);
  EXPECT_EQ(right.customers(), 2000);
  EXPECT_EQ(right.estimate()->effect, whole.estimate()->effect);
  EXPECT_EQ(right.estimate()->standard_error, whole.estimate()->standard_error);
}

TEST(PooledCandidate, forgets_whom_it_removes) {
  base::Random random(8);
  PooledCandidate kept(kFifths, 1), both(kFifths, 1);
  for (int i = 0; i < 300; ++i) {
    std::vector<bool> offers(5);
    for (std::size_t k = 0; k < 5; ++k) offers[k] = random.bernoulli(0.5);
    const std::size_t assigned = random.below(5);
    const base::Cents revenue(static_cast<std::int64_t>(random.below(5000)));
    both.add(offers, assigned, revenue);
    if (i % 50 == 0) {
      kept.add(offers, assigned, revenue);
    } else {
      both.remove(offers, assigned, revenue);
    }
  }
  EXPECT_EQ(both, kept);
}

// The two parts of V̂, the bounds that invert the test, and Satterthwaite's ν.
TEST(PooledCandidate, estimates_as_disagreement_does) {
  base::Random random(9);
  PooledCandidate pooled({0.5, 0.5}, 0);
  DisagreementMoments moments;
  for (int i = 0; i < 3000; ++i) {
    const bool b = random.bernoulli(0.5);
    const bool c = b != random.bernoulli(0.3);
    const auto arm = static_cast<std::size_t>(i % 2);
    const base::Cents revenue(
        std::llround(2000 + 1500 * random.normal() + (c && arm == 1 ? 300 : 0)));
    pooled.add({b, c}, arm, revenue);
    moments.add(static_cast<Arm>(arm), b, c, revenue);
  }
  const DisagreementEstimate got = *pooled.estimate();
  const DisagreementEstimate expected = *estimate_by_disagreement(moments.rows());
  EXPECT_EQ(got.disagreeing, expected.disagreeing);
  EXPECT_EQ(got.share, expected.share);
  EXPECT_NEAR(got.effect, expected.effect, 1e-12);
  EXPECT_NEAR(got.deviation / expected.deviation, 1, 1e-3);
  EXPECT_NEAR(got.between / expected.between, 1, 1e-9);
  EXPECT_NEAR(got.standard_error / expected.standard_error, 1, 5e-3);
  EXPECT_NEAR(got.among.dof / expected.among.dof, 1, 5e-3);
  EXPECT_NEAR(got.lower(0.05), expected.lower(0.05), 0.01);
  EXPECT_NEAR(got.standard_error * got.standard_error, got.within + got.between, 1e-15);
}

}  // namespace
}  // namespace experiment

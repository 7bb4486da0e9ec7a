// SPDX-License-Identifier: Apache-2.0
#include "experiment/operating_characteristics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "experiment/distribution.h"
#include "experiment/verdict.h"

namespace experiment {
namespace {

TEST(OperatingCharacteristics, keep_the_two_promises) {
  const Design design{.effect_per_customer = 0.7, .deviation = 15};
  const auto table = operating_characteristics(design, {5679, 5679});
  ASSERT_EQ(table.size(), 5U);
  EXPECT_NEAR(table[0].better, 0.05, 1e-12);  // At Δ = margin: alpha.
  EXPECT_NEAR(table[2].better, exact_power(design, {5679, 5679}), 1e-12);
  EXPECT_NEAR(table[2].proven, 0.05, 1e-12);  // At Δ = effect.
  EXPECT_NEAR(table[2].effect_excluded, 0.05, 1e-12);
}

// Every verdict is one of: better, worse, not better by the effect, inconclusive.
TEST(OperatingCharacteristics, of_the_four_verdicts_sum_to_one) {
  for (const double dof : {2.0, 5.0, 30.0, 1e4, std::numeric_limits<double>::infinity()}) {
    for (const double span : {0.3, 1.0, 2.5, 3.3, 5.0, 12.0}) {
      for (const double to_margin : {-3.0, 0.0, 0.4, 1.2, 3.0, 8.0}) {
        const OutcomeChances chances = outcome_chances(0.05, dof, to_margin, to_margin - span);
        EXPECT_NEAR(
            chances.better + chances.worse + chances.not_better_by_effect + chances.inconclusive, 1,
            1e-11)
            << dof << ' ' << span << ' ' << to_margin;
        EXPECT_LE(chances.proven, chances.effect_reached + 1e-12);
        EXPECT_LE(chances.effect_reached, chances.better + 1e-12);
        EXPECT_LE(chances.worse, chances.effect_excluded + 1e-12);
      }
    }
  }
}

TEST(OperatingCharacteristics, a_decisive_design_is_never_inconclusive) {
  const Design design{.power = 0.96, .effect_per_customer = 0.7, .deviation = 15};
  const std::int64_t n = solve_customers(design).value();
  for (const OutcomeChances& chances : operating_characteristics(design, {n, n}))
    EXPECT_LT(chances.inconclusive, 1e-3);
}

// Small arms, so that the estimated deviation matters: 40,000 experiments of 12 + 8 customers,
// seed 3. A share has a standard error of at most 0.0025; the margin is four of them.
TEST(OperatingCharacteristics, agree_with_simulated_verdicts) {
  const Design design{
      .power = 0.6, .effect_per_customer = 1, .margin = 0.1, .deviation = 1, .ratio = 8.0 / 12};
  const double truth = 0.5;
  constexpr int kRuns = 40000;
  const double t = -student_quantile(design.alpha, 18);
  base::Random random(3);
  OutcomeChances seen;
  for (int run = 0; run < kRuns; ++run) {
    Moments base_arm;
    Moments candidate_arm;
    for (int i = 0; i < 12; ++i) base_arm.add(random.normal());
    for (int i = 0; i < 8; ++i) candidate_arm.add(truth + random.normal());
    const double error =
        std::sqrt((base_arm.m2() + candidate_arm.m2()) / 18 * (1.0 / 12 + 1.0 / 8));
    const double d = candidate_arm.mean() - base_arm.mean();
    const double lower = d - t * error;
    const double upper = d + t * error;
    const bool better = lower > design.margin;
    const bool excluded = upper < design.effect_per_customer;
    const bool worse = upper < design.margin;
    seen.better += better;
    seen.proven += lower > design.effect_per_customer;
    seen.effect_reached += better && d >= design.effect_per_customer;
    seen.effect_excluded += excluded;
    seen.worse += worse;
    seen.not_better_by_effect += excluded && !better && !worse;
    seen.inconclusive += !better && !excluded;
  }
  const OutcomeChances expected = outcome_chances(design, {12, 8}, truth);
  EXPECT_NEAR(seen.better / kRuns, expected.better, 0.01);
  EXPECT_NEAR(seen.proven / kRuns, expected.proven, 0.01);
  EXPECT_NEAR(seen.effect_reached / kRuns, expected.effect_reached, 0.01);
  EXPECT_NEAR(seen.effect_excluded / kRuns, expected.effect_excluded, 0.01);
  EXPECT_NEAR(seen.worse / kRuns, expected.worse, 0.01);
  EXPECT_NEAR(seen.not_better_by_effect / kRuns, expected.not_better_by_effect, 0.01);
  EXPECT_NEAR(seen.inconclusive / kRuns, expected.inconclusive, 0.01);
}

}  // namespace
}  // namespace experiment

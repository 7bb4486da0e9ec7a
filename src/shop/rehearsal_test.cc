// SPDX-License-Identifier: Apache-2.0
// The platform's promise, kept on money that looks like a shop's: zero-inflated, skewed, in cents.
// bench/verdict shows the same over 1,000 runs each.
#include "shop/rehearsal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace shop;

constexpr std::int64_t kRuns = 200;
constexpr double kConfidence = 0.999;

Decider ideal() {
  return
      [threshold = 1 / profitability({})](const Customer& c) { return c.probability > threshold; };
}

// The exercise's experiment: 0.7 $ at sd 15 $, 5,679 customers an arm, one-sided 5 %, power 80 %.
Rehearsal exercise(double true_effect) {
  const Reach base = reach_of_base();
  const Reach best = reach_of_ideal({});
  const Money scaled = with_effect({}, base, best, true_effect).value();
  return {.plan = {.design = {.effect_per_customer = 0.7, .deviation = 15},
                   .customers = 5679,
                   .skew = {},
                   .customers_per_day = {},
                   .longest_days = {}},
          .money = with_deviation(scaled, base, best, 15).value(),
          .base = [](const Customer& c) { return base_shows(c.age, c.man); },
          .candidate = ideal(),
          .seed = 20190101};
}

TEST(Rehearsal, ends_in_a_verdict_over_all_who_came) {
  const Rehearsal rehearsal = exercise(0.7);
  const experiment::Verdict verdict = rehearse(rehearsal).value();
  ASSERT_TRUE(verdict.figures);
  EXPECT_GE(verdict.base.n, 5679);
  EXPECT_GE(verdict.candidate.n, 5679);
  EXPECT_EQ(std::min(verdict.base.n, verdict.candidate.n), 5679);
  EXPECT_NEAR(verdict.base.deviation, 15, 1);
  const experiment::Verdict again = rehearse(rehearsal).value();
  EXPECT_EQ(verdict.figures->welch.difference, again.figures->welch.difference);
  EXPECT_EQ(verdict.word, again.word);
}

// Centre α = 0.05, 200 runs: 2 to 22 at 99.9 %. Centre of the exclusion of the effect: the power,
// 0.80.
TEST(Rehearsal, calls_better_what_is_not_no_more_often_than_alpha) {
  const Verdicts v = rehearse_often(exercise(0), kRuns).value();
  EXPECT_EQ(v.runs, kRuns);
  EXPECT_TRUE(binomial_interval(kRuns, 0.05, kConfidence).holds(v.better)) << v.better;
  EXPECT_TRUE(binomial_interval(kRuns, 0.80, kConfidence).holds(v.effect_excluded))
      << v.effect_excluded;
  EXPECT_TRUE(binomial_interval(kRuns, 0.05, kConfidence).holds(v.worse)) << v.worse;
  EXPECT_NEAR(v.mean_estimate, 0, 5 * 15 * std::sqrt(2.0 / 5679 / kRuns));
  EXPECT_LE(v.no_verdict, binomial_interval(kRuns, 0.001, kConfidence).high);
}

TEST(Rehearsal, finds_the_effect_with_the_promised_power) {
  const Verdicts v = rehearse_often(exercise(0.7), kRuns).value();
  EXPECT_TRUE(binomial_interval(kRuns, 0.80, kConfidence).holds(v.better)) << v.better;
  EXPECT_TRUE(binomial_interval(kRuns, 0.05, kConfidence).holds(v.proven)) << v.proven;
  EXPECT_TRUE(binomial_interval(kRuns, 0.05, kConfidence).holds(v.effect_excluded))
      << v.effect_excluded;
  EXPECT_EQ(v.worse, 0);
  EXPECT_NEAR(v.mean_estimate, 0.7, 5 * 15 * std::sqrt(2.0 / 5679 / kRuns));
  EXPECT_NEAR(v.mean_deviation, 15, 0.1);
}

// Two copies of one system: nobody is decided differently, whatever the money.
TEST(Rehearsal, sees_no_difference_between_a_system_and_itself) {
  Rehearsal same = exercise(0.7);
  same.base = same.candidate;
  const Verdicts v = rehearse_often(same, 50).value();
  EXPECT_TRUE(binomial_interval(50, 0.05, kConfidence).holds(v.better)) << v.better;
}

TEST(Rehearsal, refuses_money_and_plans_that_are_none) {
  Rehearsal wrong = exercise(0.7);
  wrong.money.price = -1;
  EXPECT_FALSE(rehearse(wrong));
  wrong = exercise(0.7);
  wrong.plan.design.alpha = 2;
  wrong.plan.customers = 10;
  EXPECT_FALSE(rehearse(wrong));
}

// Oracle: the acceptance regions published for A/A calibration, exact binomial tails.
TEST(BinomialInterval, agrees_with_published_regions) {
  const auto expect = [](std::int64_t runs, double p, std::int64_t low, std::int64_t high) {
    const CountInterval interval = binomial_interval(runs, p, 0.999);
    EXPECT_EQ(interval.low, low);
    EXPECT_EQ(interval.high, high);
  };
  expect(1000, 0.05, 29, 74);
  expect(10'000, 0.05, 430, 573);
  expect(10'000, 0.025, 200, 303);
}

TEST(BinomialInterval, is_a_point_where_there_is_no_chance) {
  EXPECT_EQ(binomial_interval(100, 0, 0.999).high, 0);
  EXPECT_EQ(binomial_interval(100, 1, 0.999).low, 100);
}

}  // namespace

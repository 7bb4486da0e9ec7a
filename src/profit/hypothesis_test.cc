// SPDX-License-Identifier: Apache-2.0
#include "profit/hypothesis.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "profit/economics.h"

namespace profit {
namespace {

using metric::Confusion;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<Confusion> any_models(base::Random& random) {
  std::vector<Confusion> models;
  for (int i = 0; i < 30; ++i) {
    const auto tp = static_cast<std::int64_t>(random.below(101));
    const auto fp = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(tp * 9) + 1));
    models.push_back({.tp = tp, .fp = fp, .tn = 900 - fp, .fn = 100 - tp});
  }
  models.push_back(metric::always(100, 900));
  models.push_back(metric::never(100, 900));
  models.push_back(models[3]);  // A duplicate.
  return models;
}

// By the midpoint rule over the quantiles of the belief, which shares nothing with the integrals.
// Its own error is a few 1e-6, where the quantile of a triangle has a vertical tangent.
struct Expected {
  std::vector<double> best, rap;
  double perfect = 0;
};

template <class Quantile>
Expected by_quantiles(const std::vector<Confusion>& models, Quantile quantile) {
  constexpr int kPoints = 20'000;
  Expected sum{std::vector<double>(models.size()), std::vector<double>(models.size())};
  for (int i = 0; i < kPoints; ++i) {
    const double q = quantile((i + 0.5) / kPoints);
    std::vector<double> rap;
    for (const Confusion& c : models) rap.push_back(*relative_achieved_profit(c, q));
    const double best = *std::max_element(rap.begin(), rap.end());
    for (std::size_t m = 0; m < models.size(); ++m) {
      sum.rap[m] += rap[m] / kPoints;
      if (rap[m] > best - 1e-12) sum.best[m] += 1.0 / kPoints;
    }
    sum.perfect += best / kPoints;
  }
  return sum;
}

template <class Quantile>
void expect_integrals(const Belief& belief, Quantile quantile) {
  base::Random random(1);
  for (int round = 0; round < 3; ++round) {
    const auto models = any_models(random);
    const Prospects p = *prospects(models, belief);
    const Expected e = by_quantiles(models, quantile);
    EXPECT_NEAR(p.perfect_choice_rap, e.perfect, 1e-5);
    for (std::size_t m = 0; m < models.size(); ++m) {
      EXPECT_NEAR(p.models[m].probability_best, e.best[m], 2e-4) << m;
      EXPECT_NEAR(p.models[m].expected_rap, e.rap[m], 1e-5) << m;
      EXPECT_NEAR(p.models[m].expected_regret, e.perfect - e.rap[m], 1e-5) << m;
      EXPECT_LE(p.models[m].expected_regret, p.models[m].worst_regret + 1e-12);
    }
  }
}

double triangular_quantile(double a, double m, double b, double u) {
  const double peak = (m - a) / (b - a);
  return u < peak ? a + std::sqrt(u * (b - a) * (m - a))
                  : b - std::sqrt((1 - u) * (b - a) * (b - m));
}

TEST(Hypothesis, integrates_uniform_and_triangular_beliefs) {
  expect_integrals(*uniform_q({4, 25}), [](double u) { return 4 + 21 * u; });
  for (const double mode : {3.0, 8.0, 30.0}) {
    expect_integrals(*triangular_q(3, mode, 30),
                     [&](double u) { return triangular_quantile(3, mode, 30, u); });
  }
  // Given the middle: from the quantile of 6 to that of 20.
  const Belief middle = *given(*triangular_q(3, 8, 30), {6, 20});
  const double low = 9.0 / (27 * 5), high = 1 - 100.0 / (27 * 22);
  expect_integrals(middle,
                   [&](double u) { return triangular_quantile(3, 8, 30, low + u * (high - low)); });
}

TEST(Hypothesis, takes_a_bare_lower_bound_as_a_range_of_cost) {
  expect_integrals(*q_at_least(10), [](double u) { return 1 + 9 / (1 - u); });
  EXPECT_EQ(q_at_least(10)->range().to, kInfinity);
}

TEST(Hypothesis, takes_draws_as_they_are) {
  std::vector<double> q(20'000);
  for (std::size_t i = 0; i < q.size(); ++i) q[i] = 5 + static_cast<double>(i) * 0.001;
  expect_integrals(*sampled_q(q), [](double u) { return 5 + std::floor(u * 20'000) * 0.001; });
  // A point: all of it on the model that is best there.
  const std::vector<Confusion> models = {metric::never(1, 10), metric::always(1, 10)};
  EXPECT_EQ(prospects(models, *uniform_q({20, 20}))->models[1].probability_best, 1);
  EXPECT_EQ(prospects(models, *uniform_q({5, 5}))->models[0].probability_best, 1);
}

// By hand: never against always, 1 positive and 10 negatives, change places at q = 11. q uniform
// in [6, 16]: one half each. E[x] = ln(15/5)/10; regret of never: ∫ (1 − 10x) over [11, 16] / 10.
TEST(Hypothesis, gives_the_probability_and_regret_of_a_hand_made_case) {
  const std::vector<Confusion> models = {metric::never(1, 10), metric::always(1, 10)};
  const Prospects p = *prospects(models, *uniform_q({6, 16}));
  EXPECT_NEAR(p.models[0].probability_best, 0.5, 1e-15);
  EXPECT_NEAR(p.models[1].expected_rap, 1 - std::log(3), 1e-14);
  EXPECT_NEAR(p.models[0].expected_regret, 0.5 - std::log(15.0 / 10), 1e-14);
  EXPECT_NEAR(p.models[0].worst_regret, 1 - 10.0 / 15, 1e-14);
  EXPECT_NEAR(p.models[1].worst_regret, 10.0 / 5 - 1, 1e-14);
  EXPECT_EQ(p.least_expected_regret, 0u);
  EXPECT_EQ(p.least_worst_regret, 0u);
}

TEST(Hypothesis, speaks_of_the_old_systems_return) {
  const Belief belief = *uniform_roi({0.1, 0.2}, 0.027856);
  EXPECT_NEAR(belief.range().from, 1.1 / 0.027856, 1e-12);
  EXPECT_NEAR(belief.range().to, 1.2 / 0.027856, 1e-12);
  EXPECT_TRUE(triangular_roi({-0.1, 0.5}, 0, 0.027856));
  EXPECT_NEAR(belief.probability({0, kInfinity}), 1, 1e-15);
  EXPECT_NEAR(given(belief, {41, 50})->probability({41, kInfinity}), 1, 1e-15);
}

TEST(Hypothesis, speaks_of_income_and_cost) {
  // TP/(TP + FP) = 1/4: at an income of 90 to 110 the model pays up to 22.50 to 27.50.
  const Confusion c{.tp = 10, .fp = 30, .tn = 50, .fn = 10};
  EXPECT_EQ(largest_paying_cost(c, 90), 22.5);
  EXPECT_EQ(largest_paying_cost(c, 110), 27.5);
  EXPECT_EQ(smallest_paying_q(c), 4);
  EXPECT_FALSE(largest_paying_cost(metric::never(1, 1), 90));
  EXPECT_FALSE(smallest_paying_q(metric::never(1, 1)));
  const AmountRange cost = *implied_cost({90, 110}, {0, 0.25}, 0.02);
  EXPECT_DOUBLE_EQ(cost.from, 90 * 0.02 / 1.25);
  EXPECT_DOUBLE_EQ(cost.to, 110 * 0.02);
}

// The mean of x = c/(i − c) by a midpoint sum in both; 10,000 stratified draws, seed 1, margin 0.5
// %.
TEST(Hypothesis, draws_income_and_cost_together) {
  const Belief belief = *q_of_amounts({90, 110}, {1, 3});
  double mean = 0;
  for (int a = 0; a < 400; ++a) {
    for (int b = 0; b < 400; ++b) {
      const double i = 90 + 20 * (a + 0.5) / 400, c = 1 + 2 * (b + 0.5) / 400;
      mean += c / (i - c) / 160'000;
    }
  }
  EXPECT_NEAR(belief.mean_x({1, kInfinity}) / mean, 1, 0.005);
  EXPECT_GE(belief.range().from, 30);
  EXPECT_LE(belief.range().to, 110);
  EXPECT_EQ(q_of_amounts({90, 110}, {1, 3})->range().to, belief.range().to);
}

TEST(Hypothesis, refuses_what_is_no_belief) {
  EXPECT_FALSE(uniform_q({1, 5}));
  EXPECT_FALSE(uniform_q({5, 4}));
  EXPECT_FALSE(uniform_q({5, kInfinity}));
  EXPECT_FALSE(uniform_q({std::nan(""), 4}));
  EXPECT_FALSE(triangular_q(2, 5, 4));
  EXPECT_FALSE(triangular_q(2, 2, 2));
  EXPECT_FALSE(q_at_least(1));
  EXPECT_FALSE(sampled_q({}));
  EXPECT_FALSE(sampled_q({3, 0.5}));
  EXPECT_FALSE(q_of_amounts({2, 10}, {1, 3}));
  EXPECT_FALSE(q_of_amounts({20, 10}, {1, 3}));
  EXPECT_EQ(given(*uniform_q({2, 4}), {5, 9}).error().message,
            "q runs from 5 to 9: that excludes all of the range from 2 to 4 that was supposed");
  EXPECT_FALSE(given(*sampled_q({2, 4}), {2.5, 3}));
  EXPECT_FALSE(prospects({}, *uniform_q({2, 4})));
}

}  // namespace
}  // namespace profit

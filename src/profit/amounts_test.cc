// SPDX-License-Identifier: Apache-2.0
#include "profit/amounts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "profit/economics.h"

namespace profit {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Doubles = std::vector<double>;

TEST(Amounts, give_the_figures_of_a_hand_made_table) {
  const Bytes y = {1, 1, 0, 1, 0}, offered = {1, 0, 1, 1, 0};
  const Doubles income = {10, 50, 99, 1, 99}, cost = {2, 3, 4, 5, 6};
  const AmountOutcome o = *outcome_of({y, income, cost}, offered);
  EXPECT_EQ(o.offers, 3);
  EXPECT_EQ(o.accepted, 2);
  EXPECT_EQ(o.profit, 8 - 4 - 4);
  EXPECT_EQ(o.tap, 8 + 47);  // The fourth accepts but is not worth the offer.
  EXPECT_EQ(*o.rap, 0);
  EXPECT_EQ(*o.roi, 11.0 / 11 - 1);
  // Rows' profits 8, 0, −4, −4, 0: mean 0, Σ² = 96, s² = 24, s/√n = √4.8.
  EXPECT_NEAR(o.profit_per_customer.standard_error, std::sqrt(4.8), 1e-12);
}

TEST(Amounts, are_the_plain_economics_where_all_are_equal) {
  base::Random random(1);
  Bytes y(300), offered(300);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = random.bernoulli(0.3) ? 1 : 0;
    offered[i] = random.bernoulli(0.5) ? 1 : 0;
  }
  const Doubles income(300, 20), cost(300, 3);
  const AmountOutcome o = *outcome_of({y, income, cost}, offered);
  const Economics e = *economics_from_money(20, 3);
  const auto c = metric::confusion_of(offered, y);
  EXPECT_EQ(o.profit, profit(c, e));
  EXPECT_EQ(o.tap, theoretically_achievable_profit(c, e));
  EXPECT_NEAR(*o.rap, *relative_achieved_profit(c, e.q()), 1e-14);
  EXPECT_NEAR(*o.roi, *roi(c, e.q()), 1e-14);
}

// The likelier a donor, the less he gives: the case of the KDD Cup 1998. p·i = 0.04/p is above the
// cost of 0.68 below p = 0.059, and on average 0.04·ln(5)/0.08 = 0.80, so that mailing all pays.
struct Shop {
  Bytes y;
  Doubles p, income, cost;
};

Shop donors(std::size_t n) {
  base::Random random(2);
  Shop s{Bytes(n), Doubles(n), Doubles(n), Doubles(n, 0.68)};
  for (std::size_t i = 0; i < n; ++i) {
    s.p[i] = 0.02 + 0.08 * random.uniform();
    s.income[i] = 0.04 / (s.p[i] * s.p[i]);
    s.y[i] = random.bernoulli(s.p[i]) ? 1 : 0;
  }
  return s;
}

TEST(Amounts, show_that_ranking_by_probability_can_earn_less_than_mailing_everyone) {
  const Shop s = donors(100'000);
  const OrderComparison c = *compare_orders({s.y, s.income, s.cost}, s.p, s.income);
  const double everyone = c.everyone.profit;
  EXPECT_EQ(c.everyone.offers, 100'000);
  for (const auto& step : c.steps)
    if (step.share < 1) {
      EXPECT_LT(step.by_probability, everyone) << step.share;
    }
  EXPECT_GT(c.best_by_expected_profit.profit, everyone);
  EXPECT_GT(c.where_it_pays.profit, 0);
  // Cutting at p·i > c is within 5 % of the best cut in hindsight.
  EXPECT_GT(c.where_it_pays.profit, 0.95 * c.best_by_expected_profit.profit);
  EXPECT_LT(c.above_mean_share.profit, c.where_it_pays.profit);
  EXPECT_NEAR(c.steps.back().by_probability, everyone, 1e-6);
  EXPECT_NEAR(c.steps.back().by_expected_profit, everyone, 1e-6);
}

TEST(Amounts, keep_equal_keys_together) {
  const Bytes y = {1, 0, 1};
  const Doubles income = {10, 0, 5}, cost = {1, 1, 1}, keys = {2, 2, 7};
  const auto curve = *amount_curve({y, income, cost}, keys);
  EXPECT_EQ(curve, (std::vector<AmountPoint>{{0, 0}, {1, 4}, {3, 12}}));
}

TEST(Amounts, refuse_what_is_not_money) {
  const Bytes y = {1, 0};
  const Doubles good = {1, 1};
  EXPECT_FALSE(outcome_of({y, good, good}, Bytes{1}));
  EXPECT_FALSE(outcome_of({y, good, Doubles{1, 0}}, y));
  EXPECT_FALSE(outcome_of({y, Doubles{-1, 0}, good}, y));
  EXPECT_TRUE(outcome_of({y, Doubles{1, std::nan("")}, good}, y));  // Nobody read the second.
  EXPECT_FALSE(outcome_of({Bytes{1, 2}, good, good}, y));
  EXPECT_FALSE(outcome_of({Bytes{1}, Doubles{1}, Doubles{1}}, Bytes{1}));
  EXPECT_EQ(expected_profits(Doubles{0.5, 1.5}, good, good).error().message,
            "the probability of row 1 is 1.5: it must lie between 0 and 1");
  EXPECT_FALSE(expected_profits(Doubles{0.5}, good, good));
  EXPECT_FALSE(amount_curve({y, good, good}, Doubles{1, std::nan("")}));
  EXPECT_FALSE(compare_orders({y, good, good}, Doubles{0.5}, good));
}

}  // namespace
}  // namespace profit

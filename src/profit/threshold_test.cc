// SPDX-License-Identifier: Apache-2.0
#include "profit/threshold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace profit {
namespace {

struct Rows {
  std::vector<double> probabilities;
  std::vector<std::uint8_t> labels;
};

// Scores on a coarse grid, 0 and 1 among them, so that ties abound.
Rows any_rows(base::Random& random, std::size_t n) {
  Rows rows{std::vector<double>(n), std::vector<std::uint8_t>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    rows.probabilities[i] = static_cast<double>(random.below(21)) / 20;
    rows.labels[i] = random.bernoulli(rows.probabilities[i] / 3) ? 1 : 0;
  }
  return rows;
}

TEST(Threshold, finds_the_best_cut_that_trying_all_finds) {
  base::Random random(1);
  for (int round = 0; round < 200; ++round) {
    const auto [p, y] = any_rows(random, 1 + random.below(60));
    const Economics e = *economics_from_q(1.5 + 10 * random.uniform());
    const auto limit = static_cast<std::int64_t>(random.below(p.size() + 1));
    double best = 0, best_within = 0;
    for (const double t : {-1.0, -0.025, 0.0, 0.025, 0.225, 0.5, 0.975, 1.0}) {
      EXPECT_LE(cut_at(p, y, t, e)->profit, best_cut(p, y, e)->profit);
    }
    for (int i = 0; i <= 20; ++i) {
      const auto counts = metric::confusion_at(p, y, i / 20.0 - 0.025);
      best = std::max(best, profit(counts, e));
      if (counts.offered() <= limit) best_within = std::max(best_within, profit(counts, e));
    }
    EXPECT_EQ(best_cut(p, y, e)->profit, best);
    EXPECT_EQ(best_cut_within(p, y, e, limit)->profit, best_within);
    EXPECT_LE(best_cut_within(p, y, e, limit)->counts.offered(), limit);
  }
}

TEST(Threshold, gives_the_counts_of_every_cut) {
  base::Random random(2);
  for (int round = 0; round < 50; ++round) {
    const auto [p, y] = any_rows(random, 1 + random.below(60));
    const Economics e = *economics_from_q(4);
    const auto curve = *profit_curve(p, y, e);
    EXPECT_EQ(curve.front().counts.offered(), 0);
    EXPECT_EQ(curve.back().counts.offered(), static_cast<std::int64_t>(p.size()));
    for (const Cut& cut : curve) EXPECT_EQ(cut, *cut_at(p, y, cut.threshold, e));
    for (std::size_t i = 1; i < curve.size(); ++i)
      EXPECT_LT(curve[i].threshold, curve[i - 1].threshold);
  }
}

TEST(Threshold, lies_midway_between_the_scores_it_parts) {
  // q = 3: 0.8 accepts, 0.4 does not: +2, then −1.
  const Cut cut = *best_cut(std::vector<double>{0.4, 0.8}, std::vector<std::uint8_t>{0, 1},
                            *economics_from_q(3));
  EXPECT_DOUBLE_EQ(cut.threshold, 0.6);
  EXPECT_EQ(cut.profit, 2);
  // Neighbouring doubles have no middle: the lower of them parts them.
  const double above = std::nextafter(0.5, 1);
  EXPECT_EQ(best_cut(std::vector<double>{0.5, above}, std::vector<std::uint8_t>{0, 1},
                     *economics_from_q(3))
                ->threshold,
            0.5);
}

TEST(Threshold, offers_to_nobody_where_nobody_accepts) {
  const std::vector<double> p = {0.1, 1.0};
  const Cut cut = *best_cut(p, std::vector<std::uint8_t>{0, 0}, *economics_from_q(3));
  EXPECT_EQ(cut.threshold, 1);
  EXPECT_EQ(cut.counts.offered(), 0);
  const Cut all =
      *best_cut(std::vector<double>{0, 1}, std::vector<std::uint8_t>{1, 1}, *economics_from_q(3));
  EXPECT_EQ(all.threshold, -1);
  EXPECT_EQ(all.counts.offered(), 2);
}

// 200,000 calibrated rows, seed 3: the best cut is near 1/q = 0.2. The profit of cutting at 1/q is
// within 0.5 % of the best.
TEST(Threshold, is_one_over_q_for_calibrated_probabilities) {
  base::Random random(3);
  std::vector<double> p(200'000);
  std::vector<std::uint8_t> y(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    p[i] = random.uniform() * random.uniform();
    y[i] = random.bernoulli(p[i]) ? 1 : 0;
  }
  const Economics e = *economics_from_q(5);
  const Cut best = *best_cut(p, y, e);
  EXPECT_NEAR(best.threshold, break_even_threshold(e), 0.03);
  EXPECT_GT(cut_at(p, y, break_even_threshold(e), e)->profit, 0.995 * best.profit);
}

TEST(Threshold, turns_limits_into_offers) {
  EXPECT_EQ(*offers_in_share(0.29, 100), 29);
  EXPECT_EQ(*offers_in_share(0.299, 100), 29);
  EXPECT_EQ(*offers_in_share(1, 7), 7);
  EXPECT_EQ(*offers_in_budget(10, *economics_from_money(9, 3)), 3);
  EXPECT_EQ(*offers_in_budget(0.3, *economics_from_money(9, 0.1)), 3);
  EXPECT_FALSE(offers_in_share(10, 100));
  EXPECT_FALSE(offers_in_budget(-1, *economics_from_money(9, 3)));
}

TEST(Threshold, thins_the_curve_but_keeps_its_best_point) {
  base::Random random(4);
  std::vector<double> p(5000);
  std::vector<std::uint8_t> y(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    p[i] = random.uniform();
    y[i] = random.bernoulli(p[i]) ? 1 : 0;
  }
  const Economics e = *economics_from_q(2.7);
  const auto curve = *profit_curve(p, y, e);
  for (const std::size_t most : {3, 4, 50, 200, 6000}) {
    const auto points = decimated(curve, most);
    EXPECT_LE(points.size(), most);
    EXPECT_GE(points.size(), std::min<std::size_t>(most, curve.size()) - 1);
    EXPECT_EQ(points.front(), curve.front());
    EXPECT_EQ(points.back(), curve.back());
    double most_profit = 0;
    for (const Cut& cut : points) most_profit = std::max(most_profit, cut.profit);
    EXPECT_EQ(most_profit, best_cut(p, y, e)->profit);
  }
}

TEST(Threshold, refuses_rows_that_are_none) {
  const Economics e = *economics_from_q(3);
  using Y = std::vector<std::uint8_t>;
  using P = std::vector<double>;
  EXPECT_FALSE(best_cut({}, {}, e));
  EXPECT_FALSE(best_cut(P{0.5}, Y{1, 0}, e));
  EXPECT_FALSE(best_cut(P{0.5}, Y{2}, e));
  EXPECT_EQ(best_cut(P{1.5}, Y{1}, e).error().message,
            "the probability of row 0 is 1.5: it must lie between 0 and 1");
  EXPECT_FALSE(best_cut(P{std::nan("")}, Y{1}, e));
  EXPECT_FALSE(best_cut_within(P{0.5}, Y{1}, e, -1));
  EXPECT_FALSE(cut_at(P{0.5}, Y{1}, std::nan(""), e));
}

}  // namespace
}  // namespace profit

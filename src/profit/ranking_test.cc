// SPDX-License-Identifier: Apache-2.0
#include "profit/ranking.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "profit/sensitivity.h"

namespace profit {
namespace {

using metric::Confusion;
using Labels = std::vector<std::uint8_t>;

Labels any_bits(base::Random& random, std::size_t rows, double chance) {
  Labels bits(rows);
  for (std::uint8_t& bit : bits) bit = random.bernoulli(chance) ? 1 : 0;
  return bits;
}

TEST(Decisions, count_as_rows_one_by_one_would) {
  base::Random random(1);
  for (const std::size_t rows : {2, 63, 64, 65, 500}) {
    const Labels y = any_bits(random, rows, 0.3);
    Decisions d = *Decisions::on(y);
    const Labels a = any_bits(random, rows, 0.5), b = any_bits(random, rows, 0.2);
    EXPECT_EQ(*d.add(a), 0u);
    EXPECT_EQ(*d.add(b), 1u);
    EXPECT_EQ(d.confusion(0), metric::confusion_of(a, y));
    EXPECT_EQ(d.confusion(1), metric::confusion_of(b, y));
    Disagreement t{.rows = static_cast<std::int64_t>(rows)};
    for (std::size_t i = 0; i < rows; ++i) {
      t.positives += y[i];
      if (a[i] > b[i]) ++(y[i] != 0 ? t.first_only_positive : t.first_only_negative);
      if (a[i] < b[i]) ++(y[i] != 0 ? t.second_only_positive : t.second_only_negative);
    }
    EXPECT_EQ(disagreement(d, 0, 1), t);
  }
}

TEST(Decisions, take_probabilities_strictly_above_the_threshold) {
  Decisions d = *Decisions::on(Labels{1, 0, 1});
  ASSERT_TRUE(d.add(std::vector<double>{0.5, 0.6, 0.4}, 0.5));
  EXPECT_EQ(d.confusion(0), (Confusion{.tp = 0, .fp = 1, .tn = 0, .fn = 2}));
  EXPECT_FALSE(d.add(std::vector<double>{0.5, std::nan(""), 0.4}, 0.5));
  EXPECT_FALSE(d.add(std::vector<double>{0.5}, 0.5));
  EXPECT_FALSE(d.add(Labels{1}));
  EXPECT_EQ(d.models(), 1u);
  EXPECT_EQ(Decisions::on(Labels{1, 7}).error().message,
            "the label of row 1 is 7: labels are 0 or 1");
  EXPECT_FALSE(Decisions::on(Labels{1}));
}

// Against the definition, row by row.
TEST(PairedDifference, is_the_mean_of_the_differences_of_rows) {
  base::Random random(2);
  const Economics e = *economics_from_money(30, 2);
  const Labels y = any_bits(random, 400, 0.2), a = any_bits(random, 400, 0.5),
               b = any_bits(random, 400, 0.4);
  Decisions d = *Decisions::on(y);
  ASSERT_TRUE(d.add(a) && d.add(b));
  std::vector<double> difference(400);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < 400; ++i) sum += difference[i] = (a[i] - b[i]) * (30.0 * y[i] - 2);
  for (const double v : difference) squares += (v - sum / 400) * (v - sum / 400);
  const PairedDifference p = *paired_difference(disagreement(d, 0, 1), e);
  EXPECT_NEAR(p.profit_per_customer.estimate, sum / 400, 1e-12);
  EXPECT_NEAR(p.profit_per_customer.standard_error, std::sqrt(squares / 399 / 400), 1e-12);
  EXPECT_NEAR(p.rap.estimate,
              *relative_achieved_profit(d.confusion(0), e.q()) -
                  *relative_achieved_profit(d.confusion(1), e.q()),
              1e-12);
  double rap_squares = 0, positives = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const double influence = difference[i] / 28 - p.rap.estimate * y[i];
    rap_squares += influence * influence;
    positives += y[i];
  }
  EXPECT_NEAR(p.rap.standard_error, std::sqrt(rap_squares) / positives, 1e-12);
  EXPECT_NEAR(p.z, p.profit_per_customer.estimate / p.profit_per_customer.standard_error, 1e-12);
  const PairedDifference back = *paired_difference(disagreement(d, 1, 0), e);
  EXPECT_DOUBLE_EQ(back.z, -p.z);
  EXPECT_DOUBLE_EQ(back.p, p.p);
}

// Two models equally good by construction, 2,000 test sets of 3,000 rows, seed 3: a false alarm of
// 5 % in 5 % of them, deviation 0.5 %; the margin is 2 %. The RAP interval is held to the same.
TEST(PairedDifference, raises_false_alarms_as_often_as_it_says) {
  base::Random random(3);
  const Economics e = *economics_from_q(10);
  int alarms = 0, missed = 0;
  for (int round = 0; round < 2000; ++round) {
    Disagreement t{.rows = 3000};
    for (int row = 0; row < 3000; ++row) {
      const double u = random.uniform();  // 10 % positive; disagreement on 4 % and 8 % of all rows.
      if (u < 0.1) ++t.positives;
      if (u < 0.02) ++t.first_only_positive;
      if (u >= 0.02 && u < 0.04) ++t.second_only_positive;
      if (u >= 0.2 && u < 0.24) ++t.first_only_negative;
      if (u >= 0.24 && u < 0.28) ++t.second_only_negative;
    }
    const PairedDifference p = *paired_difference(t, e);
    if (p.p < 0.05) ++alarms;
    if (p.rap.low > 0 || p.rap.high < 0) ++missed;
  }
  EXPECT_NEAR(alarms / 2000.0, 0.05, 0.02);
  EXPECT_NEAR(missed / 2000.0, 0.05, 0.02);
}

TEST(PairedDifference, says_nothing_of_models_that_agree) {
  const PairedDifference p = *paired_difference({.rows = 10, .positives = 3}, *economics_from_q(5));
  EXPECT_EQ(p.z, 0);
  EXPECT_EQ(p.p, 1);
  EXPECT_EQ(p.profit_per_customer, (metric::Interval{0, 0, 0, 0}));
  EXPECT_FALSE(paired_difference({.rows = 10}, *economics_from_q(5)));
  EXPECT_FALSE(paired_difference({.first_only_positive = 4, .rows = 10, .positives = 3},
                                 *economics_from_q(5)));
  EXPECT_FALSE(paired_difference({.rows = 10, .positives = 3}, *economics_from_q(5), 1));
}

TEST(Ranking, puts_the_best_first_and_breaks_ties_by_fewer_offers) {
  // q = 5: always 100·4 − 900 < 0, the middle 50·4 − 100 = 100, twice the same worth with more
  // offers: 75·4 − 200 = 100.
  const std::vector<Confusion> models = {metric::always(100, 900),
                                         {.tp = 75, .fp = 200, .tn = 700, .fn = 25},
                                         {.tp = 50, .fp = 100, .tn = 800, .fn = 50},
                                         metric::never(100, 900)};
  const auto standings = *rank(models, *economics_from_q(5));
  ASSERT_EQ(standings.size(), 4u);
  const std::size_t order[] = {2, 1, 3, 0};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(standings[i].model, order[i]);
  EXPECT_DOUBLE_EQ(standings[0].money.rap.estimate, 0.25);
  EXPECT_FALSE(rank({}, *economics_from_q(5)));
}

TEST(Ranking, is_led_by_the_winner_of_the_envelope) {
  base::Random random(4);
  std::vector<Confusion> models(500);
  for (Confusion& c : models) {
    c.tp = static_cast<std::int64_t>(random.below(301));
    c.fp = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(c.tp) * 30 + 1));
    c.fn = 300 - c.tp;
    c.tn = 9000 - c.fp;
  }
  const Sensitivity s = *sensitivity(models);
  for (double q = 1.5; q < 60; q *= 1.3)
    EXPECT_EQ(rank(models, *economics_from_q(q))->front().model, winner_at(s, q).model) << q;
}

TEST(Holm, gives_the_papers_step_down_values) {
  // 0.01·4, max(0.04, 0.02·3), max(0.06, 0.03·2), max(0.06, 0.04·1), by hand.
  const std::vector<double> adjusted = holm(std::vector<double>{0.03, 0.01, 0.04, 0.02});
  const double expected[] = {0.06, 0.04, 0.06, 0.06};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-15);
  EXPECT_EQ(holm(std::vector<double>{0.8, 0.7})[0], 1);
  EXPECT_TRUE(holm({}).empty());
}

TEST(Ranking, says_which_leads_are_noise) {
  base::Random random(6);
  const Labels y = any_bits(random, 5000, 0.1);
  const auto model = [&](double hit, double alarm) {
    Labels bits(y.size());
    for (std::size_t i = 0; i < y.size(); ++i)
      bits[i] = random.bernoulli(y[i] != 0 ? hit : alarm) ? 1 : 0;
    return bits;
  };
  Decisions d = *Decisions::on(y);
  Labels leader = model(0.7, 0.2), twin = leader;
  std::size_t changed = 0;  // The twin misses one acceptance of the leader's and is else the same.
  while (!(y[changed] == 1 && twin[changed] == 1)) ++changed;
  twin[changed] = 0;
  ASSERT_TRUE(d.add(leader) && d.add(twin) && d.add(model(0.3, 0.2)));
  const auto c = *compare_with_leader(d, 0, std::vector<std::size_t>{1, 2}, *economics_from_q(12));
  EXPECT_TRUE(c[0].is_noise);
  EXPECT_EQ(c[0].lead.discordant, 1);
  EXPECT_FALSE(c[1].is_noise);
  EXPECT_LT(c[1].p_holm, 1e-6);
  EXPECT_GE(c[1].p_holm, 2 * c[1].lead.p * 0.999);
  EXPECT_FALSE(compare_with_leader(d, 0, std::vector<std::size_t>{1}, *economics_from_q(12), 0));
}

}  // namespace
}  // namespace profit

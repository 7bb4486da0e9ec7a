// SPDX-License-Identifier: Apache-2.0
#include "metric/fairness.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "metric/uplift.h"

namespace metric {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Rows {
  std::vector<std::uint32_t> groups;
  Bytes labels, decisions;
  std::vector<double> probabilities;

  void add(std::uint32_t group, const Confusion& c, double p) {
    const auto put = [&](std::int64_t times, std::uint8_t label, std::uint8_t decision) {
      for (std::int64_t i = 0; i < times; ++i) {
        groups.push_back(group);
        labels.push_back(label);
        decisions.push_back(decision);
        probabilities.push_back(p);
      }
    };
    put(c.tp, 1, 1), put(c.fp, 0, 1), put(c.tn, 0, 0), put(c.fn, 1, 0);
  }
  [[nodiscard]] GroupedRows view() const { return {groups, labels, decisions, probabilities}; }
};

// By hand: group 0 is offered 60/200, group 2 120/200; of the acceptors 40/80 and 60/80; of the
// others 20/120 and 60/120; group 5 has ten rows only.
Rows three_groups() {
  Rows rows;
  rows.add(0, {.tp = 40, .fp = 20, .tn = 100, .fn = 40}, 0.5);
  rows.add(2, {.tp = 60, .fp = 60, .tn = 60, .fn = 20}, 0.35);
  rows.add(5, {.tp = 10}, 0.9);
  return rows;
}

TEST(Fairness, gives_the_gaps_of_a_hand_made_table) {
  const Rows rows = three_groups();
  const Fairness f = *fairness(rows.view());
  ASSERT_EQ(f.groups.size(), 3u);
  EXPECT_EQ(f.too_small, std::vector<std::uint32_t>{5});
  EXPECT_NEAR(f.demographic_parity->difference.estimate, 0.3, 1e-15);
  EXPECT_NEAR(*f.demographic_parity->ratio, 0.5, 1e-15);
  EXPECT_EQ(f.demographic_parity->high, 2u);
  EXPECT_EQ(f.demographic_parity->low, 0u);
  EXPECT_GT(f.demographic_parity->difference.low, 0.2);
  EXPECT_LT(f.demographic_parity->difference.high, 0.4);
  EXPECT_NEAR(f.equal_opportunity->difference.estimate, 0.25, 1e-15);
  EXPECT_NEAR(f.false_alarms->difference.estimate, 1.0 / 3, 1e-15);
  EXPECT_NEAR(*f.equalised_odds, 1.0 / 3, 1e-15);
  EXPECT_NEAR(f.predictive_parity->difference.estimate, 2.0 / 3 - 0.5, 1e-15);
  EXPECT_NEAR(*f.calibration, 0.1, 1e-12);  // 0.5 against 80/200; 0.35 against 80/200 is −0.05.
  EXPECT_NEAR(f.groups[1].calibration->estimate, -0.05, 1e-12);
  EXPECT_NEAR(*f.jain, 0.9 * 0.9 / (2 * (0.09 + 0.36)), 1e-15);
  EXPECT_EQ(f.groups[2].offered->estimate, 1);  // Told, though it is in no gap.
}

TEST(Fairness, says_nothing_from_too_few_rows) {
  const Rows rows = three_groups();
  const Fairness f = *fairness(rows.view(), {.least_rows = 81});
  EXPECT_TRUE(f.demographic_parity);
  EXPECT_FALSE(f.equal_opportunity);  // 80 acceptors in each.
  EXPECT_FALSE(f.equalised_odds);
  EXPECT_FALSE(fairness(rows.view(), {.least_rows = 300})->demographic_parity);
  EXPECT_FALSE(fairness(rows.view(), {.least_rows = 300})->jain);
  const GroupedRows without{rows.groups, rows.labels, rows.decisions, {}};
  EXPECT_FALSE(fairness(without)->calibration);
  EXPECT_FALSE(fairness(without)->groups[0].calibration);
}

// Equal groups of 300 rows, 1,000 times, seed 1: two groups' parity interval leaves 0 out in 5 %
// of them; the deviation is 0.7 %, the margin 2.5 %.
TEST(Fairness, raises_false_alarms_as_often_as_it_says) {
  base::Random random(1);
  int alarms = 0;
  for (int round = 0; round < 1000; ++round) {
    Rows rows;
    for (int i = 0; i < 600; ++i) {
      rows.groups.push_back(i % 2 == 0 ? 0 : 1);
      rows.labels.push_back(0);
      rows.decisions.push_back(random.bernoulli(0.3) ? 1 : 0);
    }
    if (fairness(rows.view())->demographic_parity->difference.low > 0) ++alarms;
  }
  EXPECT_NEAR(alarms / 1000.0, 0.05, 0.025);
}

TEST(Fairness, refuses_rows_that_do_not_fit_together) {
  const Rows rows = three_groups();
  GroupedRows bad = rows.view();
  bad.labels = bad.labels.subspan(1);
  EXPECT_FALSE(fairness(bad));
  EXPECT_FALSE(fairness({}));
  EXPECT_FALSE(fairness(rows.view(), {.least_rows = 0}));
  EXPECT_FALSE(fairness(rows.view(), {.confidence = 1}));
  const std::vector<std::uint32_t> group = {4'000'000'000};
  const Bytes one = {1}, three = {3};
  EXPECT_EQ(fairness({group, one, one, {}}).error().message,
            "row 0: the group is 4000000000, above 1000000");
  const std::vector<std::uint32_t> zero = {0};
  EXPECT_FALSE(fairness({zero, three, one, {}}));
  const std::vector<double> p = {1.5};
  EXPECT_FALSE(fairness({zero, one, one, p}));
}

TEST(Jain, runs_from_one_share_of_all_to_one) {
  EXPECT_EQ(*jain_index(std::vector<double>{3, 3, 3}), 1);
  EXPECT_NEAR(*jain_index(std::vector<double>{5, 0, 0, 0}), 0.25, 1e-15);
  // k of n users served equally: k/n (the paper's property 4).
  EXPECT_NEAR(*jain_index(std::vector<double>{2, 2, 2, 0, 0}), 0.6, 1e-15);
  EXPECT_FALSE(jain_index(std::vector<double>{0, 0}));
  EXPECT_FALSE(jain_index({}));
}

TEST(ShareDifference, gives_the_papers_interval) {
  // Newcombe 1998 (Statistics in Medicine 17, 873), table II, method 10: 56/70 − 48/80 is 0.2 with
  // 0.0524 to 0.3339; 9/10 − 3/10: 0.1705 to 0.8090.
  const auto between = [](std::int64_t a, std::int64_t m, std::int64_t b, std::int64_t n) {
    return share_difference(*wilson(a, m, 0.95), *wilson(b, n, 0.95));
  };
  EXPECT_NEAR(between(56, 70, 48, 80).low, 0.0524, 5e-5);
  EXPECT_NEAR(between(56, 70, 48, 80).high, 0.3339, 5e-5);
  EXPECT_NEAR(between(9, 10, 3, 10).low, 0.1705, 5e-5);
  EXPECT_NEAR(between(9, 10, 3, 10).high, 0.8090, 5e-5);
}

TEST(Uplift, gives_the_curve_of_a_hand_made_table) {
  // Scores 4 3 2 1; treated, control, treated, control; bought 1 0 0 1.
  const std::vector<double> s = {4, 3, 2, 1};
  const Bytes treated = {1, 0, 1, 0}, bought = {1, 0, 0, 1};
  const auto curve = uplift_curve({s, bought, treated});
  ASSERT_EQ(curve.size(), 5u);
  const double qini_values[] = {0, 0.5, 0.5, 0.5, 0};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(curve[i].share, 0.25 * static_cast<double>(i));
    EXPECT_EQ(curve[i].qini, qini_values[i]);
  }
  EXPECT_FALSE(curve[1].uplift);  // No control yet.
  EXPECT_EQ(curve[2].uplift->estimate, 1);
  EXPECT_EQ(curve[4].uplift->estimate, 0);
  const Qini q = *qini({s, bought, treated});
  EXPECT_NEAR(q.area, 0.25 * (0.25 + 0.5 + 0.5 + 0.25), 1e-15);
  EXPECT_FALSE(q.coefficient);  // The offer changes nothing on the whole.
  EXPECT_FALSE(qini({s, bought, Bytes(4, 1)}));
}

// 100,000 rows, seed 2: half are persuaded by the offer (0 → 1), of the others 30 % buy
// with or without it; three in four are treated. Targeting them
// first is perfect, at random worth nothing, last as bad as perfect is good. The margin is 0.03,
// some five deviations of a share of 25,000 controls.
TEST(Uplift, knows_perfect_and_random_targeting) {
  base::Random random(2);
  constexpr std::size_t kRows = 100'000;
  std::vector<double> perfect(kRows), chance(kRows), worst(kRows);
  Bytes treated(kRows), bought(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    const bool persuadable = random.bernoulli(0.5);
    treated[i] = random.bernoulli(0.75) ? 1 : 0;
    const bool buys = persuadable ? treated[i] != 0 : random.bernoulli(0.3);
    bought[i] = buys ? 1 : 0;
    perfect[i] = persuadable ? 1 : 0;
    chance[i] = random.uniform();
    worst[i] = -perfect[i];
  }
  EXPECT_NEAR(*qini({perfect, bought, treated})->coefficient, 1, 0.03);
  EXPECT_NEAR(*qini({chance, bought, treated})->coefficient, 0, 0.03);
  EXPECT_NEAR(*qini({worst, bought, treated})->coefficient, -1, 0.03);
  EXPECT_NEAR(*qini({std::vector<double>(kRows), bought, treated})->coefficient, 0, 1e-12);
}

}  // namespace
}  // namespace metric

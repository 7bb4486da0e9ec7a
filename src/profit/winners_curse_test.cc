// SPDX-License-Identifier: Apache-2.0
#include "profit/winners_curse.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace profit {
namespace {

constexpr std::size_t kPositives = 150, kNegatives = 1350;
const Economics kMoney = *economics_from_q(10);

struct Rates {
  double hit, alarm;
};

double true_rap(const Rates& r) {
  return r.hit - r.alarm * static_cast<double>(kNegatives) / kPositives / (kMoney.q() - 1);
}

Decisions test_set(const std::vector<Rates>& models, base::Random& random) {
  std::vector<std::uint8_t> labels(kPositives + kNegatives), bits(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = i % 10 == 0 ? 1 : 0;
  Decisions d = *Decisions::on(labels);
  for (const Rates& r : models) {
    for (std::size_t i = 0; i < bits.size(); ++i)
      bits[i] = random.bernoulli(labels[i] != 0 ? r.hit : r.alarm) ? 1 : 0;
    EXPECT_TRUE(d.add(bits));
  }
  return d;
}

struct Errors {
  double raw = 0, corrected = 0, held_out = 0;  // Mean of estimate − truth of the model chosen.
};

Errors simulate(const std::vector<Rates>& models, int sets, std::uint64_t seed) {
  base::Random random(seed);
  Errors mean;
  for (int set = 0; set < sets; ++set) {
    const Decisions d = test_set(models, random);
    const WinnersCurse curse = *correct_winners_curse(d, kMoney, {.resamples = 100});
    const HoldOut half = *choose_on_half(d, kMoney);
    const double truth = true_rap(models[curse.leader]);
    mean.raw += (curse.raw.estimate - truth) / sets;
    mean.corrected += (curse.corrected.estimate - truth) / sets;
    mean.held_out += (half.rap.estimate - true_rap(models[half.model])) / sets;
  }
  return mean;
}

// 200 models that are all equally good: a RAP of 0.3 with a standard error of 0.042. The luckiest
// shows some 2.7 standard errors too much. Over 60 test sets (seed 1) the correction is centred:
// its mean error has a deviation of 0.042/√60 = 0.005 at most; the margin is three of them. (The
// held-out half has a deviation of 0.042·√2/√60 = 0.008.)
TEST(WinnersCurse, is_lifted_where_all_models_are_equal) {
  const Errors mean = simulate(std::vector<Rates>(200, Rates{0.5, 0.2}), 60, 1);
  EXPECT_GT(mean.raw, 0.09);
  EXPECT_NEAR(mean.corrected, 0, 0.016);
  EXPECT_NEAR(mean.held_out, 0, 0.024);
}

// 200 models whose truth is spread over 0.2: the same margins, and some caution (the correction
// chooses with 63 % of the rows).
TEST(WinnersCurse, is_lifted_where_models_differ) {
  std::vector<Rates> models;
  for (int i = 0; i < 200; ++i) models.push_back({0.4 + 0.001 * i, 0.2});
  const Errors mean = simulate(models, 60, 2);
  EXPECT_GT(mean.raw, 0.03);
  EXPECT_LT(mean.corrected, 0.016);
  EXPECT_GT(mean.corrected, -0.035);
  EXPECT_NEAR(mean.held_out, 0, 0.024);
}

// One model far ahead needs no correction: its winner is the same in every resample.
TEST(WinnersCurse, leaves_a_clear_winner_alone) {
  base::Random random(3);
  std::vector<Rates> models(50, Rates{0.2, 0.3});
  models[17] = {0.9, 0.05};
  const WinnersCurse c = *correct_winners_curse(test_set(models, random), kMoney);
  EXPECT_EQ(c.leader, 17u);
  EXPECT_EQ(c.candidates, 1u);
  ASSERT_EQ(c.wins.size(), 1u);
  EXPECT_EQ(c.wins[0].share, 1);
  EXPECT_EQ(c.resamples, 500);
  // 500 resamples' mean of the same model's RAP on the rows left out: within 0.005 of the whole.
  EXPECT_NEAR(c.optimism, 0, 0.005);
  EXPECT_EQ(c.raw.estimate - c.corrected.estimate, c.optimism);
}

TEST(WinnersCurse, gives_the_same_figures_for_the_same_seed) {
  base::Random random(4);
  const Decisions d = test_set(std::vector<Rates>(20, Rates{0.5, 0.2}), random);
  const auto first = *correct_winners_curse(d, kMoney, {.resamples = 50, .seed = 9});
  const auto again = *correct_winners_curse(d, kMoney, {.resamples = 50, .seed = 9});
  const auto other = *correct_winners_curse(d, kMoney, {.resamples = 50, .seed = 10});
  EXPECT_EQ(first.corrected, again.corrected);
  EXPECT_NE(first.corrected, other.corrected);
  double shares = 0;
  for (const auto& win : first.wins) shares += win.share;
  EXPECT_NEAR(shares, 1, 1e-12);
}

TEST(WinnersCurse, refuses_test_sets_that_cannot_tell) {
  Decisions d = *Decisions::on(std::vector<std::uint8_t>{1, 0, 0});
  EXPECT_FALSE(correct_winners_curse(d, kMoney));
  ASSERT_TRUE(d.add(std::vector<std::uint8_t>{1, 0, 0}));
  EXPECT_EQ(correct_winners_curse(d, kMoney).error().message,
            "the test set has 1 positives: at least two are needed to measure a chosen model");
  EXPECT_FALSE(choose_on_half(d, kMoney));
  Decisions two = *Decisions::on(std::vector<std::uint8_t>{1, 1});
  ASSERT_TRUE(two.add(std::vector<std::uint8_t>{1, 0}));
  EXPECT_TRUE(correct_winners_curse(two, kMoney));
  EXPECT_FALSE(correct_winners_curse(two, kMoney, {.resamples = 5}));
  EXPECT_TRUE(choose_on_half(two, kMoney));
}

}  // namespace
}  // namespace profit

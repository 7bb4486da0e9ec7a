// SPDX-License-Identifier: Apache-2.0
#include "shop/truth.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace shop;

constexpr std::int64_t kSample = 400'000;

struct Sample {
  double mean = 0;
  double deviation = 0;
  double smallest = std::numeric_limits<double>::infinity();
};

Sample simulate(const Money& money, const Decider& shows, std::uint64_t seed) {
  const Population population(seed);
  const Till till(money);
  double sum = 0;
  double squares = 0;
  Sample sample;
  for (std::int64_t i = 0; i < kSample; ++i) {
    const Customer c = population.customer(kFirstLiveUuid + i);
    const double revenue = till.settle(c, shows(c)).revenue.dollars();
    sum += revenue;
    squares += revenue * revenue;
    sample.smallest = std::min(sample.smallest, revenue);
  }
  sample.mean = sum / kSample;
  sample.deviation = std::sqrt(squares / kSample - sample.mean * sample.mean);
  return sample;
}

bool men(const Customer& c) { return base_shows(c.age, c.man); }
Decider ideal(const Money& money) {
  return [threshold = 1 / profitability(money)](const Customer& c) {
    return c.probability > threshold;
  };
}

// The story of the exercise, with the default money; figures from the convolution, to its accuracy.
TEST(Truth, tells_the_exercises_story) {
  const Money money;
  ASSERT_TRUE(validate(money));
  const Reach base = reach_of_base();
  const Reach best = reach_of_ideal(money);
  EXPECT_NEAR(cost_of_showing(money), 9.60, 1e-12);
  EXPECT_NEAR(profitability(money), 1.5625, 1e-12);
  EXPECT_NEAR(base.shown, 0.55, 1e-9);
  EXPECT_NEAR(base.accepting, 0.55 * 0.6040876, 1e-6);
  EXPECT_NEAR(gain(money, {}, base), -0.2963, 1e-4);
  EXPECT_NEAR(gain(money, base, best), 1.3362, 2e-4);
  EXPECT_NEAR(worth(money, base).deviation, 15, 0.1);
  EXPECT_NEAR(worth(money, best).deviation, 15, 0.1);
  EXPECT_NEAR(worth(money, {}).mean, 16, 1e-12);
}

// Margins: 5 standard errors of a mean (15/√400,000 = 0.024) and of a deviation of such skewed
// money (0.05). Seed 3.
TEST(Truth, is_what_the_till_takes_in) {
  const Money money;
  for (const auto& [shows, reach] : {std::pair<Decider, Reach>{men, reach_of_base()},
                                     {ideal(money), reach_of_ideal(money)},
                                     {[](const Customer&) { return false; }, Reach{}}}) {
    const Sample sample = simulate(money, shows, 3);
    const Worth truth = worth(money, reach);
    EXPECT_NEAR(sample.mean, truth.mean, 5 * 0.024);
    EXPECT_NEAR(sample.deviation, truth.deviation, 5 * 0.05);
    EXPECT_GE(sample.smallest, 0);
  }
}

TEST(Truth, settles_the_same_customer_the_same_way_again) {
  const Till till{Money{}};
  const Population population(1);
  for (std::int64_t uuid = kFirstLiveUuid; uuid < kFirstLiveUuid + 1000; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(till.settle(c, true).revenue, till.settle(c, true).revenue);
    EXPECT_EQ(till.settle(c, true).accepted, c.would_accept);
    EXPECT_FALSE(till.settle(c, false).accepted);
  }
}

// What is shown changes the basket only by losing it whole: the two potential revenues share their
// noise.
TEST(Truth, gives_one_customer_one_basket) {
  const Money money;
  const Till till(money);
  const Population population(1);
  int kept = 0;
  for (std::int64_t uuid = kFirstLiveUuid; uuid < kFirstLiveUuid + 10'000; ++uuid) {
    const Customer c = population.customer(uuid);
    const base::Cents paid = c.would_accept ? base::Cents(1500) : base::Cents(0);
    const base::Cents shown = till.settle(c, true).revenue;
    if (shown == paid) continue;  // Lost, or empty anyway.
    EXPECT_EQ(shown, till.settle(c, false).revenue + paid);
    ++kept;
  }
  EXPECT_NEAR(kept, 10'000 * 0.4 * 0.75, 5 * std::sqrt(10'000 * 0.3 * 0.7));
}

TEST(Truth, changes_nothing_at_scale_zero) {
  Money money;
  money.scale = 0;
  const Till till(money);
  const Population population(1);
  for (std::int64_t uuid = kFirstLiveUuid; uuid < kFirstLiveUuid + 1000; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(till.settle(c, true).revenue, till.settle(c, false).revenue);
  }
  EXPECT_EQ(gain(money, reach_of_base(), reach_of_ideal(money)), 0);
}

TEST(Truth, reaches_a_wanted_effect_and_deviation_exactly) {
  const Reach base = reach_of_base();
  const Reach best = reach_of_ideal({});
  for (const double effect : {0.0, 0.35, 0.7, 1.4, 2.0}) {
    const auto scaled = with_effect({}, base, best, effect);
    ASSERT_TRUE(scaled);
    EXPECT_NEAR(gain(*scaled, base, best), effect, 1e-12);
    EXPECT_EQ(profitability(*scaled), profitability({}));
    const auto money = with_deviation(*scaled, base, best, 15);
    ASSERT_TRUE(money);
    EXPECT_NEAR(gain(*money, base, best), effect, 1e-12);
    const double b = worth(*money, base).deviation;
    const double c = worth(*money, best).deviation;
    EXPECT_NEAR(std::sqrt((b * b + c * c) / 2), 15, 1e-12);
  }
}

// Fractions of cents (a scaled price) must not bias the gain. Paired over 400,000 customers:
// standard error of the mean difference 0.0104 $, margin 5 of them. Seed 11.
TEST(Truth, keeps_a_scaled_effect_in_the_tills_cents) {
  const Reach base = reach_of_base();
  const Reach best = reach_of_ideal({});
  const Money money = with_effect({}, base, best, 0.7).value();
  const double difference = simulate(money, ideal(money), 11).mean - simulate(money, men, 11).mean;
  EXPECT_NEAR(difference, 0.7, 5 * 0.0104);
}

TEST(Truth, refuses_effects_and_deviations_out_of_reach) {
  const Reach base = reach_of_base();
  const Reach best = reach_of_ideal({});
  EXPECT_FALSE(with_effect({}, base, best, 2.5));
  EXPECT_FALSE(with_effect({}, base, best, -0.1));
  EXPECT_FALSE(with_effect({}, base, base, 0.1));
  EXPECT_FALSE(with_effect({}, base, best, std::nan("")));
  EXPECT_FALSE(with_deviation({}, base, best, 1));
  EXPECT_FALSE(with_deviation({}, base, best, 1e9));
  EXPECT_NE(with_effect({}, base, best, 2.5).error().message.find("from 0 to 2.2"),
            std::string::npos)
      << with_effect({}, base, best, 2.5).error().message;
}

TEST(Truth, refuses_money_that_is_no_shop) {
  const auto refused = [](auto change) {
    Money money;
    change(money);
    return !validate(money).has_value();
  };
  EXPECT_TRUE(refused([](Money& m) { m.price = 0; }));
  EXPECT_TRUE(refused([](Money& m) { m.price = std::nan(""); }));
  EXPECT_TRUE(refused([](Money& m) { m.basket_mean = -1; }));
  EXPECT_TRUE(refused([](Money& m) { m.basket_empty = 1; }));
  EXPECT_TRUE(refused([](Money& m) { m.basket_log_deviation = 4; }));
  EXPECT_TRUE(refused([](Money& m) { m.loss = 1.1; }));
  EXPECT_TRUE(refused([](Money& m) { m.scale = 1.7; }));
  EXPECT_FALSE(refused([](Money& m) { m.scale = 1.6; }));
}

}  // namespace

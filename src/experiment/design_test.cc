// SPDX-License-Identifier: Apache-2.0
#include "experiment/design.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace experiment {
namespace {

// The exercise's: 0.7 $ per customer at a deviation of 15 $.
Design exercise() { return {.effect_per_customer = 0.7, .deviation = 15}; }

std::vector<std::string> codes(const Design& design) {
  std::vector<std::string> result;
  for (const Reason& reason : invalid_numbers(design)) result.push_back(reason.code);
  return result;
}

TEST(Design, answers_the_exercise) {
  EXPECT_EQ(solve_customers(exercise()).value(), 5679);
  Design two = exercise();
  two.sides = Sides::kTwo;
  EXPECT_EQ(solve_customers(two).value(), 7210);
}

TEST(Design, gives_the_fewest_customers_that_reach_the_power) {
  Design design = exercise();
  for (const double power : {0.5, 0.8, 0.95, 0.999}) {
    design.power = power;
    const std::int64_t n = solve_customers(design).value();
    EXPECT_GE(solve_power(design, n).value(), power);
    EXPECT_LT(solve_power(design, n - 1).value(), power);
  }
}

TEST(Design, each_answer_gives_the_other_three_back) {
  std::mt19937_64 random(20261122);  // Designs over the whole range that people use.
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 200; ++i) {
    Design design;
    design.alpha = 0.001 + 0.2 * unit(random);
    design.power = 0.3 + 0.69 * unit(random);
    design.margin = unit(random) - 0.5;
    design.effect_per_customer = design.margin + 0.05 + unit(random);
    design.deviation = 0.2 + 20 * unit(random);
    design.ratio = std::exp(3 * (unit(random) - 0.5));
    design.sides = unit(random) < 0.5 ? Sides::kOne : Sides::kTwo;
    if (unit(random) < 0.3) design.candidate_deviation = design.deviation * (0.5 + unit(random));
    const auto n = static_cast<std::int64_t>(10 + 20000 * unit(random));
    SCOPED_TRACE(i);
    const auto effect = solve_effect(design, n);
    ASSERT_TRUE(effect) << effect.error().message;
    Design at_effect = design;
    at_effect.effect_per_customer = *effect;
    EXPECT_NEAR(solve_power(at_effect, n).value(), design.power, 1e-12);
    const auto alpha = solve_alpha(at_effect, n);
    ASSERT_TRUE(alpha) << alpha.error().message;
    EXPECT_NEAR(*alpha, design.alpha, 1e-10 * design.alpha + 1e-12);
    // The candidate's customers are rounded up, so n may be beaten by what rounding adds.
    const double real = solve_customers_real(at_effect).value();
    EXPECT_GE(real, static_cast<double>(n) * (1 - 1e-9));
    EXPECT_LE(real, static_cast<double>(n) + 1 / design.ratio + 1);
  }
}

TEST(Design, more_of_anything_gives_more_power) {
  const double power = solve_power(exercise(), 5000).value();
  EXPECT_GT(solve_power(exercise(), 5001).value(), power);
  Design design = exercise();
  design.effect_per_customer = 0.71;
  EXPECT_GT(solve_power(design, 5000).value(), power);
  design = exercise();
  design.alpha = 0.051;
  EXPECT_GT(solve_power(design, 5000).value(), power);
  design = exercise();
  design.deviation = 14.9;
  EXPECT_GT(solve_power(design, 5000).value(), power);
}

TEST(Design, shifting_effect_and_margin_together_changes_nothing) {
  Design design = exercise();
  design.margin = -3;
  design.effect_per_customer = -2.3;
  EXPECT_EQ(solve_customers(design).value(), 5679);
}

TEST(Design, equal_deviations_given_twice_are_given_once) {
  Design design = exercise();
  design.candidate_deviation = 15;
  EXPECT_EQ(solve_customers(design).value(), 5679);
}

TEST(Design, answers_for_handfuls_and_for_crowds) {
  Design tiny = exercise();
  tiny.effect_per_customer = 1000;
  EXPECT_EQ(solve_customers(tiny).value(), 2);
  tiny.ratio = 0.001;
  EXPECT_TRUE(solve_customers(tiny));
  Design crowd = exercise();
  crowd.effect_per_customer = 0.0001;
  EXPECT_NEAR(static_cast<double>(solve_customers(crowd).value()), 5677.8586824671 * 49e6, 10);
}

TEST(Design, refuses_what_no_number_of_customers_can_satisfy) {
  Design design = exercise();
  design.effect_per_customer = 1e-6;
  const auto customers = solve_customers(design);
  ASSERT_FALSE(customers);
  EXPECT_NE(customers.error().message.find("raise the effect"), std::string::npos);
}

TEST(Design, refuses_to_buy_power_with_half_of_alpha) {
  const auto alpha = solve_alpha(exercise(), 10);
  ASSERT_FALSE(alpha);
  EXPECT_NE(alpha.error().message.find("no alpha below 0.5"), std::string::npos);
}

TEST(Design, refuses_a_design_without_effect) {
  const auto customers = solve_customers({.deviation = 15});
  ASSERT_FALSE(customers);
  EXPECT_EQ(customers.error().message, "effect must be above the margin (0), not 0");
}

TEST(Design, names_every_wrong_number) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(codes(exercise()).empty());
  Design design{.alpha = 0.5,
                .power = 1,
                .effect_per_customer = -1,
                .deviation = 0,
                .candidate_deviation = -1,
                .ratio = 0};
  EXPECT_EQ(codes(design),
            (std::vector<std::string>{"alpha_out_of_range", "power_out_of_range",
                                      "effect_not_above_margin", "deviation_not_positive",
                                      "candidate_deviation_not_positive", "ratio_out_of_range"}));
  design = exercise();
  design.power = 0.05;
  EXPECT_EQ(codes(design), std::vector<std::string>{"power_not_above_alpha"});
  design = {.alpha = nan,
            .power = nan,
            .effect_per_customer = nan,
            .margin = nan,
            .deviation = nan,
            .ratio = nan};
  EXPECT_EQ(codes(design), std::vector<std::string>(6, "not_a_number"));
  design = exercise();
  design.deviation = std::numeric_limits<double>::infinity();
  EXPECT_EQ(codes(design), std::vector<std::string>{"not_a_number"});
}

TEST(Design, does_not_look_at_what_it_solves_for) {
  Design design = exercise();
  design.power = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(solve_power(design, 5000));
  design = exercise();
  design.effect_per_customer = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(solve_effect(design, 5000));
  design = exercise();
  design.alpha = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(solve_alpha(design, 5000));
}

TEST(Design, refuses_uncountable_customers) {
  for (const std::int64_t n :
       {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1}, kMostCustomers + 1}) {
    EXPECT_FALSE(solve_power(exercise(), n)) << n;
    EXPECT_FALSE(solve_effect(exercise(), n)) << n;
    EXPECT_FALSE(solve_alpha(exercise(), n)) << n;
  }
}

TEST(Design, arms_round_the_candidate_up_without_the_rounding_of_doubles) {
  EXPECT_EQ(arms(10, 1.1), (Customers{10, 11}));
  EXPECT_EQ(arms(10, 1.11), (Customers{10, 12}));
  EXPECT_EQ(arms(2, 0.001), (Customers{2, 2}));
}

}  // namespace
}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "learn/uplift.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "learn/beyond_controls.h"
#include "learn/hold_out.h"
#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"

namespace learn {
namespace {

// Half are keen and buy half the time, asked or not; of the others 10 % buy unasked and 30 % asked.
// One in three is a control.
data::Table customers(std::uint64_t seed, std::size_t rows) {
  base::Random random(seed);
  std::vector<double> keen(rows), noise(rows);
  std::vector<std::uint8_t> control(rows), bought(rows);
  std::vector<std::string> town(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    keen[row] = random.bernoulli(0.5) ? 1 : 0;
    noise[row] = random.normal();
    control[row] = random.bernoulli(1.0 / 3) ? 1 : 0;
    town[row] = random.bernoulli(0.5) ? "Lima" : "Quito";
    const double chance = keen[row] != 0 ? 0.5 : control[row] != 0 ? 0.1 : 0.3;
    bought[row] = random.bernoulli(chance) ? 1 : 0;
  }
  return *data::Table::of(
      {data::Column::of_numbers("keen", keen), data::Column::of_numbers("noise", noise),
       data::Column::of_strings("town", town), data::Column::of_bytes("control", control),
       data::Column::of_bytes("bought", bought)});
}

TrainOptions options_of() { return {.target = "bought", .exclude = {"control"}, .name = "uplift"}; }

const ControlGroup kGroup{"control", "1"};

TEST(Uplift, is_the_difference_of_two_regressions_of_the_groups) {
  const data::Table table = customers(1, 4000);
  const TrainOptions options = options_of();
  const auto treated = treated_of(table, kGroup);
  const auto trained = train_uplift(table, *treated, options);
  ASSERT_TRUE(trained) << trained.error().message;
  // By way of a file.
  const auto document = pmml::read(pmml::write(trained->document));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(*document, trained->document);
  const auto scores = score(*document, table, "1");
  ASSERT_TRUE(scores) << scores.error().message;

  const auto parted = part_by_control(table, kGroup);
  const auto contacted = train(parted->treated, options),
             controls = train(parted->controls, options);
  const auto if_contacted = score(contacted->document, table, "1");
  const auto if_not = score(controls->document, table, "1");
  ASSERT_EQ(scores->uplifts.size(), table.rows());
  EXPECT_EQ(&scores->keys(), &scores->uplifts);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    ASSERT_NEAR(scores->probabilities[row], if_contacted->probabilities[row], 1e-4);
    const double uplift = if_contacted->probabilities[row] - if_not->probabilities[row];
    ASSERT_NEAR(scores->uplifts[row], uplift, 1e-4);
    ASSERT_EQ(scores->offers[row], scores->uplifts[row] > 0 ? 1 : 0);
  }
  EXPECT_EQ(trained->treated + parted->controls.rows(), 4000U);
  EXPECT_EQ(trained->treated_positives, contacted->positives);
  EXPECT_EQ(trained->control_positives, controls->positives);
}

TEST(Uplift, is_the_same_with_any_number_of_threads) {
  const data::Table table = customers(2, 3000);
  const auto treated = treated_of(table, kGroup);
  TrainOptions options = options_of();
  options.logistic.threads = 1;
  const auto one = train_uplift(table, *treated, options);
  options.logistic.threads = 3;
  EXPECT_EQ(one->document, train_uplift(table, *treated, options)->document);
}

// An offer brings the keen nothing, and the others 0.2 acceptances: at an income of 10 and a cost
// of 1 half of (0.2·10 − 1), 0.5 a customer, against 0 of offering to whom acceptance is likeliest
// and to everybody, −0.5 + 0.5. Seed 3, 24,000 test rows: the standard errors are below 0.08; the
// margin is three of them.
TEST(Uplift, finds_whom_an_offer_changes) {
  TrainOptions options = options_of();
  options.economics = *profit::economics_from_money(10, 1);
  const auto result = train_and_test_uplift(customers(3, 40'000), kGroup, nullptr, 0.6, 1, options);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_NEAR(static_cast<double>(result->test_rows), 24'000, 4);
  EXPECT_NEAR(static_cast<double>(result->test_controls), 8000, 300);
  EXPECT_EQ(result->model.threshold, 0.1);
  ASSERT_EQ(result->ranking.size(), 4U);
  const BeyondControls& first = result->ranking[0];
  EXPECT_EQ(first.name, "uplift");
  EXPECT_NEAR(first.figures.profit_per_customer.estimate, 0.5, 0.24);
  EXPECT_NEAR(static_cast<double>(first.offers), 12'000, 400);
  EXPECT_GT(first.figures.coefficient->low, 0);
  EXPECT_FALSE(first.behind);
  for (std::size_t i = 1; i < 4; ++i) {
    const BeyondControls& other = result->ranking[i];
    EXPECT_NEAR(other.figures.profit_per_customer.estimate, 0, 0.24) << other.name;
    EXPECT_GT(other.behind->low, 0) << other.name;
    EXPECT_NEAR(
        other.behind->estimate,
        first.figures.profit_per_customer.estimate - other.figures.profit_per_customer.estimate,
        1e-12);
  }
}

TEST(Uplift, tests_on_a_table_of_its_own) {
  const data::Table test = customers(5, 900);
  const auto result = train_and_test_uplift(customers(4, 3000), kGroup, &test, 0, 1, options_of());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->model.rows, 3000U);
  EXPECT_EQ(result->test_rows, 900U);
}

// By hand: of two treated, one bought; of two controls none.
TEST(Uplift, always_gains_the_difference_of_the_groups) {
  const data::Table table = *data::Table::of({data::Column::of_bytes("bought", {1, 0, 0, 0})});
  const Labels labels = *read_labels(table, "bought");
  const std::vector<std::uint8_t> treated = {1, 1, 0, 0};
  const auto ranking =
      rank_beyond_controls({}, {&table, &labels, treated}, *profit::economics_from_money(10, 1));
  ASSERT_TRUE(ranking) << ranking.error().message;
  EXPECT_EQ((*ranking)[0].name, "always");
  EXPECT_DOUBLE_EQ((*ranking)[0].figures.profit_per_customer.estimate, 0.5 * 10 - 1);
  EXPECT_EQ((*ranking)[0].offers, 4);
  EXPECT_EQ((*ranking)[1].figures.profit_per_customer.estimate, 0);
  const auto without = rank_beyond_controls({}, {&table, &labels, treated}, std::nullopt);
  EXPECT_DOUBLE_EQ((*without)[0].figures.profit_per_customer.estimate, 0.5);
}

TEST(Uplift, says_which_value_it_is_about) {
  const data::Table table = customers(6, 600);
  auto document = train_uplift(table, *treated_of(table, kGroup), options_of())->document;
  EXPECT_EQ(offered_value(document), "1");
  EXPECT_EQ(pmml::offer_rule(document)->field, "uplift");
  // A stranger's, of another shape.
  for (pmml::OutputField& field : document.model.output) {
    if (field.name == "uplift") std::get<pmml::Apply>(field.expression->is).arguments.clear();
  }
  EXPECT_EQ(offered_value(document), std::nullopt);
}

TEST(Uplift, refuses_what_it_cannot_learn_from) {
  const auto refusal = [](const data::Table& table, TrainOptions options,
                          const ControlGroup& group = kGroup) {
    return train_uplift(table, *treated_of(table, group), options).error().message;
  };
  const data::Table table = customers(7, 300);
  TrainOptions options = options_of();
  options.threshold = 1.5;
  EXPECT_EQ(refusal(table, options),
            "the threshold is 1.5: an uplift, the difference of two probabilities, lies between "
            "-1 and 1");
  const data::Table nobody = *data::Table::of(
      {data::Column::of_numbers("keen", std::vector<double>{1, 2, 3, 4, 5}),
       data::Column::of_bytes("control", std::vector<std::uint8_t>{0, 0, 0, 1, 1}),
       data::Column::of_bytes("bought", std::vector<std::uint8_t>{1, 0, 1, 0, 0})});
  EXPECT_EQ(
      refusal(nobody, options_of()),
      "of the 2 controls none holds '1' in 'bought': both outcomes are needed in both groups");
  const data::Table named = *data::Table::of(
      {data::Column::of_numbers("uplift", std::vector<double>{1, 2, 3, 4, 5}),
       data::Column::of_bytes("control", std::vector<std::uint8_t>{0, 0, 0, 1, 1}),
       data::Column::of_bytes("bought", std::vector<std::uint8_t>{1, 0, 1, 0, 1})});
  EXPECT_EQ(refusal(named, options_of()),
            "column 'uplift' has the name of a result of the model: rename it, or leave it out");
}

}  // namespace
}  // namespace learn

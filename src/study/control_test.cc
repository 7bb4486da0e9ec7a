// SPDX-License-Identifier: Apache-2.0
// Studies with a control group.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "base/random.h"
#include "learn/control_group.h"
#include "study/analysis.h"
#include "study/run.h"

namespace study {
namespace {

// Half are keen and buy half the time, asked or not; of the others 10 % buy unasked and 30 % asked.
// One in three is a control ("none"). A model of acceptances finds the keen.
data::Table customers(std::uint64_t seed, std::size_t rows) {
  base::Random random(seed);
  std::vector<double> id(rows), keen(rows), noise(rows);
  std::vector<std::uint8_t> control(rows), bought(rows);
  std::vector<std::string> arm(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    id[row] = static_cast<double>(row);
    keen[row] = random.bernoulli(0.5) ? 1 : 0;
    noise[row] = random.normal();
    control[row] = random.bernoulli(1.0 / 3) ? 1 : 0;
    arm[row] = control[row] != 0 ? "none" : random.bernoulli(0.5) ? "red" : "blue";
    const double chance = keen[row] != 0 ? 0.5 : control[row] != 0 ? 0.1 : 0.3;
    bought[row] = random.bernoulli(chance) ? 1 : 0;
  }
  return *data::Table::of(
      {data::Column::of_numbers("id", id), data::Column::of_numbers("keen", keen),
       data::Column::of_numbers("noise", noise), data::Column::of_bytes("control", control),
       data::Column::of_strings("arm", arm), data::Column::of_bytes("bought", bought)});
}

GroundOptions options_of(const std::string& control, const Evaluation& evaluation = {}) {
  return {.target = "bought",
          .exclude = {"id", control == "control" ? "arm" : "control"},
          .control = control,
          .evaluation = evaluation};
}

base::Result<Ground> prepare(const std::string& control, const Evaluation& evaluation = {},
                             std::size_t rows = 6000) {
  return Ground::prepare({.offers = customers(1, rows)}, *profit::economics_from_money(10, 1),
                         options_of(control, evaluation));
}

class ControlTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_ = testing::TempDir() + "provecho_control_" + std::to_string(getpid()) + "_" +
                        testing::UnitTest::GetInstance()->current_test_info()->name();
};

Recipe logistic() {
  return {.name = "logistic",
          .generation = "own",
          .settings = {{"learner", std::string(kLogisticRegression)}}};
}

TEST_F(ControlTest, controls_measure_and_do_nothing_else) {
  for (const std::string& words : {std::string("control"), std::string("arm=none")}) {
    const auto ground = prepare(words);
    ASSERT_TRUE(ground) << ground.error().message;
    for (const Rows* rows : {&ground->train(), &ground->validation(), &ground->test()}) {
      const data::Column& control = *rows->table.find("control");
      for (std::size_t row = 0; row < control.size(); ++row) ASSERT_EQ(control.number(row), 0);
    }
    const data::Column& control = *ground->controls().table.find("control");
    for (std::size_t row = 0; row < control.size(); ++row) ASSERT_EQ(control.number(row), 1);
    // 15 % of a third of 6,000, and of two thirds.
    EXPECT_NEAR(static_cast<double>(control.size()), 300, 20);
    EXPECT_NEAR(static_cast<double>(ground->test().table.rows()), 600, 20);
    EXPECT_EQ(ground->attributes(), (std::vector<std::string>{"keen", "noise"}));
  }
}

TEST_F(ControlTest, in_folds_every_control_is_asked_once) {
  const auto ground = prepare("control", {.folds = 3, .repeats = 2});
  ASSERT_TRUE(ground) << ground.error().message;
  std::size_t controls = 0;
  for (const Ground& round : ground->rounds()) controls += round.controls().table.rows();
  EXPECT_EQ(controls + ground->train().table.rows(), 6000U);
  const data::Table all = customers(1, 6000);
  for (const std::size_t row : {0, 100, 2000}) {
    EXPECT_EQ(all.find("id")->number(ground->tested()[row]),
              ground->test().table.find("id")->number(row));
  }
}

// An offer to a keen one brings nothing that would not have come, −1 with its cost; to one of the
// others 0.2·10 − 1. Seed 1, 24,000 rows in folds: the error of a share of the 8,000 controls is
// 0.006, so that of the profit per row of all below 0.08; the margins are three of those.
TEST_F(ControlTest, tells_what_would_have_come_anyway) {
  for (const Evaluation& evaluation : {Evaluation{.folds = 2}, Evaluation{.test_share = 0.6}}) {
    std::filesystem::remove_all(folder_);
    const auto ground = prepare("control", evaluation, 24'000);
    ASSERT_TRUE(ground) << ground.error().message;
    // Above a half there are keen ones only.
    RunOptions run_options{.recipes = {logistic()}, .folder = folder_};
    run_options.threshold = ThresholdRule::kHalf;
    auto result = run(*ground, run_options, {}, {});
    ASSERT_TRUE(result) << result.error().message;
    const learn::Uplift& uplift = *result->models[0].uplift;
    ASSERT_TRUE(uplift.coefficient);
    // The keen come first: the curve lies below chance.
    EXPECT_LT(uplift.coefficient->high, 0);
    ASSERT_EQ(uplift.top.size(), 4U);
    EXPECT_NEAR(uplift.top[1].uplift.estimate, 0, 0.05);
    const auto analysis = analyse(*ground, std::move(result->models),
                                  {.folder = folder_, .threshold = ThresholdRule::kHalf});
    ASSERT_TRUE(analysis) << analysis.error().message;
    for (const Ranked& ranked : analysis->ranking) {
      const double brings = ranked.model.uplift->profit_per_customer.estimate;
      const auto offered = static_cast<double>(ranked.model.test.offered()) /
                           static_cast<double>(ranked.model.test.total());
      if (ranked.model.recipe.name == "logistic") {
        EXPECT_NEAR(brings, -offered, 0.24);
      }
      if (ranked.model.recipe.name == "never") {
        EXPECT_EQ(brings, 0);
      }
      if (ranked.model.recipe.name == "always") {
        EXPECT_NEAR(brings, 0.1 * 10 - 1, 0.24);
      }
      if (ranked.model.recipe.name == "at random") {
        EXPECT_NEAR(brings, 0, 0.24);
      }
    }
    EXPECT_NE(analysis->advice.find("would have accepted unasked"), std::string::npos);
    EXPECT_EQ(analysis->control, "control");
  }
}

TEST_F(ControlTest, uplift_is_kept_in_the_file) {
  const auto ground = prepare("control");
  ASSERT_TRUE(ground) << ground.error().message;
  const Model made = make_model(*ground, logistic(), 1, ThresholdRule::kBest)->model;
  const auto read = read_figures(write_figures(made), made.recipe, made.decisions);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(write_figures(*read), write_figures(made));
  ASSERT_TRUE(read->uplift);
  EXPECT_EQ(read->uplift->area, made.uplift->area);
  EXPECT_EQ(read->uplift->curve.size(), made.uplift->curve.size());
}

TEST_F(ControlTest, takes_the_controls_of_a_test_file) {
  const auto ground = Ground::prepare({.offers = customers(1, 3000), .test = customers(2, 900)},
                                      *profit::economics_from_q(10), options_of("control"));
  ASSERT_TRUE(ground) << ground.error().message;
  EXPECT_EQ(ground->test().table.rows() + ground->controls().table.rows(), 900U);
}

TEST_F(ControlTest, refuses_what_is_no_control_group) {
  EXPECT_EQ(prepare("arm").error().message.substr(0, 20), "column 'arm' holds '");
  EXPECT_EQ(prepare("arm=green").error().message,
            "no row holds 'green' in column 'arm': a control group is needed, and customers who "
            "were contacted");
  EXPECT_FALSE(prepare("group"));
  EXPECT_FALSE(prepare("group=none"));
  const data::Table table = *data::Table::of(
      {data::Column::of_bytes("control", std::vector<std::uint8_t>{0, 1, data::kMissingByte})});
  EXPECT_EQ(learn::part_by_control(table, {"control", "1"}).error().message,
            "column 'control' is missing in row 3: of every row it must say whether it is one of "
            "the controls");
}

}  // namespace
}  // namespace study

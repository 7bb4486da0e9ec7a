// SPDX-License-Identifier: Apache-2.0
// What a report says of rounds and of a control group, of analyses made by hand.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/html.h"
#include "report/tables.h"

namespace report {
namespace {

study::Analysis analysis() {
  study::Analysis a;
  a.economics = {.income = 2, .cost = 0.5};
  a.target = "visit";
  a.positive = "1";
  study::Ranked one;
  one.model.recipe = {.name = "boosting", .generation = "own", .settings = {}};
  one.model.test = {.tp = 30, .fp = 70, .tn = 880, .fn = 20};
  one.money.rap = {0.4, 0.05, 0.3, 0.5};
  one.money.profit_per_customer = {0.012, 0.002, 0.008, 0.016};
  a.ranking.push_back(one);
  return a;
}

study::Analysis with_controls() {
  study::Analysis a = analysis();
  a.control = "segment=none & <nobody>";
  a.control_rows = 321;
  a.control_positives = 12;
  a.ranking[0].model.uplift =
      learn::Uplift{.profit_per_customer = {0.0071, 0.001, 0.0051, 0.0091},
                    .area = metric::Interval{0.01, 0.001, 0.008, 0.012},
                    .coefficient = metric::Interval{0.234, 0.02, 0.19, 0.27},
                    .top = {{0.1, {0.05, 0.01, 0.03, 0.07}}},
                    .curve = {{0, 0}, {0.5, 0.04}, {1, 0.05}}};
  return a;
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(Evaluation, is_said_in_every_form) {
  study::Analysis a = analysis();
  EXPECT_FALSE(has(html(a), "Nadeau"));
  EXPECT_FALSE(has(markdown(a), "Measured by"));
  EXPECT_EQ(nlohmann::json::parse(json(a)).at("evaluation").at("method"), "hold-out");
  a.evaluation = {.folds = 5, .repeats = 3};
  a.ranking[0].model.rounds.resize(15);
  EXPECT_TRUE(has(html(a), "over 15 rounds, by the corrected resampled t-test (Nadeau"));
  EXPECT_TRUE(has(html(a), "by a model of the other 4 of 5 folds"));
  EXPECT_TRUE(has(markdown(a), "Measured by repeated k-fold: every row is tested once"));
  const auto parsed = nlohmann::json::parse(json(a));
  EXPECT_EQ(parsed.at("evaluation").at("rounds"), 15);
  EXPECT_EQ(parsed.at("evaluation").at("intervals"), "rounds");
  EXPECT_EQ(parsed.at("ranking")[0].at("rounds").size(), 15U);
  a.evaluation = {.order = study::Order::kTime, .folds = 4};
  EXPECT_EQ(nlohmann::json::parse(json(a)).at("evaluation").at("method"), "forward chaining");
  EXPECT_TRUE(has(html(a), "cut into 5 blocks in the order of time"));
}

TEST(Controls, have_a_section_a_picture_and_columns) {
  const std::string page = html(with_controls());
  EXPECT_TRUE(has(page, "What the offer changes"));
  EXPECT_TRUE(has(page, "of a control group (segment=none &amp; &lt;nobody&gt;, 12"));
  EXPECT_TRUE(has(page, "7.10 <small>5.10 to 9.10</small>"));
  EXPECT_TRUE(has(page, "acceptances gained per 1,000 customers"));
  EXPECT_TRUE(has(page, "money / 1,000 customers"));  // The cost is 0.5: no count of offers.
  EXPECT_TRUE(has(markdown(with_controls()), "| boosting | 7.10 | 5.10 | 9.10 | 0.234 |"));
  EXPECT_TRUE(has(csv(with_controls()), ",0.0071,0.001,0.0051,0.0091,0.234,0.02,0.19,0.27,"));
  const auto parsed = nlohmann::json::parse(json(with_controls()));
  EXPECT_EQ(parsed.at("control").at("rows"), 321);
  EXPECT_EQ(parsed.at("ranking")[0].at("uplift").at("qini").at("estimate"), 0.234);
  EXPECT_EQ(parsed.at("ranking")[0].at("uplift").at("curve").size(), 3U);
}

TEST(Controls, are_not_spoken_of_where_there_are_none) {
  EXPECT_FALSE(has(html(analysis()), "What the offer changes"));
  EXPECT_FALSE(has(html(analysis()), "Beyond controls"));
  EXPECT_FALSE(has(markdown(analysis()), "What the offer changes"));
  EXPECT_TRUE(nlohmann::json::parse(json(analysis())).at("control").is_null());
}

}  // namespace
}  // namespace report

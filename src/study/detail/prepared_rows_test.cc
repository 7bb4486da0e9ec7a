// SPDX-License-Identifier: Apache-2.0
#include "study/detail/prepared_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "learn/decision_tree.h"
#include "learn/evaluate.h"
#include "study/detail/fit.h"

namespace study::detail {
namespace {

using enum Preparation::Smote;

// 1,200 offers: a number, a text, missing in some rows, and a text that is empty in all.
Rows offers(std::uint64_t seed, bool with_texts = true) {
  constexpr std::size_t kRows = 1200;
  base::Random random(seed);
  std::vector<double> income(kRows);
  std::vector<std::string> region(kRows), remark(kRows);
  learn::Labels labels{.column = "accepted", .positive = "1", .negative = "0"};
  const char* const regions[] = {"north", "south", "west", "\"far\" & <out>", ""};
  for (std::size_t row = 0; row < kRows; ++row) {
    income[row] = 1000 * random.normal();
    const std::uint64_t where = random.below(5);
    region[row] = regions[where];
    const double z = -2 + income[row] / 1000 + (where == 1 || where == 4 ? 1.5 : 0);
    labels.values.push_back(random.bernoulli(1 / (1 + std::exp(-z))) ? 1 : 0);
    labels.positives += labels.values.back();
  }
  std::vector<data::Column> columns = {data::Column::of_numbers("income", income)};
  if (with_texts) {
    columns.push_back(data::Column::of_strings("region", region));
    columns.push_back(data::Column::of_strings("remark", remark));
  }
  return {*data::Table::of(std::move(columns)), labels};
}

std::vector<std::string> names_of(const data::Table& table) {
  std::vector<std::string> names;
  for (const data::Column& column : table.columns()) names.push_back(column.name());
  return names;
}

class PreparedRowsTest : public testing::Test {
 protected:
  Ground::TrainingRows made(const Preparation& preparation) {
    const auto training = prepared_.training_rows(preparation);
    EXPECT_TRUE(training) << training.error().message;
    return *training;
  }
  Rows train_ = offers(1);
  std::vector<std::string> attributes_ = names_of(train_.table);
  GroundOptions options_ = {.target = "accepted"};
  PreparedRows prepared_{train_, attributes_, options_};
  const std::vector<std::string> encoded_ = {"income",           "remark",
                                             "region = west",    "region = south",
                                             "region = north",   "region = \"far\" & <out>",
                                             "region is missing"};
};

TEST_F(PreparedRowsTest, are_the_rows_themselves_where_nothing_is_asked_for) {
  const Ground::TrainingRows plain = made({});
  EXPECT_EQ(plain.rows, &train_);
  EXPECT_EQ(plain.attributes, &attributes_);
  EXPECT_EQ(plain.encoding, nullptr);
}

TEST_F(PreparedRowsTest, have_indicators_in_place_of_texts) {
  const Ground::TrainingRows rows = made({.indicators = true});
  EXPECT_TRUE(std::ranges::is_permutation(*rows.attributes, encoded_));
  ASSERT_NE(rows.encoding, nullptr);
  for (std::size_t row = 0; row < 1200; ++row) {
    const std::string text = train_.table.find("region")->text(row);
    const std::string name = text.empty() ? "region is missing" : "region = " + text;
    for (const data::Column& column : rows.rows->table.columns()) {
      if (!column.name().starts_with("region")) continue;
      ASSERT_EQ(column.number(row), column.name() == name ? 1 : 0) << column.name();
    }
  }
}

TEST_F(PreparedRowsTest, of_plain_smote_stand_between_indicators) {
  const Ground::TrainingRows rows =
      made({.smote = kPlain, .distances = learn::SmoteDistances::kRaw});
  EXPECT_TRUE(std::ranges::is_permutation(*rows.attributes, encoded_));
  const learn::Labels& labels = rows.rows->labels;
  EXPECT_EQ(2 * labels.positives, static_cast<std::int64_t>(labels.values.size()));
  const data::Column& south = *rows.rows->table.find("region = south");
  const std::vector<double> values = south.numbers();
  // Neighbours by raw distances are near in income, whatever their region.
  EXPECT_GT(std::ranges::count_if(values, [](double v) { return v > 0 && v < 1; }), 50);
  // Whatever is said of texts beside it: it is made once.
  EXPECT_EQ(
      made({.smote = kPlain, .distances = learn::SmoteDistances::kRaw, .indicators = true}).rows,
      rows.rows);
}

TEST_F(PreparedRowsTest, of_the_nominal_variant_hold_whole_texts_as_indicators_too) {
  const Ground::TrainingRows texts = made({.smote = kNominal});
  EXPECT_EQ(*texts.attributes, attributes_);
  const Ground::TrainingRows rows = made({.smote = kNominal, .indicators = true});
  const data::Column& region = *texts.rows->table.find("region");
  const data::Column& south = *rows.rows->table.find("region = south");
  ASSERT_EQ(south.size(), region.size());
  for (std::size_t row = 0; row < south.size(); ++row)
    ASSERT_EQ(south.number(row), region.text(row) == "south" ? 1 : 0);
}

TEST_F(PreparedRowsTest, are_made_once_where_there_are_no_texts) {
  const Rows numbers = offers(2, false);
  const std::vector<std::string> names = names_of(numbers.table);
  PreparedRows prepared(numbers, names, options_);
  const auto rows_of = [&](const Preparation& preparation) {
    return prepared.training_rows(preparation)->rows;
  };
  EXPECT_EQ(rows_of({.indicators = true}), &numbers);
  const Rows* const plain = rows_of({.smote = kPlain});
  EXPECT_EQ(rows_of({.smote = kNominal}), plain);
  EXPECT_EQ(rows_of({.smote = kNominal, .indicators = true}), plain);
  EXPECT_NE(rows_of({.smote = kPlain, .distances = learn::SmoteDistances::kRaw}), plain);
}

TEST_F(PreparedRowsTest, rank_indicators_where_they_have_them) {
  const auto ranked = prepared_.ranked_attributes({.indicators = true});
  ASSERT_TRUE(ranked) << ranked.error().message;
  EXPECT_TRUE(std::ranges::is_permutation(**ranked, encoded_));
}

Recipe tree(Point settings) {
  settings["learner"] = std::string(kDecisionTree);
  return {.name = "tree", .generation = "own", .settings = std::move(settings)};
}

Ground ground_of(const Rows& rows) {
  std::vector<data::Column> columns(rows.table.columns().begin(), rows.table.columns().end());
  columns.push_back(data::Column::of_bytes("accepted", rows.labels.values));
  return std::move(*Ground::prepare({.offers = *data::Table::of(std::move(columns))},
                                    *profit::economics_from_q(5), {.target = "accepted"}));
}

base::Result<learn::Trained> trained(const Ground& ground, const Recipe& recipe) {
  TRY_ASSIGN(const Material material, material_of(ground, recipe, 1));
  return fit(ground, recipe, material);
}

// The same tree by hand, on a table of numbers, scores that table as the model scores the texts.
TEST(Fit, on_indicators_is_the_model_of_numbers_on_rows_as_they_come) {
  const Ground ground = ground_of(offers(3));
  const Recipe recipe = tree({{"texts", "indicators"}, {"min_leaf", std::int64_t{20}}});
  const base::Result<learn::Trained> model = trained(ground, recipe);
  ASSERT_TRUE(model) << model.error().message;
  const learn::DerivedFeatures encoding = *learn::DerivedFeatures::fit(
      ground.train().table, ground.train().labels, {.indicators = {"region"}});
  const data::Table numbers = *encoding.extend(ground.train().table);
  learn::TrainingSet set{.columns = {}, .labels = &ground.train().labels};
  for (const data::Column& column : numbers.columns()) {
    if (column.name() != "region" && column.name() != "accepted") set.columns.push_back(&column);
  }
  const learn::Trained by_hand =
      *learn::train_decision_tree(set, {.max_depth = 8, .min_samples_leaf = 20});
  const auto expected = learn::score(by_hand.document, *encoding.extend(ground.test().table), "1");
  const auto scores = learn::score(model->document, ground.test().table, "1");
  ASSERT_TRUE(scores) << scores.error().message;
  EXPECT_EQ(scores->probabilities, expected->probabilities);
  // Told of the texts' column, once.
  std::vector<std::string> columns;
  double sum = 0;
  for (const learn::Importance& one : model->importance) {
    columns.push_back(one.column);
    sum += one.share;
  }
  EXPECT_TRUE(
      std::ranges::is_permutation(columns, std::vector<std::string>{"income", "remark", "region"}));
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(Fit, keeps_indicators_out_of_bins_and_logarithms) {
  const Ground ground = ground_of(offers(4));
  for (const char* const kind : {"bins", "logs"}) {
    Recipe recipe = tree({{"balance", "smote"}, {"engineering", kind}});
    recipe.settings["learner"] = std::string(kLogisticRegression);
    const base::Result<learn::Trained> model = trained(ground, recipe);
    ASSERT_TRUE(model) << model.error().message;
    for (const learn::Importance& one : model->importance) {
      EXPECT_EQ(one.column.find(" of region"), std::string::npos) << one.column;
    }
    EXPECT_TRUE(learn::score(model->document, ground.test().table, "1"));
  }
}

}  // namespace
}  // namespace study::detail

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/file.h"
#include "base/number.h"
#include "base/random.h"
#include "data/csv.h"
#include "data/split.h"
#include "learn/evaluate.h"
#include "learn/hold_out.h"
#include "metric/probability.h"
#include "pmml/document/decision.h"
#include "pmml/interpret/interpreter.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace learn {
namespace {

data::Table table_of(const std::string& csv) {
  auto table = data::parse_csv(csv, "test");
  EXPECT_TRUE(table) << (table ? "" : table.error().message);
  return *std::move(table);
}

// Customers with an age (sometimes missing), a city (sometimes missing), a flag and a constant.
std::string customers(int rows, std::uint64_t seed) {
  base::Random random(seed);
  std::string text = "id,age,city,flag,always,bought\n";
  for (int i = 0; i < rows; ++i) {
    const double age = 20 + static_cast<double>(random.below(400)) / 10;
    const auto city = random.below(3);
    const auto flag = random.below(2);
    const double z = -2 + 0.04 * age + (city == 0 ? 1 : 0) - 0.7 * static_cast<double>(flag);
    const bool bought = random.bernoulli(1 / (1 + std::exp(-z)));
    const char* const cities[] = {"Lima", "São \"P\" <Paulo> & co", "Bogotá, D.C."};
    std::string name = cities[city];
    for (std::size_t at = 0; (at = name.find('"', at)) != std::string::npos; at += 2)
      name.insert(at, "\"");
    text += std::to_string(i) + "," + (random.bernoulli(0.1) ? "" : base::format_double(age)) +
            "," + (random.bernoulli(0.05) ? "NA" : "\"" + name + "\"") + "," +
            std::to_string(flag) + ",1," + (bought ? "yes" : "no") + "\n";
  }
  return text;
}

TrainOptions options_for(const std::string& target) {
  TrainOptions options;
  options.target = target;
  options.name = "test";
  return options;
}

std::string refusal(const std::string& csv, const TrainOptions& options) {
  const auto model = train(table_of(csv), options);
  return model ? "accepted" : model.error().message;
}

TEST(Train, lives_a_whole_life_with_one_score) {
  const data::Table table = table_of(customers(3000, 1));
  TrainOptions options = options_for("bought");
  options.exclude = {"id"};
  options.economics = *profit::economics_from_q(2.5);
  const TrainedModel model = *train(table, options);
  EXPECT_TRUE(model.fit.converged);
  EXPECT_EQ(pmml::offer_rule(model.document)->threshold, 0.4);
  EXPECT_EQ(offered_value(model.document), "yes");

  const std::string text = pmml::write(model.document);
  const pmml::Document read = *pmml::read(text);
  EXPECT_EQ(read, model.document);
  const pmml::Interpreter interpreter(read);
  const Scores from_memory = *score(model.document, table, "yes"),
               from_file = *score(read, table, "yes");
  EXPECT_EQ(from_memory.probabilities, from_file.probabilities);
  EXPECT_EQ(from_memory.offers, from_file.offers);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::vector<std::string> texts;
    for (const pmml::MiningField* field : interpreter.fields())
      texts.push_back(table.find(field->name)->text(row));
    std::vector<pmml::RawInput> raw;
    for (const std::string& cell : texts) {
      raw.push_back({.missing = cell.empty(),
                     .unreadable = false,
                     .number = base::parse_double(cell),
                     .text = cell});
    }
    const pmml::Interpretation slow = interpreter.interpret(raw);
    EXPECT_EQ(slow.outcome.probability("yes"), from_file.probabilities[row]);
    EXPECT_EQ(from_file.offers[row], from_file.probabilities[row] > 0.4 ? 1 : 0);
  }
}

TEST(Train, scores_what_the_solver_saw) {
  // The document's probabilities, by the data alone: the loss of the scored rows is the objective
  // of the fit.
  const data::Table table = table_of(customers(3000, 2));
  TrainOptions options = options_for("bought");
  options.exclude = {"id"};
  const TrainedModel model = *train(table, options);
  const Labels labels = *read_labels(table, "bought");
  const Scores scores = *score(model.document, table, "yes");
  double objective =
      static_cast<double>(table.rows()) * *metric::log_loss(scores.probabilities, labels.values);
  for (const double w : model.fit.weights) objective += 0.5 * w * w;
  EXPECT_NEAR(objective, model.fit.objective, 1e-10 * objective);
}

TEST(Train, handles_missing_values_and_categories_in_the_document) {
  const data::Table table = table_of(customers(3000, 3));
  TrainOptions options = options_for("bought");
  options.exclude = {"id"};
  const TrainedModel model = *train(table, options);
  // age and flag; three cities and the missing one.
  EXPECT_EQ(model.columns, 6U);
  EXPECT_EQ(model.features, (std::vector<std::string>{"age", "city", "flag"}));
  ASSERT_EQ(model.notes.size(), 1U);
  EXPECT_EQ(model.notes[0], "column 'always' is left out: it holds '1' in every row");
  // A missing age counts as the mean of the others; a city never seen has no indicator at all.
  double mean = 0;
  const data::Column& age = *table.find("age");
  for (std::size_t row = 0; row < age.size(); ++row) {
    if (!age.is_missing(row))
      mean += age.number(row) / static_cast<double>(age.size() - age.missing());
  }
  const data::Table asked =
      table_of("age,city,flag,always\n,Lima,1,1\n" + base::format_double(mean) +
               ",Lima,1,1\n40,Quito,0,1\n40,,0,1\n");
  const Scores scores = *score(model.document, asked, "yes");
  EXPECT_NEAR(scores.probabilities[0], scores.probabilities[1], 1e-12);
  EXPECT_NEAR(scores.probabilities[2],
              1 / (1 + std::exp(-(model.fit.intercept + 40 * model.fit.weights[0]))), 1e-12);
  EXPECT_NE(scores.probabilities[3], scores.probabilities[2]);
}

TEST(Train, is_the_same_bytes_with_any_number_of_threads) {
  const data::Table table = table_of(customers(5000, 4));
  TrainOptions options = options_for("bought");
  options.logistic.threads = 1;
  const std::string one = pmml::write(train(table, options)->document);
  options.logistic.threads = 3;
  EXPECT_EQ(pmml::write(train(table, options)->document), one);
}

TEST(Train, warns_of_a_column_that_knows_too_much) {
  base::Random random(5);
  std::string text = "age,duration,bought\n";
  for (int i = 0; i < 2000; ++i) {
    const bool bought = random.bernoulli(0.2);
    text += std::to_string(random.below(60)) + "," +
            base::format_double((bought ? 600 : 200) + 200 * random.normal()) + "," +
            (bought ? "1" : "0") + "\n";
  }
  const TrainedModel model = *train(table_of(text), options_for("bought"));
  ASSERT_EQ(model.leaks.size(), 1U);
  EXPECT_EQ(model.leaks[0].column, "duration");
  EXPECT_NEAR(model.leaks[0].auc, 0.92, 0.03);  // Φ(2/√2) = 0.921; standard error 0.007.
  EXPECT_TRUE(train(table_of(customers(2000, 5)), options_for("bought"))->leaks.empty());
}

TEST(Train, names_a_column_that_looks_like_an_id) {
  const TrainedModel model = *train(table_of(customers(3000, 6)), options_for("bought"));
  ASSERT_EQ(model.notes.size(), 2U);
  EXPECT_EQ(
      model.notes[0],
      "column 'id' holds a different whole number in every row: if it is an id, leave it out");
}

TEST(Train, refuses_targets_that_are_not_a_yes_or_no) {
  const std::string csv = "x,y,z,w,v\n1,a,1,0,5\n2,b,1,1,6\n3,c,1,,5\n";
  EXPECT_EQ(refusal(csv, options_for("y")),
            "the target 'y' holds 3 values: 'a', 'b', 'c'; it must hold two");
  EXPECT_EQ(refusal(csv, options_for("z")),
            "the target 'z' is constant: it holds '1', there is nothing to learn");
  EXPECT_EQ(refusal(csv, options_for("w")),
            "the target 'w' is missing in row 3: leave rows without an outcome out, as "
            "--drop-unlabelled does");
  EXPECT_EQ(refusal(csv, options_for("Y")), "there is no column 'Y', did you mean 'y'?");
  EXPECT_EQ(refusal(csv, options_for("v")),
            "the target 'v' holds '5', '6': say which of them means that the offer is accepted "
            "(the positive value, --positive)");
  TrainOptions options = options_for("v");
  options.positive = "7";
  EXPECT_EQ(refusal(csv, options), "the target 'v' does not hold '7': it holds '5', '6'");
  options.positive = "6.0";
  EXPECT_EQ(train(table_of(csv), options)->positive, "6");
  std::string many = "x,y\n";
  for (int i = 0; i < 50; ++i) many += "1," + std::to_string(i) + "\n";
  EXPECT_EQ(refusal(many, options_for("y")),
            "the target 'y' holds more than 8 values: '0', '1', '2', '3', '4', '5', '6', '7', …; "
            "it must hold two");
}

TEST(Train, refuses_features_that_cannot_be_used) {
  std::string csv = "name,x,y\n";
  for (int i = 0; i < 20; ++i)
    csv += "n" + std::to_string(i) + "," + std::to_string(i) + "," + std::to_string(i % 2) + "\n";
  TrainOptions options = options_for("y");
  options.most_categories = 10;
  EXPECT_EQ(refusal(csv, options),
            "column 'name' holds 20 different texts, more than 10 are no categories: leave it out "
            "with --exclude");
  options.features = {"x", "nmae"};
  EXPECT_EQ(refusal(csv, options), "there is no column 'nmae', did you mean 'name'?");
  options.features = {"x", "y"};
  EXPECT_EQ(refusal(csv, options), "the target 'y' cannot be a feature");
  options.features = {"x"};
  options.exclude = {"x"};
  EXPECT_EQ(refusal(csv, options), "no column is left as a feature");
  options.exclude = {};
  options.threshold = 1.5;
  EXPECT_EQ(refusal(csv, options), "the threshold is 1.5: a probability lies between 0 and 1");
}

TEST(Evaluate, refuses_rows_that_the_model_cannot_score) {
  TrainOptions options = options_for("y");
  const data::Table table = table_of("a,b,y\n1,2,0\n2,5,1\n4,1,0\n9,9,1\n");
  const TrainedModel model = *train(table, options);
  EXPECT_EQ(
      score(model.document, table_of("a,c\n1,2\n"), "1").error().message,
      "the model needs what the table lacks: there is no column 'b': the columns are 'a', 'c'");
  EXPECT_EQ(
      score(model.document, table_of("a,b\n1,2\n1,\n"), "1").error().message,
      "the model gives no answer for row 2: a value is missing or not one that the model takes");
  EXPECT_EQ(score(model.document, table, "maybe").error().message,
            "the model gives no probability of 'maybe'");
}

TEST(Rank, puts_the_model_that_earns_most_first_beside_always_and_never) {
  const data::Table all = table_of(customers(6000, 7));
  const Labels labels = *read_labels(all, "bought");
  const data::Split split =
      *data::stratified_split(labels.values, {.validation = 0, .test = 0.5}, 1);
  const data::Table train_rows = all.take(split.train), test_rows = all.take(split.test);
  const profit::Economics economics = *profit::economics_from_q(3);
  TrainOptions options = options_for("bought");
  options.economics = economics;
  options.features = {"age", "city", "flag"};
  const pmml::Document full = train(train_rows, options)->document;
  options.features = {"flag"};
  const pmml::Document poor = train(train_rows, options)->document;
  options.features = {"age", "city", "flag"};
  options.threshold = 0.99;
  const pmml::Document shy = train(train_rows, options)->document;
  const std::vector<Candidate> candidates = {{"shy", &shy}, {"poor", &poor}, {"full", &full}};
  const auto ranked = *rank(candidates, test_rows, "bought", economics);
  ASSERT_EQ(ranked.size(), 5U);
  EXPECT_EQ(ranked[0].name, "full");
  for (std::size_t i = 1; i < ranked.size(); ++i) EXPECT_GE(*ranked[i - 1].rap, *ranked[i].rap);
  const Evaluation& best = ranked[0];
  EXPECT_EQ(best.confusion.total(), 3000);
  EXPECT_DOUBLE_EQ(*best.threshold, 1.0 / 3);
  EXPECT_NEAR(
      *best.profit_per_customer * 3000,
      3.0 * static_cast<double>(best.confusion.tp) - static_cast<double>(best.confusion.offered()),
      1e-9);
  EXPECT_LT(*best.calibration_error, 0.05);
}

TEST(Rank, refuses_models_that_expect_different_things) {
  const data::Table table = table_of("x,y\n1,a\n2,b\n3,a\n4,b\n");
  TrainOptions options = options_for("y");
  options.positive = "a";
  const pmml::Document a = train(table, options)->document;
  options.positive = "b";
  const pmml::Document b = train(table, options)->document;
  const std::vector<Candidate> candidates = {{"first", &a}, {"second", &b}};
  EXPECT_EQ(rank(candidates, table, "y", *profit::economics_from_q(2)).error().message,
            "model 'second' offers where it expects 'b', the others where they expect 'a': they "
            "cannot be compared");
}

TEST(TrainAndTest, holds_a_share_out_that_training_never_sees) {
  const data::Table table = table_of(customers(4000, 8));
  TrainOptions options = options_for("bought");
  options.exclude = {"id"};
  options.economics = *profit::economics_from_q(2);
  const TrainedAndTested result = *train_and_test(table, nullptr, 0.25, 1, options);
  EXPECT_EQ(result.model.rows, 3000U);
  EXPECT_EQ(result.test_rows, 1000U);
  EXPECT_GT(*result.tested.auc, 0.6);
  ASSERT_EQ(result.nulls.size(), 2U);
  EXPECT_EQ(result.nulls[0].confusion.offered(), 1000);
  EXPECT_FALSE(train_and_test(table, nullptr, 1.5, 1, options));
  const data::Table other = table_of("age,city,flag,always,bought\n30,Lima,1,1,perhaps\n");
  EXPECT_EQ(train_and_test(table, &other, 0, 1, options).error().message,
            "the target 'bought' holds 'perhaps': expected 'yes' or 'no'");
}

}  // namespace
}  // namespace learn

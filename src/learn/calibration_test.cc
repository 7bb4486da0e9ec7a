// SPDX-License-Identifier: Apache-2.0
#include "learn/calibration.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "base/random.h"
#include "data/table.h"
#include "learn/detail/frame.h"
#include "learn/evaluate.h"
#include "metric/probability.h"
#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace learn {
namespace {

using data::Column;

constexpr double kLearned = 1e-6;

// scikit-learn 1.9.1, sklearn.calibration._sigmoid_calibration([-2, -1, -0.5, 0.3, 1, 2.5],
// [0, 0, 1, 0, 1, 1]) gives a = -0.616895, b = 0.014947: its p is 1 / (1 + exp(a f + b)).
TEST(Sigmoid, is_platts) {
  const std::vector<double> scores = {-2, -1, -0.5, 0.3, 1, 2.5};
  const std::vector<std::uint8_t> labels = {0, 0, 1, 0, 1, 1};
  const Sigmoid sigmoid = *fit_sigmoid({scores, labels});
  EXPECT_NEAR(sigmoid.slope, 0.6168954, kLearned);
  EXPECT_NEAR(sigmoid.offset, -0.0149470, kLearned);
  EXPECT_EQ(sigmoid.probability(0.7), 1 / (1 + std::exp(-(sigmoid.offset + sigmoid.slope * 0.7))));
  // Weights are shares: all twos are no weights at all; a row of weight 0 is none.
  EXPECT_NEAR(fit_sigmoid({scores, labels, std::vector<double>(6, 2)})->slope, sigmoid.slope, 1e-9);
}

TEST(Sigmoid, stays_finite_where_scores_part_the_classes_and_where_all_are_one) {
  const Sigmoid parted =
      *fit_sigmoid({std::vector<double>{-1e6, -1, 1, 1e6}, std::vector<std::uint8_t>{0, 0, 1, 1}});
  EXPECT_TRUE(std::isfinite(parted.slope) && parted.slope > 0);
  const Sigmoid same =
      *fit_sigmoid({std::vector<double>(4, 0.0), std::vector<std::uint8_t>{0, 0, 0, 1}});
  // All at the mean of Platt's targets, (2/3 + 3 · 1/5) / 4.
  EXPECT_NEAR(same.probability(0), (2.0 / 3 + 3.0 / 5) / 4, 1e-9);
}

// By hand: 0.3 and 0.4 violate the order and are pooled at 1/2, so do the three at 0.6.
TEST(Steps, pool_what_falls) {
  const std::vector<double> scores = {0.4, 0.1, 0.3, 0.6, 0.6, 0.6, 0.9};
  const std::vector<std::uint8_t> labels = {0, 0, 1, 1, 0, 1, 1};
  const Steps steps = *fit_steps({scores, labels});
  const std::vector<Steps::Point> expected = {
      {0.1, 0}, {0.3, 0.5}, {0.4, 0.5}, {0.6, 2.0 / 3}, {0.9, 1}};
  EXPECT_EQ(steps.points, expected);
  EXPECT_EQ(steps.probability(0), 0);
  EXPECT_EQ(steps.probability(1), 1);
  EXPECT_EQ(steps.probability(0.35), 0.5);
  EXPECT_NEAR(steps.probability(0.5), 0.5 + (2.0 / 3 - 0.5) / 2, 1e-12);
  // With three times the weight on the first positive the pool of 0.3 and 0.4 is at 3/4, above 2/3:
  // it swallows 0.6, (3 + 2) / (3 + 1 + 3).
  const std::vector<double> weights = {1, 1, 3, 1, 1, 1, 0};
  EXPECT_EQ(fit_steps({scores, labels, weights})->points,
            (std::vector<Steps::Point>{{0.1, 0}, {0.3, 5.0 / 7}, {0.6, 5.0 / 7}}));
}

TEST(Steps, are_constant_where_all_scores_are_one) {
  const Steps steps =
      *fit_steps({std::vector<double>(4, 0.5), std::vector<std::uint8_t>{0, 0, 0, 1}});
  ASSERT_EQ(steps.points.size(), 2U);
  for (const double score : {0.0, 0.5, 1.0}) EXPECT_EQ(steps.probability(score), 0.25);
}

// Elkan's theorem 2 in his own form: p' = b' (p − p b) / (b − p b + b' p − b b').
TEST(PriorCorrection, is_elkans) {
  const Calibration correction = *prior_correction(0.5, 0.0279);
  for (const double p : {0.01, 0.3, 0.5, 0.99}) {
    const double b = 0.5, t = 0.0279;
    EXPECT_NEAR(correction.probability(p), t * (p - p * b) / (b - p * b + t * p - b * t), 1e-15);
  }
  EXPECT_NEAR(correction.probability(0.5), 0.0279, 1e-15);
  EXPECT_EQ(prior_correction(0, 0.1).error().message,
            "a rate of positives of 0: it must lie strictly between 0 and 1");
  EXPECT_FALSE(prior_correction(0.5, NAN));
}

TEST(Calibration, refuses_rows_it_cannot_learn_from) {
  const std::vector<double> scores = {0.1, 0.2};
  const auto refusal = [](const HeldOut& rows) {
    const auto fit = fit_calibration(CalibrationMethod::kPlatt, rows);
    return fit ? "" : fit.error().message;
  };
  EXPECT_EQ(refusal({scores, std::vector<std::uint8_t>{0, 0}}),
            "calibration: the held-out rows are all of one class: hold out more, of both");
  EXPECT_EQ(refusal({scores, std::vector<std::uint8_t>{0}}),
            "calibration: 2 scores, 1 labels and 0 weights: expected one label and one weight, or "
            "no weights at all, for each");
  EXPECT_EQ(refusal({std::vector<double>{0.1, 1.5}, std::vector<std::uint8_t>{0, 1}}),
            "calibration: the score of row 2 is 1.5: a probability lies between 0 and 1");
  EXPECT_NE(refusal({scores, std::vector<std::uint8_t>{0, 1}, std::vector<double>{1, -1}}), "");
  EXPECT_NE(refusal({scores, std::vector<std::uint8_t>{0, 1}, std::vector<double>{0, 1}}), "");
  EXPECT_FALSE(fit_sigmoid({std::vector<double>{0, NAN}, std::vector<std::uint8_t>{0, 1}}));
}

// Customers of 20 to 60, some of unknown age.
data::Table customers(std::size_t rows, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<double> age(rows);
  std::vector<std::string> bought(rows), city(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    age[r] = 20 + static_cast<double>(random.below(400)) / 10;
    city[r] = random.bernoulli(0.5) ? "Lima" : "Quito";
    bought[r] = random.bernoulli((age[r] - 15) / 60) ? "yes" : "no";
    if (random.bernoulli(0.1)) age[r] = data::kMissingNumber;
  }
  return *data::Table::of({Column::of_numbers("age", age), Column::of_strings("city", city),
                           Column::of_strings("bought", bought)});
}

pmml::TreeModel tree_of(const std::vector<double>& cuts, bool classifies) {
  pmml::TreeModel tree;
  tree.missing_value_strategy = pmml::MissingValueStrategy::kNullPrediction;
  tree.nodes.emplace_back();
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const double p = static_cast<double>(i + 1) / static_cast<double>(cuts.size() + 3);
    pmml::TreeNode leaf;
    leaf.score = tree.add_text(classifies ? (p > 0.5 ? "yes" : "no") : std::to_string(p - 0.4));
    if (classifies) {
      const pmml::ScoreDistribution distribution[] = {{.value = "no", .record_count = 1 - p},
                                                      {.value = "yes", .record_count = p}};
      tree.set_distribution(leaf, distribution);
    }
    leaf.predicate = tree.add_predicate(
        i < cuts.size()
            ? pmml::Predicate{pmml::SimplePredicate{"age", pmml::Comparison::kLessThan,
                                                    std::to_string(cuts[i])}}
            : pmml::Predicate{pmml::SimplePredicate{"age", pmml::Comparison::kGreaterOrEqual,
                                                    std::to_string(cuts[i - 1])}});
    tree.nodes.push_back(leaf);
  }
  tree.set_ends(std::vector<std::uint32_t>(tree.nodes.size(), 0));
  return tree;
}

pmml::Document framed(const std::optional<std::string>& replacement) {
  const std::vector<detail::Input> inputs = {{"age", true, replacement}};
  const Labels labels{.column = "bought", .positive = "yes", .negative = "no"};
  return detail::frame(inputs, labels, "tree", "test");
}

pmml::Document tree_document(const std::optional<std::string>& replacement) {
  pmml::Document document = framed(replacement);
  document.model.body = tree_of({25, 31.5, 44, 52}, true);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

pmml::Model member(const pmml::Document& document, pmml::ModelBody body,
                   pmml::MiningFunction function) {
  pmml::Model model{.function = function, .mining_schema = document.model.mining_schema};
  model.body = std::move(body);
  return model;
}

// The mean of two trees' probabilities.
pmml::Document forest_document() {
  pmml::Document document = framed("41");
  pmml::MiningModel forest{.method = pmml::MultipleModelMethod::kAverage};
  for (const double cut : {30, 50}) {
    forest.segments.push_back({.predicate = {pmml::True{}},
                               .model = member(document, tree_of({cut, cut + 3.0}, true),
                                               pmml::MiningFunction::kClassification)});
  }
  document.model.body = std::move(forest);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

// Two trees' sum through a logit, as boosting is written down.
pmml::Document boosted_document(bool single) {
  pmml::Document document = framed(std::nullopt);
  pmml::MiningModel sum{.method = pmml::MultipleModelMethod::kSum};
  for (const double cut : {30, 50}) {
    sum.segments.push_back({.predicate = {pmml::True{}},
                            .model = member(document, tree_of({cut, cut + 3.0}, false),
                                            pmml::MiningFunction::kRegression)});
  }
  pmml::Model first = member(document, std::move(sum), pmml::MiningFunction::kRegression);
  first.output = {
      {.name = "margin", .feature = pmml::ResultFeature::kPredictedValue, .is_final = false}};
  pmml::RegressionModel logit{.normalization = pmml::Normalization::kLogit};
  logit.tables.push_back({.target_category = "yes", .numeric = {{"margin", 1, 1.0}}});
  logit.tables.push_back({.target_category = "no"});
  pmml::Model second{.function = pmml::MiningFunction::kClassification,
                     .mining_schema = {document.model.mining_schema[0], {.name = "margin"}}};
  second.body = std::move(logit);
  if (single) first.math = second.math = pmml::MathContext::kFloat;
  pmml::MiningModel chain{.method = pmml::MultipleModelMethod::kModelChain};
  chain.segments.push_back({.predicate = {pmml::True{}}, .model = std::move(first)});
  chain.segments.push_back({.predicate = {pmml::True{}}, .model = std::move(second)});
  document.model.body = std::move(chain);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

pmml::Document logistic_document() {
  pmml::Document document = framed("41");
  pmml::RegressionModel logit{.normalization = pmml::Normalization::kLogit};
  logit.tables.push_back(
      {.intercept = -6.1, .target_category = "yes", .numeric = {{"age", 1, 0.17}}});
  logit.tables.push_back({.target_category = "no"});
  document.model.body = std::move(logit);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

std::vector<Calibration> calibrations() {
  return {{Sigmoid{1.7, -0.4}},
          {Sigmoid{-0.5, 0.1}},
          *prior_correction(0.5, 0.03),
          {Steps{{{0.2, 0}, {0.25, 0.1}, {0.3, 0.1}, {0.6, 0.75}}}}};
}

// Compiled, the same when read back, and what the function says of what the document said before,
// bit for bit unless `margin` is above 0.
void expect_calibrated(const pmml::Document& document, double margin) {
  const data::Table rows = customers(500, 3);
  const auto before = pmml::Scorer::compile(document);
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_TRUE(before->compiled());
  for (const Calibration& calibration : calibrations()) {
    auto calibrated = calibrate(document, "yes", calibration);
    ASSERT_TRUE(calibrated) << calibrated.error().message;
    pmml::add_decision(*calibrated, "yes", 0.25);
    const auto again = pmml::read(pmml::write(*calibrated));
    ASSERT_TRUE(again) << again.error().message;
    const auto scorer = pmml::Scorer::compile(*again);
    ASSERT_TRUE(scorer) << scorer.error().message;
    EXPECT_TRUE(scorer->compiled());
    const auto oracle = pmml::Scorer::interpret(*calibrated);
    ASSERT_TRUE(oracle) << oracle.error().message;
    EXPECT_EQ(scorer->outputs().size(), 3U);
    EXPECT_EQ(pmml::offer_rule(*again)->threshold, 0.25);
    EXPECT_EQ(offered_value(*again), "yes");
    pmml::Workspace first(*before), second(*scorer), third(*oracle);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      std::vector<double> cells(scorer->inputs().size(), pmml::kMissing);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const Column& column = *rows.find(scorer->inputs()[i].name);
        cells[i] = column.numeric() ? column.number(r) : scorer->encode(i, column.text(r));
      }
      const auto& was = before->score(cells, first);
      const auto& is = scorer->score(cells, second);
      const auto& said = oracle->score(cells, third);
      ASSERT_EQ(is.status, was.status);
      ASSERT_EQ(is.status, said.status);
      if (is.status != pmml::Status::kOk) continue;
      const double expected =
          calibration.probability(was.probabilities[*before->target_category("yes")]);
      const double p = is.probabilities[*scorer->target_category("yes")];
      if (margin == 0) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(p), std::bit_cast<std::uint64_t>(expected));
      } else {
        ASSERT_NEAR(p, expected, margin);
      }
      ASSERT_EQ(said.probabilities[*oracle->target_category("yes")], p);
      ASSERT_NEAR(is.probabilities[*scorer->target_category("no")], 1 - p, 1e-15);
      ASSERT_EQ(is.outputs[*scorer->output("offer")], p > 0.25 ? 1 : 0);
    }
  }
}

TEST(Calibrate, chains_a_link_to_trees_and_forests_bit_for_bit) {
  expect_calibrated(tree_document("41"), 0);
  expect_calibrated(tree_document(std::nullopt), 0);  // Unknown ages have no probability.
  expect_calibrated(forest_document(), 0);
  expect_calibrated(boosted_document(true), 0);
}

TEST(Calibrate, folds_a_sigmoid_into_a_logistic_regression) {
  const pmml::Document trained = logistic_document();
  const pmml::Document folded = *calibrate(trained, "yes", {Sigmoid{1.7, -0.4}});
  EXPECT_TRUE(std::holds_alternative<pmml::RegressionModel>(folded.model.body));
  // Roundings of a linear predictor of size 10.
  expect_calibrated(trained, 1e-12);
  expect_calibrated(boosted_document(false), 1e-12);
  // The positive value's table may stand second.
  pmml::Document turned = trained;
  auto& tables = std::get<pmml::RegressionModel>(turned.model.body).tables;
  tables[0].target_category = "no";
  tables[1].target_category = "yes";
  expect_calibrated(turned, 1e-12);
}

TEST(Calibrate, again_is_both_one_after_the_other) {
  const Calibration platt{Sigmoid{1.3, 0.2}};
  const Calibration steps = calibrations().back();
  const pmml::Document once = *calibrate(tree_document("41"), "yes", steps);
  expect_calibrated(once, 0);
  expect_calibrated(*calibrate(tree_document("41"), "yes", platt), 1e-12);
}

TEST(Calibrate, refuses_what_has_no_probability_of_two_values) {
  const pmml::Document document = tree_document("41");
  const auto refusal = [&](const pmml::Document& of, const std::string& positive,
                           const Calibration& calibration) {
    const auto result = calibrate(of, positive, calibration);
    return result ? "" : result.error().message;
  };
  EXPECT_EQ(refusal(document, "1", {}),
            "calibration: the document tells 'no' from 'yes', there is no '1'");
  EXPECT_EQ(refusal(document, "yes", {Sigmoid{NAN, 0}}),
            "calibration: the sigmoid's slope nan and offset 0 must be finite");
  EXPECT_NE(refusal(document, "yes", {Steps{{{0.5, 0.5}}}}), "");
  EXPECT_NE(refusal(document, "yes", {Steps{{{0.5, 0.5}, {0.4, 0.6}}}}), "");
  EXPECT_NE(refusal(document, "yes", {Steps{{{0.4, 0.5}, {0.5, 1.6}}}}), "");
  pmml::Document regression = document;
  regression.model.function = pmml::MiningFunction::kRegression;
  EXPECT_EQ(refusal(regression, "yes", {}), "calibration: the document is no classification");
  pmml::Document rules = document;
  rules.model.output.push_back({.name = "leaf", .feature = pmml::ResultFeature::kEntityId});
  EXPECT_EQ(refusal(rules, "yes", {Sigmoid{}}),
            "calibration: the output 'leaf' is of the uncalibrated model alone: take it out first");
}

// A model trained where half of the rows are positive, of people of whom a tenth are: seed 11,
// 40,000 rows; the calibration error is measured on 40,000 others. The bound is twice what the
// true probabilities themselves show there (ten bins of some 4,000 rows: √(0.1 · 0.9 / 4000) ≈
// 0.005).
TEST(Calibrate, makes_probabilities_of_a_resampled_model_true) {
  base::Random random(11);
  std::vector<double> uncalibrated, odds;
  std::vector<std::uint8_t> labels;
  for (int r = 0; r < 80000; ++r) {
    const double z = -3.2 + 1.5 * random.normal();  // The true log-odds.
    odds.push_back(z);
    uncalibrated.push_back(1 / (1 + std::exp(-(2 * z + 3))));  // Too sure of itself, and too high.
    labels.push_back(random.bernoulli(1 / (1 + std::exp(-z))) ? 1 : 0);
  }
  const std::span<const double> all = uncalibrated;
  const std::span<const std::uint8_t> outcomes = labels;
  for (const auto method : {CalibrationMethod::kPlatt, CalibrationMethod::kIsotonic}) {
    const Calibration calibration =
        *fit_calibration(method, {all.first(40000), outcomes.first(40000)});
    std::vector<double> calibrated;
    for (const double p : all.last(40000)) calibrated.push_back(calibration.probability(p));
    EXPECT_LT(metric::calibration_error(calibrated, outcomes.last(40000)).value(), 0.01);
    EXPECT_GT(metric::calibration_error(all.last(40000), outcomes.last(40000)).value(), 0.02);
  }
  // The sigmoid undoes it: slope 1/2, offset −3/2. Margins of four standard errors.
  const Sigmoid sigmoid =
      std::get<Sigmoid>(fit_calibration(CalibrationMethod::kPlatt, {all, outcomes})->of);
  EXPECT_NEAR(sigmoid.slope, 0.5, 0.02);
  EXPECT_NEAR(sigmoid.offset, -1.5, 0.06);
}

}  // namespace
}  // namespace learn

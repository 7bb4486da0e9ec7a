// SPDX-License-Identifier: Apache-2.0
#include "learn/derived_features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "data/split.h"
#include "learn/calibration.h"
#include "learn/decision_tree.h"
#include "learn/detail/frame.h"
#include "learn/evaluate.h"
#include "learn/gradient_boosting.h"
#include "learn/random_forest.h"
#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace learn {
namespace {

using data::Column;
using data::kMissingNumber;
using data::Table;

Labels labels_of(std::vector<std::uint8_t> values) {
  Labels labels{.column = "y", .positive = "yes", .negative = "no"};
  labels.values = std::move(values);
  labels.positives = std::accumulate(labels.values.begin(), labels.values.end(), std::int64_t{0});
  return labels;
}

DerivedFeatureOptions everything() {
  return {.binned = {"age", "calls"},
          .bins = 4,
          .products = {{"age", "balance"}, {"age", "age"}},
          .crosses = {{"job", "city"}},
          .most_crossed = 5,
          .logarithms = {"balance"},
          .frequencies = {"job", "city"},
          .target_rates = {"job"},
          .indicators = {"job", "city"}};
}

// Customers; `strange` ones have jobs and cities that the others have not, and debts.
Table customers(std::size_t rows, std::uint64_t seed, bool strange) {
  base::Random random(seed);
  const char* const jobs[] = {"clerk", "cook", "(missing)", "nurse", "pilot", "poet"};
  const char* const cities[] = {"Lima", "Quito", "Cali", "La Paz"};
  std::vector<double> age(rows), balance(rows);
  std::vector<std::uint8_t> calls(rows);
  std::vector<std::string> job(rows), city(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    age[r] =
        random.bernoulli(0.1) ? kMissingNumber : 18 + static_cast<double>(random.below(600)) / 10;
    balance[r] = random.bernoulli(0.1) ? kMissingNumber
                                       : std::exp(5 + random.normal()) - (strange ? 100 : 0);
    if (balance[r] < 0 && !strange) balance[r] = 0;
    calls[r] = static_cast<std::uint8_t>(random.bernoulli(0.8) ? 1 : 1 + random.below(5));
    job[r] = random.bernoulli(0.1) ? "" : jobs[random.below(strange ? 6 : 4)];
    if (!strange && job[r] == "(missing)") job[r] = "cook";
    city[r] = random.bernoulli(0.1) ? "" : cities[random.below(strange ? 4 : 3)];
  }
  return *Table::of({Column::of_numbers("age", age), Column::of_numbers("balance", balance),
                     Column::of_bytes("calls", calls), Column::of_strings("job", job),
                     Column::of_strings("city", city)});
}

Labels outcomes(std::size_t rows, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<std::uint8_t> values(rows);
  for (std::uint8_t& value : values) value = random.bernoulli(0.3) ? 1 : 0;
  return labels_of(std::move(values));
}

// A classification of y by all columns, whose missing values are replaced or not.
pmml::Document framed(const Table& extended, bool replaces) {
  std::vector<detail::Input> inputs;
  for (const Column& column : extended.columns()) {
    detail::Input input{column.name(), column.numeric(), std::nullopt};
    if (replaces && column.missing() > 0)
      input.missing_replacement = column.numeric() ? "41.25" : "(missing)";
    inputs.push_back(input);
  }
  return detail::frame(inputs, labels_of({0, 1}), "test", "test");
}

pmml::Document regression_document(const Table& extended) {
  pmml::Document document = framed(extended, true);
  pmml::RegressionTable table{.intercept = -0.3, .target_category = "yes"};
  base::Random random(4);
  for (const Column& column : extended.columns()) {
    if (column.numeric()) {
      table.numeric.push_back({column.name(), 1, random.normal() / 1000});
    } else {
      for (const std::string& category : column.categories())
        table.categorical.push_back({column.name(), category, random.normal()});
      if (column.missing() > 0) table.categorical.push_back({column.name(), "(missing)", 0.77});
    }
  }
  document.model.body = pmml::RegressionModel{pmml::Normalization::kLogit,
                                              {std::move(table), {.target_category = "no"}}};
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

// A tree of some depth that asks for columns by lot.
void grow(const Table& extended, int depth, bool classifies, base::Random& random,
          pmml::TreeModel& tree, std::size_t at) {
  const double p = random.uniform();
  tree.nodes[at].score =
      tree.add_text(classifies ? (p > 0.5 ? "yes" : "no") : std::to_string(p - 0.5));
  if (classifies) {
    const pmml::ScoreDistribution distribution[] = {{.value = "no", .record_count = 1 - p},
                                                    {.value = "yes", .record_count = p}};
    tree.set_distribution(tree.nodes[at], distribution);
  }
  tree.nodes[at].after = static_cast<std::uint32_t>(tree.nodes.size());
  if (depth == 0) return;
  const Column& column = extended.columns()[random.below(extended.columns().size())];
  pmml::Predicate sides[2];
  std::size_t row = random.below(extended.rows());
  while (column.is_missing(row)) row = random.below(extended.rows());
  if (column.numeric()) {
    sides[0] = {
        pmml::SimplePredicate{column.name(), pmml::Comparison::kLessThan, column.text(row)}};
    sides[1] = {
        pmml::SimplePredicate{column.name(), pmml::Comparison::kGreaterOrEqual, column.text(row)}};
  } else {
    for (const bool is_in : {true, false})
      sides[is_in ? 0 : 1] = {pmml::SimpleSetPredicate{column.name(), is_in, {column.text(row)}}};
  }
  for (const pmml::Predicate& side : sides) {
    const std::size_t child = tree.nodes.size();
    tree.nodes.push_back({.predicate = tree.add_predicate(side)});
    grow(extended, depth - 1, classifies, random, tree, child);
  }
  tree.nodes[at].after = static_cast<std::uint32_t>(tree.nodes.size());
}

pmml::TreeModel tree_of(const Table& extended, bool classifies, std::uint64_t seed) {
  base::Random random(seed);
  pmml::TreeModel tree;
  tree.missing_value_strategy = pmml::MissingValueStrategy::kLastPrediction;
  tree.nodes.emplace_back();
  grow(extended, 5, classifies, random, tree, 0);
  return tree;
}

pmml::Document tree_document(const Table& extended, bool replaces) {
  pmml::Document document = framed(extended, replaces);
  document.model.body = tree_of(extended, true, 1);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

// Sums of trees in single precision through a logit.
pmml::Document boosted_document(const Table& extended) {
  pmml::Document document = framed(extended, false);
  for (pmml::DataField& field : document.data_dictionary) {
    if (field.type == pmml::DataType::kDouble) field.type = pmml::DataType::kFloat;
  }
  pmml::MiningModel sum{.method = pmml::MultipleModelMethod::kSum};
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    pmml::Model member{.function = pmml::MiningFunction::kRegression,
                       .math = pmml::MathContext::kFloat,
                       .mining_schema = document.model.mining_schema};
    member.body = tree_of(extended, false, seed);
    sum.segments.push_back({.predicate = {pmml::True{}}, .model = std::move(member)});
  }
  pmml::Model first{
      .function = pmml::MiningFunction::kRegression,
      .math = pmml::MathContext::kFloat,
      .mining_schema = document.model.mining_schema,
      .output = {
          {.name = "margin", .feature = pmml::ResultFeature::kPredictedValue, .is_final = false}}};
  first.body = std::move(sum);
  pmml::Model second{.function = pmml::MiningFunction::kClassification,
                     .mining_schema = {document.model.mining_schema[0], {.name = "margin"}}};
  second.body = pmml::RegressionModel{
      pmml::Normalization::kLogit,
      {{.target_category = "yes", .numeric = {{"margin", 1, 1.0}}}, {.target_category = "no"}}};
  pmml::MiningModel chain{.method = pmml::MultipleModelMethod::kModelChain};
  chain.segments.push_back({.predicate = {pmml::True{}}, .model = std::move(first)});
  chain.segments.push_back({.predicate = {pmml::True{}}, .model = std::move(second)});
  document.model.body = std::move(chain);
  pmml::add_decision(document, "yes", 0.3);
  return document;
}

// Of every row its status, and the bits of its probability.
std::vector<std::pair<int, std::uint64_t>> scores_of(const pmml::Scorer& scorer,
                                                     const Table& table) {
  std::vector<std::pair<int, std::uint64_t>> scores;
  pmml::Workspace workspace(scorer);
  std::vector<double> cells(scorer.inputs().size());
  for (std::size_t r = 0; r < table.rows(); ++r) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Column* column = table.find(scorer.inputs()[i].name);
      EXPECT_NE(column, nullptr) << scorer.inputs()[i].name;
      cells[i] = column->is_missing(r) ? pmml::kMissing
                 : column->numeric()   ? column->number(r)
                                       : scorer.encode(i, column->text(r));
    }
    const pmml::Prediction& prediction = scorer.score(cells, workspace);
    const bool ok = prediction.status == pmml::Status::kOk;
    scores.emplace_back(
        static_cast<int>(prediction.status),
        ok ? std::bit_cast<std::uint64_t>(prediction.probabilities[*scorer.target_category("yes")])
           : 0);
  }
  return scores;
}

// The raw rows with the attached document score as the extended rows with the bare one.
void expect_same_scores(const DerivedFeatures& derived, const pmml::Document& bare,
                        const Table& raw) {
  const Table extended = *derived.extend(raw);
  const auto attached = derived.attach(bare);
  ASSERT_TRUE(attached) << attached.error().message;
  const auto again = pmml::read(pmml::write(*attached));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, *attached);
  const auto scorer = pmml::Scorer::compile(*again);
  ASSERT_TRUE(scorer) << scorer.error().message;
  EXPECT_TRUE(scorer->compiled());
  const auto oracle = pmml::Scorer::interpret(*attached);
  const auto before = pmml::Scorer::compile(bare);
  ASSERT_TRUE(before) << before.error().message;
  EXPECT_TRUE(before->compiled());
  const auto expected = scores_of(*before, extended);
  EXPECT_EQ(scores_of(*scorer, raw), expected);
  EXPECT_EQ(scores_of(*oracle, raw), expected);
  EXPECT_EQ(pmml::offer_rule(*attached)->threshold, pmml::offer_rule(bare)->threshold);
}

class Attached : public testing::Test {
 protected:
  Table training_ = customers(400, 1, false);
  Labels labels_ = outcomes(400, 2);
  DerivedFeatures derived_ = *DerivedFeatures::fit(training_, labels_, everything());
  Table extended_ = *derived_.extend_training(training_, labels_);
  Table strange_ = customers(600, 3, true);  // Missing and unseen values, debts.
};

TEST_F(Attached, regression_scores_raw_rows_as_the_bare_one_scores_extended_rows) {
  expect_same_scores(derived_, regression_document(extended_), strange_);
}

TEST_F(Attached, tree_does_too_whether_or_not_it_replaces_missing_values) {
  expect_same_scores(derived_, tree_document(extended_, true), strange_);
  expect_same_scores(derived_, tree_document(extended_, false), strange_);
}

TEST_F(Attached, boosted_trees_in_single_precision_do_too) {
  expect_same_scores(derived_, boosted_document(extended_), strange_);
}

TEST_F(Attached, calibrated_documents_do_too) {
  const Calibration steps{Steps{{{0.1, 0.02}, {0.4, 0.3}, {0.8, 0.9}}}};
  expect_same_scores(derived_, *calibrate(tree_document(extended_, true), "yes", steps), strange_);
  expect_same_scores(derived_, *calibrate(regression_document(extended_), "yes", steps), strange_);
}

// A model that has dropped the raw columns, as selection may, gets them back as inputs.
TEST_F(Attached, brings_the_columns_back_that_the_model_does_not_use) {
  std::vector<Column> chosen;
  for (const char* name : {"age * balance", "rate of job", "job x city", "bins of age"})
    chosen.push_back(*extended_.find(name));
  const Table few = *Table::of(chosen);
  expect_same_scores(derived_, regression_document(few), strange_);
  const auto attached = *derived_.attach(regression_document(few));
  const auto scorer = pmml::Scorer::compile(attached);
  ASSERT_EQ(scorer->inputs().size(), 4U);  // age, balance, job and city; not the calls.
}

// The learners' own trees on indicators and numbers.
TEST_F(Attached, trees_on_indicators_ask_for_texts) {
  const DerivedFeatures encoding =
      *DerivedFeatures::fit(training_, labels_, {.indicators = {"job", "city"}});
  const Table numbers = *encoding.extend_training(training_, labels_);
  TrainingSet set{.columns = {}, .labels = &labels_};
  for (const Column& column : numbers.columns()) {
    if (column.name() != "job" && column.name() != "city") set.columns.push_back(&column);
  }
  const pmml::Document documents[] = {train_decision_tree(set, {.min_samples_leaf = 5})->document,
                                      train_random_forest(set, {.n_estimators = 9})->document,
                                      train_gradient_boosting(set, {.n_estimators = 9})->document};
  for (const pmml::Document& bare : documents) {
    expect_same_scores(encoding, bare, strange_);
    const pmml::Document attached = *encoding.attach(bare);
    EXPECT_TRUE(attached.transformations.empty());
    std::vector<std::string> inputs;
    const auto scorer = pmml::Scorer::compile(attached);
    for (const auto& input : scorer->inputs()) inputs.push_back(input.name);
    EXPECT_TRUE(std::ranges::is_permutation(
        inputs, std::vector<std::string>{"age", "balance", "calls", "job", "city"}));
  }
}

// The learners' own trees, to which a text that they have not seen is a missing one: of columns
// that are made and of those that these are made of.
TEST_F(Attached, trees_on_texts_count_unseen_ones_as_missing) {
  TrainingSet set{.columns = {}, .labels = &labels_};
  for (const Column& column : extended_.columns()) set.columns.push_back(&column);
  const pmml::Document documents[] = {
      train_decision_tree(set, {.max_depth = 12, .min_samples_leaf = 2})->document,
      train_random_forest(set, {.n_estimators = 9, .min_samples_leaf = 2})->document,
      train_gradient_boosting(set, {.n_estimators = 9})->document};
  for (const pmml::Document& bare : documents) {
    std::vector<std::string> texts;
    for (const pmml::MiningField& use : bare.model.mining_schema) {
      if (use.invalid_treatment == pmml::InvalidTreatment::kAsMissing) texts.push_back(use.name);
    }
    for (const char* const name : {"job", "job x city", "bins of age"})
      EXPECT_TRUE(std::ranges::count(texts, name) > 0) << name;
    expect_same_scores(derived_, bare, strange_);
  }
}

TEST_F(Attached, document_without_derived_columns_stays_as_it_is) {
  const pmml::Document document = regression_document(training_);
  EXPECT_EQ(*derived_.attach(document), document);
}

TEST_F(Attached, refuses_treatments_it_cannot_follow) {
  const auto refusal = [&](const std::string& field, const auto& change) {
    pmml::Document document = tree_document(extended_, true);
    for (pmml::MiningField& use : document.model.mining_schema) {
      if (use.name != field) continue;
      for (pmml::DataField& data : document.data_dictionary) {
        if (data.name == field) change(use, data);
      }
    }
    const auto attached = derived_.attach(document);
    return attached ? "" : attached.error().message;
  };
  EXPECT_EQ(refusal("age",
                    [](pmml::MiningField& use, pmml::DataField&) {
                      use.outliers = pmml::OutlierTreatment::kAsExtremeValues;
                    }),
            "the document's field 'age' treats outliers or invalid values: derived columns cannot "
            "follow");
  EXPECT_EQ(
      refusal("age * balance", [](pmml::MiningField&,
                                  pmml::DataField& data) { data.type = pmml::DataType::kInteger; }),
      "the document's field 'age * balance' is neither a string, a float nor a double");
  EXPECT_EQ(
      refusal("bins of age", [](pmml::MiningField&,
                                pmml::DataField& data) { data.values.push_back({.value = "x"}); }),
      "the document's field 'bins of age' declares its values: a derived field cannot refuse "
      "others");
  EXPECT_NE(refusal("job", [](pmml::MiningField& use,
                              pmml::DataField&) { use.usage = pmml::Usage::kTarget; }),
            "");
}

std::vector<std::string> texts_of(const Column& column) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column.size(); ++row) texts.push_back(column.text(row));
  return texts;
}

// By hand.
TEST(DerivedFeatures, are_what_their_names_say) {
  const std::vector<std::string> job = {"a", "a", "a", "b", "b", "", "c", "a"};
  const std::vector<std::string> city = {"x", "x", "y", "x", "", "x", "y", "x"};
  const Table rows = *Table::of({Column::of_numbers("n", {1, 2, 3, 4, 5, kMissingNumber, 7, 8}),
                                 Column::of_bytes("m", {0, 1, 0, 1, 0, 1, 0, 3}),
                                 Column::of_strings("job", job), Column::of_strings("city", city)});
  const Labels labels = labels_of({1, 1, 0, 0, 0, 1, 0, 1});
  const DerivedFeatures derived = *DerivedFeatures::fit(rows, labels,
                                                        {.binned = {"n", "m"},
                                                         .bins = 3,
                                                         .products = {{"n", "m"}},
                                                         .crosses = {{"job", "city"}},
                                                         .most_crossed = 2,
                                                         .logarithms = {"m"},
                                                         .frequencies = {"job"},
                                                         .target_rates = {"job"},
                                                         .smoothing = 2,
                                                         .folds = 2,
                                                         .indicators = {"job", "city"}});
  const Table all = *derived.extend(rows);
  // Of 1 2 3 4 5 7 8 the bins begin at places 7/3 → 2 and 14/3 → 4: at 3 and 5.
  EXPECT_EQ(texts_of(*all.find("bins of n")),
            (std::vector<std::string>{"below 3", "below 3", "3 to below 5", "3 to below 5",
                                      "5 and above", "", "5 and above", "5 and above"}));
  // Of 0 0 0 0 1 1 1 3: at place 5, a 1; a bin cannot begin with the lowest number.
  EXPECT_EQ(texts_of(*all.find("bins of m")),
            (std::vector<std::string>{"below 1", "1 and above", "below 1", "1 and above", "below 1",
                                      "1 and above", "below 1", "1 and above"}));
  EXPECT_EQ(texts_of(*all.find("n * m")),
            (std::vector<std::string>{"0", "2", "0", "4", "0", "", "0", "24"}));
  EXPECT_EQ(
      texts_of(*all.find("job x city")),
      (std::vector<std::string>{"a x x", "a x x", "a x y", "(other)", "", "", "(other)", "a x x"}));
  EXPECT_EQ(all.find("log of m")->number(7), std::log1p(3));
  EXPECT_EQ(all.find("frequency of job")->numbers(),
            (std::vector<double>{0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.5}));
  // Half of all accept: (3 + 2 · ½) / (4 + 2), (0 + 1) / 4, (1 + 1) / 3, (0 + 1) / 3.
  const std::vector<double> rates = {4.0 / 6, 4.0 / 6, 4.0 / 6, 1.0 / 4,
                                     1.0 / 4, 2.0 / 3, 1.0 / 3, 4.0 / 6};
  EXPECT_EQ(all.find("rate of job")->numbers(), rates);
  EXPECT_EQ(all.find("job = a")->numbers(), (std::vector<double>{1, 1, 1, 0, 0, 0, 0, 1}));
  EXPECT_EQ(all.find("job = c")->numbers(), (std::vector<double>{0, 0, 0, 0, 0, 0, 1, 0}));
  EXPECT_EQ(all.find("job is missing")->numbers(), (std::vector<double>{0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(all.find("city is missing")->numbers(), (std::vector<double>{0, 0, 0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(derived.sources_of("city = x"), std::vector<std::string>{"city"});
  EXPECT_EQ(derived.sources_of("job x city"), (std::vector<std::string>{"job", "city"}));
  EXPECT_EQ(derived.sources_of("n"), std::vector<std::string>{"n"});

  const Table strange =
      *Table::of({Column::of_numbers("n", {0, 2}), Column::of_numbers("m", {-5, 2.5}),
                  Column::of_strings("job", std::vector<std::string>{"z", "b"}),
                  Column::of_strings("city", std::vector<std::string>{"x", "z"})});
  const Table others = *derived.extend(strange);
  EXPECT_EQ(others.find("log of m")->number(0), 0);
  EXPECT_EQ(others.find("frequency of job")->number(0), 0);
  for (const char* const name : {"job = a", "job = b", "job = c", "job is missing"})
    EXPECT_EQ(others.find(name)->number(0), 0) << name;
  EXPECT_EQ(others.find("job = b")->number(1), 1);
  EXPECT_EQ(others.find("rate of job")->number(0), 0.5);
  EXPECT_EQ(others.find("job x city")->text(1), "(other)");
}

// The bin of a number is how many edges it has reached; the edges are the values that sorting puts
// at the beginnings of ten equal parts, but the least value and those of an edge before.
TEST(DerivedFeatures, bins_begin_where_sorting_puts_their_edges) {
  base::Random random(5);
  for (std::size_t rows = 2; rows < 60; ++rows) {
    std::vector<double> numbers = {0, 0.25};
    while (numbers.size() < rows) numbers.push_back(0.25 * static_cast<double>(random.below(15)));
    std::vector<std::uint8_t> bytes;
    for (const double number : numbers) bytes.push_back(static_cast<std::uint8_t>(4 * number));
    std::vector<double> sorted = numbers, edges;
    std::ranges::sort(sorted);
    for (std::size_t i = 1; i < 10; ++i) {
      const double edge = sorted[rows * i / 10];
      if (edge > (edges.empty() ? sorted[0] : edges.back())) edges.push_back(edge);
    }
    if (edges.empty()) edges.push_back(0.25);
    const Table table =
        *Table::of({Column::of_numbers("n", numbers), Column::of_bytes("m", bytes)});
    Labels labels = labels_of(std::vector<std::uint8_t>(rows, 0));
    const DerivedFeatures derived = *DerivedFeatures::fit(table, labels, {.binned = {"n", "m"}});
    const Table all = *derived.extend(table);
    for (std::size_t row = 0; row < rows; ++row) {
      const auto reached =
          std::ranges::count_if(edges, [&](double e) { return e <= numbers[row]; });
      ASSERT_EQ(all.find("bins of n")->codes()[row], reached) << rows << " rows, row " << row;
      ASSERT_EQ(all.find("bins of m")->codes()[row], reached) << rows << " rows, row " << row;
    }
  }
}

// The outcome of a row is not in its own rate: turning it over changes the rates of the other
// folds' rows, never its own, unless it changes the deal. By hand from the folds as they are dealt.
TEST(DerivedFeatures, rates_of_training_rows_are_of_the_other_folds) {
  const Table rows = customers(300, 5, false);
  const Labels labels = outcomes(300, 6);
  const DerivedFeatures derived = *DerivedFeatures::fit(
      rows, labels, {.target_rates = {"job"}, .smoothing = 4, .folds = 3, .seed = 7});
  const Table extended = *derived.extend_training(rows, labels);
  const Column& rates = *extended.find("rate of job");
  const auto folds = *data::stratified_folds(labels.values, 3, 7);
  const Column& job = *rows.find("job");
  for (std::size_t row = 0; row < 300; ++row) {
    double same = 0, accepted = 0, all = 0, all_accepted = 0;
    for (std::size_t other = 0; other < 300; ++other) {
      if (folds[other] == folds[row]) continue;
      all += 1;
      all_accepted += labels.values[other];
      if (job.text(other) != job.text(row)) continue;
      same += 1;
      accepted += labels.values[other];
    }
    EXPECT_NEAR(rates.number(row), (accepted + 4 * all_accepted / all) / (same + 4), 1e-15);
  }
}

TEST(DerivedFeatures, refuses_what_it_cannot_compute) {
  const Table rows =
      *Table::of({Column::of_numbers("n", {1, -2, 3}), Column::of_bytes("same", {7, 7, 7}),
                  Column::of_numbers("huge", {1e200, 1, 1}),
                  Column::of_numbers("none", std::vector<double>(3, kMissingNumber)),
                  Column::of_strings("job", std::vector<std::string>{"a", "b", "a"}),
                  Column::of_strings("y", std::vector<std::string>{"no", "yes", "no"})});
  const Labels labels = labels_of({0, 1, 0});
  const auto refusal = [&](const DerivedFeatureOptions& options) {
    const auto derived = DerivedFeatures::fit(rows, labels, options);
    return derived ? "" : derived.error().message;
  };
  EXPECT_EQ(refusal({}), "no derived column is asked for");
  EXPECT_EQ(refusal({.binned = {"job"}}), "column 'job' holds texts: expected numbers");
  EXPECT_EQ(refusal({.frequencies = {"n"}}), "column 'n' holds numbers: expected texts");
  EXPECT_EQ(refusal({.logarithms = {"n"}}),
            "column 'n' holds -2 in row 2: a logarithm is of amounts of 0 or more");
  EXPECT_EQ(refusal({.binned = {"same"}}), "column 'same' holds 7 in every row: it has no bins");
  EXPECT_EQ(refusal({.binned = {"none"}}),
            "column 'none' is empty: nothing can be computed from it");
  EXPECT_EQ(refusal({.frequencies = {"y"}}),
            "a column computed from the target 'y' would give it away");
  EXPECT_EQ(refusal({.indicators = {"n"}}), "column 'n' holds numbers: expected texts");
  EXPECT_EQ(refusal({.binned = {"n", "n"}}), "there is a column 'bins of n' already");
  EXPECT_EQ(refusal({.binned = {"n"}, .bins = 1}),
            "1 bins: there must be at least 2 to tell numbers apart");
  EXPECT_NE(refusal({.binned = {"hugee"}}).find("did you mean 'huge'?"), std::string::npos);
  EXPECT_NE(refusal({.target_rates = {"job"}, .smoothing = 0}), "");
  EXPECT_NE(refusal({.target_rates = {"job"}}), "");  // One positive is too few for five folds.
  const DerivedFeatures products =
      *DerivedFeatures::fit(rows, labels, {.products = {{"huge", "huge"}}});
  EXPECT_EQ(products.extend(rows).error().message,
            "'huge * huge' of row 1 is larger than any number: leave this product out");
  EXPECT_FALSE(products.extend(*Table::of({Column::of_bytes("n", {1})})));
}

}  // namespace
}  // namespace learn

// SPDX-License-Identifier: Apache-2.0
#include "learn/decision_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/detail/tree_fits.h"
#include "learn/detail/tree_test_data.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"

namespace learn {
namespace {

using detail::BinnedSet;
using detail::Ensemble;
using detail::Made;

Ensemble fit(const Made& made, const DecisionTreeOptions& options = {},
             std::span<const double> weights = {}, int threads = 1) {
  const detail::Binned binned = made.finely_binned();
  return detail::fit_decision_tree({.table = &binned, .labels = &made.labels, .weights = weights},
                                   options, {.threads = threads});
}

Made made_of(std::vector<data::Column> columns, std::vector<std::uint8_t> y) {
  return {*data::Table::of(std::move(columns)), detail::labels_of(std::move(y))};
}

// Gini by hand: of the cuts of 1 2 3 4 | 0 0 1 0 …, with x ≤ 2.5 the parts are 0/2 and 3/4
// positive. The whole: 6 rows, 3 positive. Worth of parts minus that of the whole: 0 + 9/4 − 9/6 =
// 0.75; any other cut brings less.
TEST(DecisionTree, finds_the_cut_that_hand_and_pencil_find) {
  const Made made =
      made_of({data::Column::of_numbers("x", {1, 2, 3, 4, 5, 6})}, {0, 0, 1, 0, 1, 1});
  const Ensemble tree = fit(made, {.max_depth = 1});
  ASSERT_EQ(tree.trees[0].nodes.size(), 3U);
  const detail::TreeNode& root = tree.trees[0].nodes[0];
  EXPECT_DOUBLE_EQ(root.gain, 0.75);
  EXPECT_EQ(root.bin, 1);
  EXPECT_EQ(tree.trees[0].nodes[1].value, 0);
  EXPECT_EQ(tree.trees[0].nodes[2].value, 0.75);
  // (3 + 1) / (4 + 2) with the rule of succession.
  EXPECT_DOUBLE_EQ(fit(made, {.max_depth = 1, .laplace = 1}).trees[0].nodes[2].value, 4.0 / 6);
}

// An oracle: the best first split of any rows by trying all thresholds, both ways for missing
// values, and all subsets of the texts.
double best_gain(const Made& made) {
  const auto& y = made.labels.values;
  const auto worth = [](double p, double n) { return n > 0 ? p * p / n : 0; };
  double best = -1;
  const auto attempt = [&](const auto& goes_left) {
    double p[2] = {0, 0}, n[2] = {0, 0};
    for (std::size_t i = 0; i < y.size(); ++i) {
      const int side = goes_left(i) ? 0 : 1;
      p[side] += y[i];
      ++n[side];
    }
    if (n[0] == 0 || n[1] == 0) return;
    best = std::max(best, worth(p[0], n[0]) + worth(p[1], n[1]) - worth(p[0] + p[1], n[0] + n[1]));
  };
  for (const data::Column& column : made.table.columns()) {
    for (const bool missing_left : {false, true}) {
      if (column.numeric()) {
        for (std::size_t at = 0; at < y.size(); ++at) {
          if (column.is_missing(at)) continue;
          const double edge = column.number(at);
          attempt([&](std::size_t i) {
            return column.is_missing(i) ? missing_left : column.number(i) <= edge;
          });
        }
      } else {
        for (unsigned subset = 0; subset < 1U << column.categories().size(); ++subset) {
          attempt([&](std::size_t i) {
            const std::int32_t code = column.codes()[i];
            return code == data::kMissingCode ? missing_left : (subset >> code & 1U) != 0;
          });
        }
      }
    }
  }
  return best;
}

TEST(DecisionTree, splits_as_well_as_trying_everything) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Made made = detail::customers(60, seed);
    const Ensemble tree = fit(made, {.max_depth = 1});
    EXPECT_NEAR(tree.trees[0].nodes[0].gain, best_gain(made), 1e-9) << "seed " << seed;
  }
}

// The same oracle on columns of more values than bins, whose best cut no bins need to hold.
TEST(DecisionTree, splits_many_values_as_well_as_trying_everything) {
  std::size_t blurred = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Made made = detail::customers(700, seed);
    const double best = best_gain(made);
    EXPECT_NEAR(fit(made, {.max_depth = 1}).trees[0].nodes[0].gain, best, 1e-9) << "seed " << seed;
    const detail::Binned coarse = made.binned();
    const Ensemble tree =
        detail::fit_decision_tree({.table = &coarse, .labels = &made.labels}, {.max_depth = 1}, {});
    blurred += tree.trees[0].nodes[0].gain < best - 1e-9 ? 1U : 0U;
  }
  EXPECT_GT(blurred, 0U);
}

TEST(DecisionTree, without_limits_tells_all_different_rows_apart) {
  const Made made = detail::customers(2000, 4);
  const Ensemble tree = fit(made);
  const detail::Binned binned = made.finely_binned();
  for (std::size_t row = 0; row < 2000; ++row)
    ASSERT_EQ(tree.probability(binned, row), made.labels.values[row]) << "row " << row;
}

TEST(DecisionTree, scores_as_its_document_does) {
  const Made made = detail::customers(3000, 2);
  for (const DecisionTreeOptions& options :
       {DecisionTreeOptions{}, DecisionTreeOptions{.max_depth = 4, .laplace = 1},
        DecisionTreeOptions{.max_leaf_nodes = 9}, DecisionTreeOptions{.min_samples_leaf = 3000}})
    detail::expect_same_scores(fit(made, options), made);
}

TEST(DecisionTree, holds_to_its_limits) {
  const Made made = detail::customers(3000, 3);
  const detail::Tree bounded = fit(made, {.max_leaf_nodes = 12, .min_samples_leaf = 40}).trees[0];
  std::size_t leaves = 0;
  for (const detail::TreeNode& node : bounded.nodes) {
    if (node.left != detail::kNoChild) continue;
    ++leaves;
    EXPECT_GE(node.curvature, 40);
  }
  EXPECT_EQ(leaves, 12U);
  const detail::Tree heavy = fit(made, {.min_weight_leaf = 100}).trees[0];
  for (const detail::TreeNode& node : heavy.nodes)
    EXPECT_TRUE(node.left != detail::kNoChild || node.curvature >= 100);
  // Gains are half of what weight × impurity falls by.
  const detail::Tree worthy = fit(made, {.min_impurity_decrease = 0.002}).trees[0];
  EXPECT_GT(worthy.nodes.size(), 3U);
  for (const detail::TreeNode& node : worthy.nodes)
    EXPECT_TRUE(node.left == detail::kNoChild || 2 * node.gain / 3000 >= 0.002);
}

TEST(DecisionTree, is_the_same_with_any_number_of_threads) {
  const Made made = detail::customers(20'000, 5);
  const Ensemble one = fit(made, {}, {}, 1);
  detail::expect_same_trees(one, fit(made, {}, {}, 2));
  detail::expect_same_trees(one, fit(made, {}, {}, 4));
}

TEST(DecisionTree, takes_a_weight_for_as_many_rows) {
  const Made made = detail::customers(900, 6);
  base::Random random(6);
  std::vector<int> times(900);
  std::vector<double> weights(900);
  for (std::size_t i = 0; i < times.size(); ++i)
    weights[i] = times[i] = 1 + static_cast<int>(random.below(3));
  // In small nodes cuts tie; which of them is seen first depends on the coarse bins.
  const DecisionTreeOptions options{.max_depth = 7, .min_weight_leaf = 30};
  // Weights are whole numbers of units: to the last bit.
  detail::expect_same_trees(fit(made, options, weights),
                            fit(detail::repeated(made, times), options));
}

TEST(DecisionTree, tells_importance_as_shares_of_the_gain) {
  const Made made = detail::customers(3000, 7);
  const std::vector<const data::Column*> columns = made.columns();
  const auto trained =
      train_decision_tree({.columns = columns, .labels = &made.labels}, {.max_depth = 4});
  ASSERT_TRUE(trained) << trained.error().message;
  ASSERT_EQ(trained->importance.size(), 7U);
  double sum = 0;
  for (const Importance& importance : trained->importance) sum += importance.share;
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_EQ(trained->importance[0].column, "income");
  EXPECT_GT(trained->importance[0].share, 0.3);
  EXPECT_EQ(trained->importance[5].share, 0);
  EXPECT_EQ(trained->notes,
            (std::vector<std::string>{"column 'always' is left out: it holds '1' in every row",
                                      "column 'empty' is left out: it is empty"}));
  EXPECT_EQ(*pmml::read(pmml::write(trained->document)), trained->document);
}

TEST(DecisionTree, learns_from_some_columns_of_a_binned_table) {
  const Made made = detail::customers(1000, 8);
  const detail::Binned binned = made.binned();
  const std::uint32_t columns[] = {1, 3};  // visits, city
  const auto trained =
      train_decision_tree(BinnedSet{.table = &binned, .columns = columns, .labels = &made.labels});
  ASSERT_TRUE(trained) << trained.error().message;
  const auto scorer = pmml::Scorer::compile(trained->document);
  ASSERT_EQ(scorer->inputs().size(), 2U);
  EXPECT_EQ(scorer->inputs()[0].name, "visits");
  EXPECT_EQ(scorer->inputs()[1].name, "city");
}

TEST(DecisionTree, parts_missing_values_from_all_others_where_only_that_tells) {
  const double m = data::kMissingNumber;
  const Made made =
      made_of({data::Column::of_numbers("x", {1, m, 2, m, 3, 4})}, {0, 1, 0, 1, 0, 0});
  const Ensemble tree = fit(made);
  ASSERT_EQ(tree.trees[0].nodes.size(), 3U);
  detail::expect_same_scores(tree, made);
  const std::vector<std::string> texts = {"a", "", "b", "", "a", "b"};
  const Made text = made_of({data::Column::of_strings("city", texts)}, {0, 1, 0, 1, 0, 0});
  EXPECT_EQ(fit(text).trees[0].nodes.size(), 3U);
  detail::expect_same_scores(fit(text), text);
}

TEST(DecisionTree, takes_tables_of_hostile_shapes) {
  // Nothing to learn from.
  detail::expect_same_scores(fit(made_of({data::Column::of_bytes("c", {1, 1, 1})}, {0, 1, 1})),
                             made_of({data::Column::of_bytes("c", {1, 1, 1})}, {0, 1, 1}));
  // Very many columns, few rows.
  base::Random random(9);
  std::vector<data::Column> columns;
  for (int c = 0; c < 10'000; ++c) {
    std::vector<double> values(50);
    for (double& value : values) value = random.normal();
    columns.push_back(data::Column::of_numbers("c" + std::to_string(c), values));
  }
  std::vector<std::uint8_t> y(50);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = i % 3 == 0 ? 1 : 0;
  const Made wide = made_of(std::move(columns), y);
  detail::expect_same_scores(fit(wide), wide);
  // More texts than bins.
  std::vector<std::string> texts(900);
  std::vector<std::uint8_t> labels(900);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i] = "t" + std::to_string(i % 300);
    labels[i] = i % 7 == 0 ? 1 : 0;
  }
  const Made many = made_of({data::Column::of_strings("t", texts)}, labels);
  detail::expect_same_scores(fit(many), many);
}

std::string refusal(const Made& made, const DecisionTreeOptions& options,
                    std::span<const double> weights = {}) {
  const std::vector<const data::Column*> columns = made.columns();
  const auto trained = train_decision_tree(
      {.columns = columns, .labels = &made.labels, .weights = weights}, options);
  return trained ? "accepted" : trained.error().message;
}

TEST(DecisionTree, refuses_what_it_cannot_learn_from) {
  const auto with = [](std::vector<std::uint8_t> y) {
    return made_of({data::Column::of_bytes("x", {1, 2, 3})}, std::move(y));
  };
  const std::string one_class = "all labels are of one class: there is nothing to tell apart";
  EXPECT_EQ(refusal(with({1, 1, 1}), {}), one_class);
  EXPECT_EQ(refusal(made_of({data::Column::of_bytes("x", {1})}, {1}), {}), one_class);
  EXPECT_EQ(refusal(with({0, 1}), {}), "2 labels for 3 rows");
  const Made good = with({0, 1, 1});
  const double short_of[] = {1, 1}, negative[] = {1, -2, 1}, of_one_class[] = {0, 1, 1};
  EXPECT_EQ(refusal(good, {}, short_of), "2 weights for 3 labels");
  EXPECT_EQ(refusal(good, {}, negative),
            "the weight of row 2 is -2: it must be finite and not negative");
  EXPECT_EQ(refusal(good, {}, of_one_class), one_class);
  EXPECT_EQ(refusal(good, {.min_samples_leaf = 0}), "min_samples_leaf must be at least 1");
  EXPECT_EQ(refusal(good, {.laplace = -1}), "laplace is -1: it must be finite and not negative");
}

}  // namespace
}  // namespace learn

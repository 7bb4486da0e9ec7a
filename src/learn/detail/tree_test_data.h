// SPDX-License-Identifier: Apache-2.0
// Made data for the tests of the three tree learners, and what all of them must hold to.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "data/table.h"
#include "learn/detail/binned.h"
#include "learn/detail/tree.h"
#include "learn/detail/tree_document.h"
#include "learn/evaluate.h"
#include "learn/training_set.h"
#include "pmml/score/scorer.h"

namespace learn::detail {

// A table, its labels, and both as learners take them.
struct Made {
  data::Table table;
  Labels labels;

  [[nodiscard]] std::vector<const data::Column*> columns() const {
    std::vector<const data::Column*> columns;
    for (const data::Column& column : table.columns()) columns.push_back(&column);
    return columns;
  }
  [[nodiscard]] Binned binned() const { return *make_binned(columns(), 1000, 1); }
  [[nodiscard]] Binned finely_binned() const {
    Binned binned = *make_binned(columns(), 1000, 1);
    add_fine(binned, 1);
    return binned;
  }
};

inline Labels labels_of(std::vector<std::uint8_t> values) {
  Labels labels{.column = "y", .positive = "yes", .negative = "no"};
  for (const std::uint8_t value : values) labels.positives += value;
  labels.values = std::move(values);
  return labels;
}

// A real number of many values, a count of few, a flag and a text decide; each is missing in some
// rows, which tells something too. Beside them noise, a constant and an empty column.
inline Made customers(std::size_t rows, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<double> income(rows), noise(rows), empty(rows, data::kMissingNumber);
  std::vector<std::uint8_t> visits(rows), flag(rows), always(rows, 1), y(rows);
  data::TextValues city{.codes = std::vector<std::int32_t>(rows),
                        .categories = {"Lima", "São \"P\" <Paulo>", "never", "Bogotá, D.C.", "x"}};
  for (std::size_t i = 0; i < rows; ++i) {
    income[i] = random.normal() * 1000.5;
    noise[i] = random.uniform();
    visits[i] = static_cast<std::uint8_t>(random.below(12));
    flag[i] = static_cast<std::uint8_t>(random.below(2));
    const std::int32_t known[] = {0, 1, 3, 4};
    city.codes[i] = known[random.below(4)];
    double z = income[i] / 1000 + (city.codes[i] == 1 || city.codes[i] == 4 ? 1.0 : -1.0) +
               (flag[i] != 0 && visits[i] > 5 ? 1.5 : -0.5);
    if (random.bernoulli(0.1)) income[i] = data::kMissingNumber, z = 2;
    if (random.bernoulli(0.1)) visits[i] = data::kMissingByte;
    if (random.bernoulli(0.1)) city.codes[i] = data::kMissingCode, z -= 1;
    y[i] = random.bernoulli(1 / (1 + std::exp(-z))) ? 1 : 0;
  }
  std::vector<data::Column> columns;
  columns.push_back(data::Column::of_numbers("income", income));
  columns.push_back(data::Column::of_bytes("visits", visits));
  columns.push_back(data::Column::of_bytes("flag", flag));
  columns.push_back(data::Column::of_text("city", city));
  columns.push_back(data::Column::of_numbers("noise", noise));
  columns.push_back(data::Column::of_bytes("always", always));
  columns.push_back(data::Column::of_numbers("empty", empty));
  return {*data::Table::of(std::move(columns)), labels_of(std::move(y))};
}

// The same rows, each as often as `times` says.
inline Made repeated(const Made& made, std::span<const int> times) {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> y;
  for (std::uint32_t row = 0; row < times.size(); ++row) {
    for (int i = 0; i < times[row]; ++i) {
      rows.push_back(row);
      y.push_back(made.labels.values[row]);
    }
  }
  return {made.table.take(rows), labels_of(std::move(y))};
}

// The compiled scorer says of every row what the learner's own trees say, bit for bit; a text that
// training has not seen counts as a missing one.
inline void expect_same_scores(const Ensemble& ensemble, const Made& made) {
  const Binned binned = made.finely_binned();  // What coarse trees need is in it too.
  const BinnedSet set{.table = &binned, .labels = &made.labels};
  const pmml::Document document = to_trained(ensemble, set, "test", "t", {}).document;
  const auto compiled = pmml::Scorer::compile(document);
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_TRUE(compiled->compiled());
  const auto scores = score(document, made.table, "yes");
  ASSERT_TRUE(scores) << scores.error().message;
  for (std::size_t row = 0; row < made.table.rows(); ++row) {
    const double p = ensemble.probability(binned, row);
    ASSERT_EQ(scores->probabilities[row], p) << "row " << row;
    ASSERT_EQ(scores->offers[row], p > 0.5 ? 1 : 0) << "row " << row;
  }
  const auto city = compiled->input("city");
  if (!city) return;
  pmml::Workspace workspace(*compiled);
  std::vector<double> cells(compiled->inputs().size(), pmml::kMissing);
  const double missing = compiled->score(cells, workspace).probabilities[1];
  for (const char* const text : {"never", "Atlantis"}) {
    cells[*city] = compiled->encode(*city, text);
    EXPECT_EQ(compiled->score(cells, workspace).probabilities[1], missing) << text;
  }
}

// Two ensembles of the same trees; figures within `margin` of each other.
inline void expect_same_trees(const Ensemble& a, const Ensemble& b, double margin = 0) {
  ASSERT_EQ(a.trees.size(), b.trees.size());
  EXPECT_NEAR(a.base, b.base, margin);
  for (std::size_t t = 0; t < a.trees.size(); ++t) {
    ASSERT_EQ(a.trees[t].nodes.size(), b.trees[t].nodes.size()) << "tree " << t;
    EXPECT_EQ(a.trees[t].sets, b.trees[t].sets);
    for (std::size_t n = 0; n < a.trees[t].nodes.size(); ++n) {
      const TreeNode &x = a.trees[t].nodes[n], &y = b.trees[t].nodes[n];
      ASSERT_EQ(std::tuple(x.column, x.bin, x.fine, x.missing_left, x.set, x.left, x.right),
                std::tuple(y.column, y.bin, y.fine, y.missing_left, y.set, y.left, y.right))
          << "tree " << t << ", node " << n;
      ASSERT_NEAR(x.value, y.value, margin) << "tree " << t << ", node " << n;
    }
  }
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// Small tables that the tests of several learners share.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "data/column.h"
#include "data/table.h"
#include "learn/evaluate.h"
#include "learn/logistic_regression.h"
#include "learn/training_set.h"
#include "metric/probability.h"

namespace learn::detail {

// 200 rows of eight whole numbers by a linear congruence, and a label that most of the difference
// of odd and even columns decides; other programs can make the same table:
//   state = 12345; next() = (state = (state · 1103515245 + 12345) mod 2³¹) div 2¹⁶
//   x[j] = next() mod (10 + 3 j), z = Σ ±(8 − j) (x[j] / (9 + 3 j) − 0.5), + for even j
//   y = 1 where 0.35 z + 2 ((next() mod 1000) / 1000 − 0.5) > 0.4
struct Counted {
  std::vector<std::vector<std::uint8_t>> columns;
  std::vector<std::uint8_t> labels;

  Counted() : columns(8) {
    std::int64_t state = 12345;
    const auto next = [&state] {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 65536;
    };
    for (int i = 0; i < 200; ++i) {
      double z = 0;
      for (int j = 0; j < 8; ++j) {
        const std::int64_t x = next() % (10 + 3 * j);
        columns[static_cast<std::size_t>(j)].push_back(static_cast<std::uint8_t>(x));
        z += (j % 2 == 0 ? 1 : -1) * (8 - j) * (static_cast<double>(x) / (9 + 3 * j) - 0.5);
      }
      const double noise = static_cast<double>(next() % 1000) / 1000.0 - 0.5;
      labels.push_back(0.35 * z + 2 * noise > 0.4 ? 1 : 0);
    }
  }
  // Borrows from this.
  [[nodiscard]] LogisticProblem problem() const {
    LogisticProblem problem;
    for (const auto& column : columns)
      problem.features.emplace_back(std::span<const std::uint8_t>(column));
    problem.labels = labels;
    return problem;
  }
  // 0, 1 or 2; the table with its rows that often.
  [[nodiscard]] std::vector<double> weights() const {
    std::vector<double> weights;
    for (std::size_t i = 0; i < labels.size(); ++i) weights.push_back(static_cast<double>(i % 3));
    return weights;
  }
  [[nodiscard]] Counted repeated() const {
    Counted repeated = *this;
    for (auto& column : repeated.columns) column.clear();
    repeated.labels.clear();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      for (std::size_t times = 0; times < i % 3; ++times) {
        for (std::size_t j = 0; j < columns.size(); ++j)
          repeated.columns[j].push_back(columns[j][i]);
        repeated.labels.push_back(labels[i]);
      }
    }
    return repeated;
  }
  [[nodiscard]] data::Table table() const {
    std::vector<data::Column> all;
    for (std::size_t j = 0; j < columns.size(); ++j)
      all.push_back(data::Column::of_bytes("x" + std::to_string(j), columns[j]));
    return *data::Table::of(std::move(all));
  }
  [[nodiscard]] Labels named_labels() const {
    Labels named{.column = "y", .positive = "1", .negative = "0", .numeric = true};
    named.values = labels;
    for (const std::uint8_t label : labels) named.positives += label;
    return named;
  }
};

// Customers with an age (sometimes missing), an income, a city (sometimes missing), a flag and a
// constant, who buy with the probability of a logit of them.
class Customers {
 public:
  Customers(std::size_t rows, std::uint64_t seed) : table_(make(rows, seed)) {
    labels_ = *read_labels(table_, "bought", "yes");
  }
  [[nodiscard]] TrainingSet set() const {
    TrainingSet set;
    for (const data::Column& column : table_.columns()) {
      if (column.name() != "bought") set.columns.push_back(&column);
    }
    set.labels = &labels_;
    return set;
  }
  [[nodiscard]] const data::Table& table() const { return table_; }
  [[nodiscard]] const Labels& labels() const { return labels_; }
  [[nodiscard]] double share() const {
    return static_cast<double>(labels_.positives) / static_cast<double>(table_.rows());
  }
  // By the compiled scorer.
  [[nodiscard]] std::vector<double> scored(const pmml::Document& document) const {
    auto scores = score(document, table_, "yes");
    EXPECT_TRUE(scores) << (scores ? "" : scores.error().message);
    return scores ? scores->probabilities : std::vector<double>(table_.rows());
  }
  [[nodiscard]] double auc(const std::vector<double>& p) const {
    return *metric::auc(p, labels_.values);
  }

 private:
  static data::Table make(std::size_t rows, std::uint64_t seed) {
    base::Random random(seed);
    const double missing = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> age, income;
    std::vector<std::uint8_t> flag;
    std::vector<std::string> city, bought;
    for (std::size_t i = 0; i < rows; ++i) {
      const double years = 20 + static_cast<double>(random.below(400)) / 10;
      const double money = std::exp(7 + 0.5 * random.normal());
      const auto place = random.below(3);
      const bool flagged = random.bernoulli(0.4);
      const double z =
          -3 + 0.05 * years + (place == 0 ? 1 : 0) - (flagged ? 0.8 : 0) + 0.0003 * money;
      bought.emplace_back(random.bernoulli(1 / (1 + std::exp(-z))) ? "yes" : "no");
      age.push_back(random.bernoulli(0.1) ? missing : years);
      income.push_back(money);
      flag.push_back(flagged ? 1 : 0);
      const char* const cities[] = {"Lima", "São Paulo", "Bogotá, D.C."};
      city.emplace_back(random.bernoulli(0.05) ? "" : cities[place]);
    }
    std::vector<data::Column> columns;
    columns.push_back(data::Column::of_numbers("age", std::move(age)));
    columns.push_back(data::Column::of_numbers("income", std::move(income)));
    columns.push_back(data::Column::of_strings("city", city));
    columns.push_back(data::Column::of_bytes("flag", std::move(flag)));
    columns.push_back(data::Column::of_bytes("always", std::vector<std::uint8_t>(rows, 1)));
    columns.push_back(data::Column::of_strings("bought", bought));
    return *data::Table::of(std::move(columns));
  }

  data::Table table_;
  Labels labels_;
};

}  // namespace learn::detail

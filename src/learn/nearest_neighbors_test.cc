// SPDX-License-Identifier: Apache-2.0
#include "learn/nearest_neighbors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "learn/detail/learner_test_data.h"
#include "learn/detail/sample_rows.h"
#include "pmml/score/scorer.h"

namespace learn {
namespace {

using detail::Customers;

// The share of positives among the k nearest, computed plainly from the table.
std::vector<double> plain_shares(const Customers& customers, std::size_t k) {
  const data::Table& table = customers.table();
  const std::size_t rows = table.rows();
  std::vector<std::vector<double>> standard;
  for (const char* name : {"age", "income", "flag"}) {
    std::vector<double> x = table.columns()[*table.index_of(name)].numbers();
    double sum = 0, count = 0, squares = 0;
    for (const double value : x) {
      if (std::isnan(value)) continue;
      sum += value;
      count += 1;
    }
    for (double& value : x) value = std::isnan(value) ? sum / count : value;
    for (const double value : x) squares += (value - sum / count) * (value - sum / count);
    for (double& value : x) value /= std::sqrt(squares / static_cast<double>(rows));
    standard.push_back(std::move(x));
  }
  const data::Column& city = table.columns()[*table.index_of("city")];
  std::vector<double> shares;
  for (std::size_t i = 0; i < 50; ++i) {
    std::vector<std::pair<double, std::size_t>> near;
    for (std::size_t r = 0; r < rows; ++r) {
      double d = city.codes()[i] == city.codes()[r] ? 0 : 2;
      for (const auto& x : standard) d += (x[i] - x[r]) * (x[i] - x[r]);
      near.emplace_back(d, r);
    }
    std::partial_sort(near.begin(), near.begin() + static_cast<long>(k), near.end());
    double share = 0;
    for (std::size_t n = 0; n < k; ++n) share += customers.labels().values[near[n].second];
    shares.push_back(share / static_cast<double>(k));
  }
  return shares;
}

TEST(NearestNeighbors, gives_the_share_of_the_nearest_rows) {
  const Customers customers(400, 1);
  const Trained trained = *train_nearest_neighbors(customers.set(), {.k = 9}, {});
  const std::vector<double> p = customers.scored(trained.document);
  const std::vector<double> expected = plain_shares(customers, 9);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(p[i], expected[i], 1e-12);
}

TEST(NearestNeighbors, weighs_votes_by_distance_if_told_to) {
  const Customers customers(300, 2);
  const Trained trained =
      *train_nearest_neighbors(customers.set(), {.k = 5, .distance_weights = true}, {});
  // Every row is its own nearest, at distance 0, with a vote of 1 / 0.001.
  const std::vector<double> p = customers.scored(trained.document);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(p[i] > 0.5, customers.labels().values[i]);
}

TEST(NearestNeighbors, writes_what_compiles) {
  const Customers customers(400, 1);
  for (const bool weights : {false, true}) {
    const Trained trained =
        *train_nearest_neighbors(customers.set(), {.distance_weights = weights}, {});
    EXPECT_TRUE(pmml::Scorer::compile(trained.document)->compiled());
  }
}

TEST(NearestNeighbors, stores_a_sample_of_many_rows_and_says_so) {
  const Customers customers(2000, 3);
  const Trained trained = *train_nearest_neighbors(customers.set(), {.most_rows = 500}, {});
  EXPECT_EQ(trained.notes.back(),
            "learned from 500 of 2,000 rows, drawn from each class in proportion");
  EXPECT_EQ(trained.document,
            train_nearest_neighbors(customers.set(), {.most_rows = 500}, {.threads = 4})->document);
  EXPECT_GT(customers.auc(customers.scored(trained.document)), 0.6);
}

TEST(SampleByWeight, takes_a_weight_for_a_repeated_row) {
  const std::vector<std::uint8_t> labels = {0, 1, 0, 1, 0};
  const std::vector<double> weights = {2, 1, 0, 3, 1};
  EXPECT_EQ(detail::sample_by_weight(labels, weights, 100, 1),
            (std::vector<std::uint32_t>{0, 0, 1, 3, 3, 3, 4}));
  EXPECT_EQ(detail::sample_by_weight(labels, {}, 100, 1),
            (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
}

TEST(SampleByWeight, draws_each_class_by_its_weight) {
  // 1,000 rows, 100 of them positive with a weight of 9: half of the weight, so half of the draw.
  std::vector<std::uint8_t> labels(1000, 0);
  std::vector<double> weights(1000, 1);
  for (std::size_t i = 0; i < 100; ++i) {
    labels[10 * i] = 1;
    weights[10 * i] = 9;
  }
  const auto rows = detail::sample_by_weight(labels, weights, 300, 5);
  ASSERT_EQ(rows.size(), 300U);
  EXPECT_EQ(std::ranges::count_if(rows, [&](std::uint32_t row) { return labels[row] == 1; }), 150);
  EXPECT_NE(rows, detail::sample_by_weight(labels, weights, 300, 6));
  const auto unweighted = detail::sample_rows(labels, {}, 300, 5);
  EXPECT_EQ(std::ranges::count_if(unweighted, [&](std::uint32_t row) { return labels[row] == 1; }),
            30);
}

TEST(NearestNeighbors, refuses_what_it_cannot_use) {
  const Customers customers(50, 4);
  EXPECT_EQ(train_nearest_neighbors(customers.set(), {.k = 51}, {}).error().message,
            "k is 51: it lies between 1 and the 50 rows that are stored");
  TrainingSet set = customers.set();
  set.columns = {set.columns[4]};
  EXPECT_EQ(train_nearest_neighbors(set, {}, {}).error().message,
            "every column is constant or empty: no row is nearer than another");
}

}  // namespace
}  // namespace learn

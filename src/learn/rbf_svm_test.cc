// SPDX-License-Identifier: Apache-2.0
#include "learn/rbf_svm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "learn/detail/kernels.h"
#include "learn/detail/learner_test_data.h"
#include "learn/detail/radial_machine.h"
#include "pmml/score/scorer.h"

namespace learn {
namespace {

using detail::Counted;
using detail::Customers;

// The columns in standard deviations.
detail::Points points_of(const Counted& data) {
  detail::Points points(data.labels.size(), data.columns.size());
  const auto n = static_cast<double>(data.labels.size());
  for (std::size_t j = 0; j < data.columns.size(); ++j) {
    double mean = 0, squares = 0;
    for (const std::uint8_t x : data.columns[j]) mean += x / n;
    for (const std::uint8_t x : data.columns[j]) squares += (x - mean) * (x - mean) / n;
    for (std::size_t i = 0; i < data.labels.size(); ++i)
      points.at(i, j) = static_cast<float>((data.columns[j][i] - mean) / std::sqrt(squares));
  }
  points.measure();
  return points;
}

std::vector<double> first_values(const Counted& data, const std::vector<double>& costs) {
  const detail::Points points = points_of(data);
  const detail::Machine machine = detail::solve({.points = &points,
                                                 .labels = data.labels,
                                                 .costs = costs,
                                                 .gamma = 0.125,
                                                 .tolerance = 1e-6});
  EXPECT_TRUE(machine.converged);
  std::vector<double> values = detail::machine_values(machine, points, points, 0.125, 2);
  values.resize(5);
  return values;
}

TEST(RadialMachine, has_the_values_of_svc) {
  // scikit-learn 1.8 (LIBSVM): SVC(C=1, gamma="scale", tol=1e-8) after StandardScaler,
  // decision_function of the first five rows; then with sample_weight 3 for positives. Our kernel
  // is in single precision, theirs too.
  const double plain[] = {0.9999999381766347, -1.5562094135676252, -1.2034970455581055,
                          -1.0000001050795246, -0.20051316520884546};
  const double weighted[] = {0.9999999770363974, -1.4421860871905692, -1.1375008805997102,
                             -0.24752434912069787, 0.7429661758949493};
  const Counted data;
  std::vector<double> costs(data.labels.size(), 1);
  const std::vector<double> a = first_values(data, costs);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(a[i], plain[i], 1e-4);
  for (std::size_t i = 0; i < costs.size(); ++i) costs[i] = data.labels[i] != 0 ? 3 : 1;
  const std::vector<double> b = first_values(data, costs);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(b[i], weighted[i], 1e-4);
}

TEST(RadialMachine, computes_the_kernel_alike_on_every_instruction_set) {
  base::Random random(12);
  constexpr std::size_t kRows = 1040;  // A block and a part of one.
  std::vector<float> x[4], squares(kRows, 0);
  for (auto& column : x) {
    for (std::size_t i = 0; i < kRows; ++i) {
      column.push_back(static_cast<float>(2 * random.normal()));
      squares[i] += column.back() * column.back();
    }
  }
  const float* columns[4] = {x[0].data(), x[1].data(), x[2].data(), x[3].data()};
  const float w[4] = {x[0][7], x[1][7], x[2][7], x[3][7]};
  const auto results = [&](const detail::Kernels& kernel) {
    std::vector<float> z(kRows, 0);
    kernel.add_four_floats(columns, w, z.data(), kRows);
    kernel.radial(squares.data(), squares[7], 0.3F, z.data(), kRows);
    return z;
  };
  const auto variants = detail::runnable_kernels();
  for (const detail::Kernels* kernel : variants)
    EXPECT_EQ(results(*kernel), results(*variants.front())) << kernel->name;
  const std::vector<float> z = results(*variants.back());
  for (std::size_t i = 0; i < kRows; ++i) {
    double distance = 0;
    for (const auto& column : x) {
      const double d = static_cast<double>(column[i]) - static_cast<double>(column[7]);
      distance += d * d;
    }
    // Squares of up to 100 in single precision: 2⁻²³ of them, times gamma, is what may be lost.
    EXPECT_NEAR(z[i], std::exp(-0.3 * distance), 2e-5 * std::exp(-0.3 * distance) + 1e-30);
  }
}

TEST(RadialMachine, needs_only_two_rows_of_the_kernel_at_a_time) {
  const Counted data;
  const detail::Points points = points_of(data);
  const std::vector<double> costs(data.labels.size(), 1);
  detail::MachineProblem problem = {
      .points = &points, .labels = data.labels, .costs = costs, .gamma = 0.125};
  const detail::Machine whole = detail::solve(problem);
  problem.cache_bytes = 1;
  EXPECT_EQ(detail::solve(problem).coefficients, whole.coefficients);
}

TEST(RbfSvm, scores_as_it_trained) {
  // The document's probability is the sigmoid of the machine's value: its log-odds are a rising
  // line of the values. Two rows give the line, all others lie on it (the kernel in single
  // precision).
  const Counted data;
  const data::Table table = data.table();
  const Labels labels = data.named_labels();
  TrainingSet set{.columns = {}, .labels = &labels};
  for (const data::Column& column : table.columns()) set.columns.push_back(&column);
  const Trained trained = *train_rbf_svm(set, {.gamma = 0.125, .tolerance = 1e-6}, {});
  const std::vector<double> p = score(trained.document, table, "1")->probabilities;
  const detail::Points points = points_of(data);
  const std::vector<double> costs(data.labels.size(), 1);
  const detail::Machine machine = detail::solve({.points = &points,
                                                 .labels = data.labels,
                                                 .costs = costs,
                                                 .gamma = 0.125,
                                                 .tolerance = 1e-6});
  const std::vector<double> values = detail::machine_values(machine, points, points, 0.125, 1);
  const auto odds = [&](std::size_t i) { return std::log(p[i] / (1 - p[i])); };
  const double slope = (odds(1) - odds(0)) / (values[1] - values[0]);
  EXPECT_GT(slope, 0);
  for (std::size_t i = 0; i < p.size(); ++i)
    EXPECT_NEAR(odds(i), odds(0) + slope * (values[i] - values[0]), 1e-4);
}

TEST(RbfSvm, measures_distances_alike_whatever_rows_weigh) {
  const detail::Customers customers(300, 9);
  TrainingSet set = customers.set();
  const auto scale_of = [&set] {
    const Trained trained = *train_rbf_svm(set, {}, {});
    const auto& chain = std::get<pmml::MiningModel>(trained.document.model.body);
    return chain.segments[0].model.local_transformations;
  };
  const auto plain = scale_of();
  ASSERT_FALSE(plain.empty());
  std::vector<double> weights;
  for (const std::uint8_t label : set.labels->values) weights.push_back(label == 1 ? 5 : 1);
  set.weights = weights;
  EXPECT_EQ(scale_of(), plain);
}

TEST(RbfSvm, scores_missing_and_unlisted_values) {
  const Customers customers(400, 1);
  const Trained trained = *train_rbf_svm(customers.set(), {}, {});
  const std::vector<double> p = customers.scored(trained.document);
  EXPECT_GT(customers.auc(p), 0.65);
  double mean = 0;
  for (const double one : p) mean += one / static_cast<double>(p.size());
  // Calibrated on 400 rows, seed 1: the standard error of the share is 0.025.
  EXPECT_NEAR(mean, customers.share(), 0.05);
  std::vector<data::Column> row;
  for (const data::Column& column : customers.table().columns()) {
    const std::uint32_t first[] = {0};
    row.push_back(column.name() == "city"
                      ? data::Column::of_strings("city", std::vector<std::string>{"Atlantis"})
                      : column.take(first));
  }
  const data::Table atlantis = *data::Table::of(std::move(row));
  EXPECT_TRUE(score(trained.document, atlantis, "yes"));
}

TEST(RbfSvm, writes_what_compiles) {
  const Customers customers(400, 1);
  const Trained trained = *train_rbf_svm(customers.set(), {}, {});
  EXPECT_TRUE(pmml::Scorer::compile(trained.document)->compiled());
}

TEST(RbfSvm, is_the_same_with_any_number_of_threads) {
  const Customers customers(500, 2);
  const Trained one = *train_rbf_svm(customers.set(), {.most_rows = 300}, {.threads = 1});
  EXPECT_EQ(one.notes.back(), "learned from 300 of 500 rows, drawn from each class in proportion");
  for (const int threads : {2, 4}) {
    EXPECT_EQ(one.document,
              train_rbf_svm(customers.set(), {.most_rows = 300}, {.threads = threads})->document);
  }
}

// Numbers have a variance of 1 each, a column of texts 1 − Σ p² by the shares of its texts.
TEST(RbfSvm, takes_gamma_in_units_of_the_rows_spread) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  Labels labels{.column = "y", .positive = "1", .negative = "0"};
  base::Random random(4);
  for (int i = 0; i < 200; ++i) {
    numbers.push_back(random.normal());
    texts.emplace_back(i % 4 == 0 ? "a" : i % 4 == 1 ? "b" : "c");
    labels.values.push_back(numbers.back() + (i % 4 == 0 ? 1 : 0) > 0.5 ? 1 : 0);
    labels.positives += labels.values.back();
  }
  const auto number = data::Column::of_numbers("n", numbers);
  const auto text = data::Column::of_strings("t", texts);
  const TrainingSet set{.columns = {&number, &text}, .labels = &labels};
  const double spread = 1 + 1 - (0.0625 + 0.0625 + 0.25);
  const auto told = train_rbf_svm(set, {.gamma = 0.5 / spread}, {});
  const auto relative = train_rbf_svm(set, {.relative_gamma = 0.5}, {});
  ASSERT_TRUE(told && relative);
  const auto scores = [&](const Trained& trained) {
    return score(trained.document, *data::Table::of({number, text}), "1")->probabilities;
  };
  const std::vector<double> a = scores(*told), b = scores(*relative);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4);
}

// A fifth of the labels are wrong.
struct Law {
  data::Table table;
  Labels labels{.column = "y", .positive = "1", .negative = "0"};
  // Columns between 0 and 1, and what is said of a row.
  Law(std::size_t rows, std::size_t columns, std::uint64_t seed, bool (*of)(const double* row))
      : table(*data::Table::of({data::Column::of_bytes("none", {0})})) {
    base::Random random(seed);
    std::vector<std::vector<double>> values(columns, std::vector<double>(rows));
    std::vector<double> row(columns);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t c = 0; c < columns; ++c) row[c] = values[c][i] = random.uniform();
      labels.values.push_back(of(row.data()) != random.bernoulli(0.2) ? 1 : 0);
      labels.positives += labels.values.back();
    }
    std::vector<data::Column> named;
    for (std::size_t c = 0; c < columns; ++c)
      named.push_back(data::Column::of_numbers("x" + std::to_string(c), values[c]));
    table = *data::Table::of(std::move(named));
  }
  [[nodiscard]] pmml::Document trained(const RbfSvmOptions& options, int threads = 1) const {
    TrainingSet set{.columns = {}, .labels = &labels};
    for (const data::Column& column : table.columns()) set.columns.push_back(&column);
    return train_rbf_svm(set, options, {.threads = threads})->document;
  }
};

// A chequerboard of nine fields needs a narrow kernel, a plane through eight columns a wide one: of
// 600 rows by scikit-learn's SVC the AUC of other rows is 0.59, 0.66 and 0.73 for factors of ½, 1
// and 2; 0.82, 0.81 and 0.80. All folds choose up to 3,000 rows, one does beyond.
TEST(RbfSvm, chooses_gamma_on_rows_that_the_fits_have_not_seen) {
  for (const std::size_t rows : {600, 3100}) {
    const Law board(rows, 2, 1, [](const double* x) {
      return (static_cast<int>(3 * x[0]) + static_cast<int>(3 * x[1])) % 2 == 1;
    });
    EXPECT_TRUE(board.trained({}) == board.trained({.relative_gamma = 2})) << rows;
    EXPECT_FALSE(board.trained({}) == board.trained({.relative_gamma = 1})) << rows;
    const Law plane(rows, 8, 2, [](const double* x) {
      return x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7] > 4;
    });
    EXPECT_TRUE(plane.trained({}) == plane.trained({.relative_gamma = 0.5})) << rows;
    EXPECT_TRUE(plane.trained({}, 3) == plane.trained({}, 1)) << rows;
  }
}

TEST(RbfSvm, refuses_what_it_cannot_use) {
  const Customers customers(50, 3);
  EXPECT_EQ(train_rbf_svm(customers.set(), {.gamma = -1.0}, {}).error().message,
            "gamma is -1: it must be finite and above 0");
  EXPECT_FALSE(train_rbf_svm(customers.set(), {.most_rows = 5}, {}));
  TrainingSet set = customers.set();
  set.columns = {set.columns[4]};
  EXPECT_EQ(train_rbf_svm(set, {}, {}).error().message,
            "every column is constant or empty: there is nothing to tell apart");
}

}  // namespace
}  // namespace learn

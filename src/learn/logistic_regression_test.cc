// SPDX-License-Identifier: Apache-2.0
#include "learn/logistic_regression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/detail/kernels.h"
#include "learn/detail/learner_test_data.h"
#include "learn/prepared.h"

namespace learn {
namespace {

// Data with known coefficients; owns what a problem looks at.
struct Simulated {
  std::deque<std::vector<std::uint8_t>> bytes;
  std::deque<std::vector<double>> doubles;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
  LogisticProblem problem;

  std::vector<std::uint8_t>& add_bytes(std::size_t rows) {
    auto& column = bytes.emplace_back(rows);
    problem.features.emplace_back(std::span<const std::uint8_t>(column));
    return column;
  }
  std::vector<double>& add_doubles(std::size_t rows) {
    auto& column = doubles.emplace_back(rows);
    problem.features.emplace_back(std::span<const double>(column));
    return column;
  }
};

// Six flags, an age and two real columns; the first flag, the age and the last column matter.
void simulate(std::size_t rows, std::uint64_t seed, Simulated& data) {
  base::Random random(seed);
  for (int flag = 0; flag < 6; ++flag) {
    for (auto& value : data.add_bytes(rows)) value = random.bernoulli(0.15) ? 1 : 0;
  }
  for (auto& value : data.add_bytes(rows)) value = static_cast<std::uint8_t>(15 + random.below(40));
  for (int real = 0; real < 2; ++real) {
    for (auto& value : data.add_doubles(rows)) value = 1000 + 20 * random.normal();
  }
  data.labels.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const double z = -1 + 1.5 * data.bytes[0][i] + 0.05 * (data.bytes[6][i] - 35) -
                     0.03 * (data.doubles[1][i] - 1000);
    data.labels[i] = random.bernoulli(1 / (1 + std::exp(-z))) ? 1 : 0;
  }
  data.problem.labels = data.labels;
}

double deviation_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / n);
}

// The slope of the plain objective along each coefficient at the fit, by central differences;
// relative to the objective, whose rounding (1e-16 of it, over the step) is the least that can be
// seen.
void expect_stationary(const LogisticProblem& problem, const LogisticFit& fit, double c,
                       std::size_t stride = 1) {
  const auto scale = [&](std::size_t j) {
    double largest = 0;
    std::visit(
        [&](const auto& values) {
          for (std::size_t i = 0; i < values.size(); ++i)
            largest = std::max(largest, std::fabs(static_cast<double>(values[i])));
        },
        problem.features[j]);
    return std::max(largest, 1.0);
  };
  for (std::size_t j = 0; j <= fit.weights.size(); j += stride) {
    const double h = 1e-4 / (j < fit.weights.size() ? scale(j) : 1);
    const auto at = [&](double shift) {
      std::vector<double> weights = fit.weights;
      double intercept = fit.intercept;
      (j < weights.size() ? weights[j] : intercept) += shift;
      return logistic_objective(problem, c, intercept, weights);
    };
    const double slope = (at(h) - at(-h)) / 2;  // Change of the objective over one step.
    EXPECT_NEAR(slope / (1 + fit.objective), 0, 1e-10) << "coefficient " << j;
  }
}

TEST(LogisticRegression, ends_where_the_objective_is_flat) {
  for (const double c : {0.01, 1.0, 1000.0}) {
    Simulated data;
    simulate(3001, 1, data);
    const LogisticFit fit = *fit_logistic(data.problem, {.c = c, .tolerance = 1e-9});
    EXPECT_TRUE(fit.converged);
    EXPECT_NEAR(fit.objective, logistic_objective(data.problem, c, fit.intercept, fit.weights),
                1e-9 * fit.objective);
    expect_stationary(data.problem, fit, c);
  }
}

TEST(LogisticRegression, ends_at_the_same_optimum_by_way_of_a_sample) {
  // 150,001 rows make it use a sample for the curvature and the start.
  Simulated data;
  simulate(150'001, 2, data);
  const LogisticFit fit = *fit_logistic(data.problem, {.tolerance = 1e-9});
  EXPECT_TRUE(fit.converged);
  expect_stationary(data.problem, fit, 1);
  // Standard errors at this size are below 0.02 for the flag, 0.001 for age and column; the margin
  // is five of them.
  EXPECT_NEAR(fit.weights[0], 1.5, 0.1);
  EXPECT_NEAR(fit.weights[6], 0.05, 0.005);
  EXPECT_NEAR(fit.weights[8], -0.03, 0.005);
}

TEST(LogisticRegression, survives_rows_sorted_by_label) {
  Simulated data;
  simulate(150'000, 3, data);
  Simulated sorted;
  std::vector<std::size_t> order;
  for (int label : {0, 1}) {
    for (std::size_t i = 0; i < data.labels.size(); ++i)
      if (data.labels[i] == label) order.push_back(i);
  }
  for (const auto& column : data.bytes) {
    auto& values = sorted.add_bytes(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) values[i] = column[order[i]];
  }
  for (const auto& column : data.doubles) {
    auto& values = sorted.add_doubles(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) values[i] = column[order[i]];
  }
  for (const std::size_t row : order) sorted.labels.push_back(data.labels[row]);
  sorted.problem.labels = sorted.labels;
  const LogisticFit plain = *fit_logistic(data.problem), fit = *fit_logistic(sorted.problem);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.objective, plain.objective, 1e-8 * plain.objective);
}

TEST(LogisticRegression, gives_the_log_odds_where_they_are_known) {
  // One flag and hardly any penalty: 30 of 100 without it accept, 80 of 100 with it.
  Simulated data;
  auto& flag = data.add_bytes(200);
  for (std::size_t i = 0; i < 200; ++i) {
    flag[i] = i < 100 ? 0 : 1;
    data.labels.push_back(i % 100 < (i < 100 ? 30U : 80U) ? 1 : 0);
  }
  data.problem.labels = data.labels;
  const LogisticFit fit = *fit_logistic(data.problem, {.c = 1e9, .tolerance = 1e-12});
  EXPECT_NEAR(fit.intercept, std::log(0.3 / 0.7), 1e-8);
  EXPECT_NEAR(fit.weights[0], std::log(0.8 / 0.2) - std::log(0.3 / 0.7), 1e-8);
}

TEST(LogisticRegression, shares_a_weight_between_columns_that_say_the_same) {
  // man + woman = 1: the penalty is least where the two weights are opposite.
  Simulated data;
  base::Random random(4);
  auto& man = data.add_bytes(5000);
  auto& woman = data.add_bytes(5000);
  for (std::size_t i = 0; i < 5000; ++i) {
    man[i] = random.bernoulli(0.55) ? 1 : 0;
    woman[i] = man[i] != 0 ? 0 : 1;
    data.labels.push_back(random.bernoulli(man[i] != 0 ? 0.6 : 0.3) ? 1 : 0);
  }
  data.problem.labels = data.labels;
  const LogisticFit fit = *fit_logistic(data.problem, {.tolerance = 1e-12});
  EXPECT_NEAR(fit.weights[0] + fit.weights[1], 0, 1e-7);
  expect_stationary(data.problem, fit, 1);
}

TEST(LogisticRegression, stays_finite_where_a_column_separates_the_classes) {
  for (const double c : {1.0, 1e6}) {
    Simulated data;
    auto& column = data.add_doubles(400);
    for (std::size_t i = 0; i < 400; ++i) {
      column[i] = static_cast<double>(i);
      data.labels.push_back(i < 200 ? 0 : 1);
    }
    data.problem.labels = data.labels;
    const LogisticFit fit = *fit_logistic(data.problem, {.c = c, .tolerance = 1e-11});
    EXPECT_TRUE(std::isfinite(fit.weights[0]));
    EXPECT_GT(fit.weights[0], 0);
    EXPECT_TRUE(fit.converged) << fit.gradient_norm << " " << fit.objective;
    expect_stationary(data.problem, fit, c);
  }
}

TEST(LogisticRegression, takes_a_weight_as_a_repetition) {
  Simulated data, repeated;
  simulate(2000, 5, data);
  for (std::size_t i = 0; i < 2000; ++i) data.weights.push_back(static_cast<double>(i % 4));
  data.problem.weights = data.weights;
  const auto repeat = [](const auto& values) {
    std::vector<typename std::remove_cvref_t<decltype(values)>::value_type> result;
    for (std::size_t i = 0; i < values.size(); ++i) result.insert(result.end(), i % 4, values[i]);
    return result;
  };
  repeated.labels = repeat(data.labels);
  for (const auto& column : data.bytes) repeated.add_bytes(0) = repeat(column);
  for (const auto& column : data.doubles) repeated.add_doubles(0) = repeat(column);
  repeated.problem.features.clear();
  for (const auto& column : repeated.bytes)
    repeated.problem.features.emplace_back(std::span<const std::uint8_t>(column));
  for (const auto& column : repeated.doubles)
    repeated.problem.features.emplace_back(std::span<const double>(column));
  repeated.problem.labels = repeated.labels;
  const LogisticFit one = *fit_logistic(data.problem, {.tolerance = 1e-10});
  const LogisticFit other = *fit_logistic(repeated.problem, {.tolerance = 1e-10});
  EXPECT_NEAR(one.objective, other.objective, 1e-10 * one.objective);
  for (std::size_t j = 0; j < one.weights.size(); ++j)
    EXPECT_NEAR(one.weights[j], other.weights[j], 1e-6);
}

TEST(LogisticRegression, does_not_mind_wild_scales) {
  Simulated data;
  base::Random random(6);
  auto& tiny = data.add_doubles(4000);
  auto& huge = data.add_doubles(4000);
  auto& constant = data.add_doubles(4000);
  for (std::size_t i = 0; i < 4000; ++i) {
    tiny[i] = 1e-6 * random.normal();
    huge[i] = 1e9 + 1e6 * random.normal();
    constant[i] = 7;
    data.labels.push_back(random.bernoulli(1 / (1 + std::exp(-(huge[i] - 1e9) / 1e6))) ? 1 : 0);
  }
  data.problem.labels = data.labels;
  const LogisticFit fit = *fit_logistic(data.problem);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.weights[1] * 1e6, 1, 0.25);  // Standard error 0.04.
  EXPECT_NEAR(fit.weights[2], 0, 1e-9);
}

TEST(LogisticRegression, fits_more_columns_than_it_factorises) {
  Simulated data;
  base::Random random(7);
  constexpr std::size_t kRows = 700, kColumns = 2100;
  for (std::size_t j = 0; j < kColumns; ++j) {
    for (auto& value : data.add_bytes(kRows)) value = random.bernoulli(0.2) ? 1 : 0;
  }
  for (std::size_t i = 0; i < kRows; ++i)
    data.labels.push_back(random.bernoulli(data.bytes[0][i] != 0 ? 0.8 : 0.4) ? 1 : 0);
  data.problem.labels = data.labels;
  const LogisticFit fit = *fit_logistic(data.problem, {.c = 0.1, .tolerance = 1e-9});
  EXPECT_TRUE(fit.converged);
  expect_stationary(data.problem, fit, 0.1, 500);
}

TEST(LogisticRegression, fits_the_intercept_alone) {
  Simulated data;
  data.labels = {1, 0, 0, 0};
  data.problem.labels = data.labels;
  const LogisticFit fit = *fit_logistic(data.problem);
  EXPECT_NEAR(fit.intercept, std::log(1.0 / 3), 1e-9);
  EXPECT_TRUE(fit.converged);
}

TEST(LogisticRegression, gives_the_same_bits_with_any_number_of_threads) {
  Simulated data;
  simulate(60'001, 8, data);
  const LogisticFit one = *fit_logistic(data.problem, {.threads = 1});
  for (const int threads : {2, 5}) {
    const LogisticFit many = *fit_logistic(data.problem, {.threads = threads});
    EXPECT_EQ(one.weights, many.weights);
    EXPECT_EQ(one.intercept, many.intercept);
    EXPECT_EQ(one.objective, many.objective);
  }
}

TEST(LogisticRegression, refuses_what_it_cannot_fit) {
  Simulated data;
  simulate(100, 9, data);
  const auto refusal = [&](const LogisticProblem& problem, const LogisticOptions& options = {}) {
    const auto fit = fit_logistic(problem, options);
    return fit ? std::string("accepted") : fit.error().message;
  };
  EXPECT_EQ(refusal(data.problem, {.c = 0}), "C is 0: it must be finite and above 0");
  EXPECT_EQ(refusal(data.problem, {.c = -1}), "C is -1: it must be finite and above 0");
  EXPECT_EQ(refusal(data.problem, {.tolerance = 0}),
            "the tolerance is 0: it must be finite and above 0");
  data.doubles[0][6] = HUGE_VAL;
  EXPECT_EQ(refusal(data.problem), "feature 8 is not finite in row 7");
  data.doubles[0][6] = 0;
  LogisticProblem broken = data.problem;
  broken.labels = broken.labels.first(99);
  EXPECT_EQ(refusal(broken), "feature 1 has 100 values for 99 labels");
  const std::vector<std::uint8_t> ones(100, 1);
  broken.labels = ones;
  EXPECT_EQ(refusal(broken), "all labels are of one class: there is nothing to tell apart");
  data.weights.assign(100, 1);
  data.weights[3] = -1;
  data.problem.weights = data.weights;
  EXPECT_EQ(refusal(data.problem), "the weight of row 4 is -1: it must be finite and not negative");
}

TEST(Kernels, agree_bit_for_bit_on_every_instruction_set) {
  base::Random random(10);
  constexpr std::size_t kRows = 500 + 3, kPadded = 504;
  std::vector<std::uint8_t> x[4];
  for (auto& column : x) {
    column.resize(kRows);
    for (auto& value : column) value = static_cast<std::uint8_t>(random.below(256));
  }
  std::vector<double> start(kPadded), y(kPadded);
  for (auto& value : start) value = 8 * random.normal();
  for (auto& value : y) value = random.bernoulli(0.5) ? 1 : 0;
  std::vector<float> tile(9 * detail::kTileRows);
  for (auto& value : tile) value = static_cast<float>(random.normal());
  const std::uint8_t* columns[4] = {x[0].data(), x[1].data(), x[2].data(), x[3].data()};
  const double w[4] = {0.01, -0.02, 0.03, 0.005};
  const std::uint32_t slots[6] = {0, 2, 2, 1, 0, 2};
  const auto results = [&](const detail::Kernels& kernel) {
    std::vector<double> all = start;
    kernel.add_four_bytes(columns, w, all.data(), kRows);
    kernel.add_bytes(columns[0], 0.01, all.data(), kRows);
    kernel.add_doubles(y.data(), 0.3, all.data(), kRows);
    std::vector<double> residual(kPadded), loss(kPadded), curvature(kPadded), hessian(81), sums(4);
    kernel.logistic(all.data(), y.data(), residual.data(), loss.data(), curvature.data(), kRows);
    kernel.dot_four_bytes(columns, residual.data(), kRows, sums.data());
    sums.push_back(kernel.dot_bytes(columns[2], residual.data(), kRows));
    sums.push_back(kernel.dot_doubles(all.data(), residual.data(), kRows));
    kernel.add_outer_products(tile.data(), 9, hessian.data());
    std::vector<double> by_slot(3 * 8);
    kernel.add_rows(start.data(), 8, slots, 6, by_slot.data());
    for (const auto* part : {&residual, &loss, &curvature, &sums, &hessian, &by_slot})
      all.insert(all.end(), part->begin(), part->end());
    return all;
  };
  const auto variants = detail::runnable_kernels();
  for (const detail::Kernels* kernel : variants)
    EXPECT_EQ(results(*kernel), results(*variants.front())) << kernel->name;
}

TEST(Kernels, compute_the_logistic_function_to_a_few_ulp) {
  std::vector<double> z, y;
  for (int i = -4000; i <= 4000; ++i) {
    z.push_back(i * 0.2);
    y.push_back(i % 2 == 0 ? 1 : 0);
  }
  while (z.size() % 8 != 0) z.push_back(0), y.push_back(0);
  std::vector<double> residual(z.size()), loss(z.size()), curvature(z.size());
  detail::kernels().logistic(z.data(), y.data(), residual.data(), loss.data(), curvature.data(),
                             z.size());
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double e = std::exp(-std::fabs(z[i])), p = z[i] < 0 ? e / (1 + e) : 1 / (1 + e);
    const double margin = y[i] != 0 ? z[i] : -z[i];
    const double expected = std::log1p(e) + (margin < 0 ? -margin : 0);
    EXPECT_NEAR(residual[i], p - y[i], 4e-16) << z[i];
    EXPECT_NEAR(loss[i], expected, 4e-15 * expected + 1e-300) << z[i];
    EXPECT_NEAR(curvature[i], e / ((1 + e) * (1 + e)), 1e-14 * e + 1e-300) << z[i];
  }
}

// What a coefficient's slope may be at the optimum of C Σ loss + penalty: 0 where the coefficient
// is not, and at most what the L1 part costs where it is.
void expect_optimal(const LogisticProblem& problem, const LogisticFit& fit, double c,
                    double ratio) {
  std::vector<double> z(problem.labels.size(), fit.intercept);
  for (std::size_t j = 0; j < fit.weights.size(); ++j) {
    for (std::size_t i = 0; i < z.size(); ++i)
      z[i] += fit.weights[j] * std::get<0>(problem.features[j])[i];
  }
  for (std::size_t j = 0; j < fit.weights.size(); ++j) {
    double slope = (1 - ratio) * fit.weights[j];
    for (std::size_t i = 0; i < z.size(); ++i) {
      slope +=
          c * (1 / (1 + std::exp(-z[i])) - problem.labels[i]) * std::get<0>(problem.features[j])[i];
    }
    const double scale = 1e-7 * fit.objective * 100;  // Slopes along features of up to 30.
    if (fit.weights[j] == 0) {
      EXPECT_LE(std::fabs(slope), ratio + scale);
    } else {
      EXPECT_NEAR(slope, -std::copysign(ratio, fit.weights[j]), scale);
    }
  }
}

TEST(SparseLogisticRegression, ends_where_no_slope_leads_down) {
  const detail::Counted data;
  const LogisticProblem problem = data.problem();
  for (const double ratio : {0.1, 0.5, 1.0}) {
    for (const double c : {0.003, 0.006, 0.05, 1.0, 100.0}) {
      const LogisticFit fit =
          *fit_logistic(problem, {.c = c, .l1_ratio = ratio, .tolerance = 1e-9});
      EXPECT_TRUE(fit.converged) << "C " << c << ", ratio " << ratio;
      expect_optimal(problem, fit, c, ratio);
    }
  }
}

TEST(SparseLogisticRegression, has_the_coefficients_of_scikit_learn) {
  // scikit-learn 1.8: LogisticRegression(solver="saga", tol=1e-13) with these C and l1_ratio.
  struct Case {
    double ratio, c, intercept;
    std::vector<double> weights;
  };
  const Case cases[] = {
      {1.0, 0.006, -0.09327789836726473, {0, 0, 0, -0.01698932123075465, 0, 0, 0, 0}},
      {0.5,
       0.006,
       -0.5330715104836855,
       {0.12814309474972344, -0.04802452271848088, 0.04722103900531855, -0.07152246238689677,
        0.009117026607913385, -0.0014792073968455642, 0.01172177710460674, 0.0}},
      {1.0,
       0.2,
       -1.5923190121281607,
       {0.8185407253047174, -0.483560652777362, 0.2785780443624859, -0.33940747885766115,
        0.15187504704081617, -0.07033937393859141, 0.049347833430380406, -0.019620441879403514}}};
  const detail::Counted data;
  for (const Case& one : cases) {
    const LogisticFit fit =
        *fit_logistic(data.problem(), {.c = one.c, .l1_ratio = one.ratio, .tolerance = 1e-10});
    EXPECT_NEAR(fit.intercept, one.intercept, 1e-6);
    for (std::size_t j = 0; j < 8; ++j) {
      EXPECT_NEAR(fit.weights[j], one.weights[j], 1e-7);
      EXPECT_EQ(fit.weights[j] == 0, one.weights[j] == 0) << "exactly 0 or not, feature " << j;
    }
  }
}

TEST(SparseLogisticRegression, takes_features_that_stand_for_one_another) {
  // Five indicators that add up to 1, one of them twice: no curvature tells the copies apart.
  Simulated data;
  base::Random random(7);
  for (int value = 0; value < 6; ++value) data.add_bytes(4000);
  for (std::size_t i = 0; i < 4000; ++i) {
    const auto value = random.below(5);
    data.bytes[value][i] = 1;
    data.bytes[5][i] = data.bytes[0][i];
    data.labels.push_back(random.bernoulli(0.1 + 0.15 * static_cast<double>(value)) ? 1 : 0);
  }
  data.problem.labels = data.labels;
  for (const double ratio : {0.5, 1.0}) {
    const LogisticFit fit =
        *fit_logistic(data.problem, {.c = 10, .l1_ratio = ratio, .tolerance = 1e-9});
    EXPECT_TRUE(fit.converged);
    expect_optimal(data.problem, fit, 10, ratio);
  }
}

TEST(SparseLogisticRegression, works_on_some_of_many_features) {
  // 900 features of which three matter; beyond 500 not all take part in every step.
  Simulated data;
  base::Random random(11);
  for (int j = 0; j < 900; ++j) {
    for (std::uint8_t& x : data.add_bytes(1500)) x = static_cast<std::uint8_t>(random.below(2));
  }
  for (std::size_t i = 0; i < 1500; ++i) {
    const double z = 2.0 * data.bytes[3][i] - 2.0 * data.bytes[400][i] + 1.5 * data.bytes[899][i];
    data.labels.push_back(random.bernoulli(1 / (1 + std::exp(0.7 - z))) ? 1 : 0);
  }
  data.problem.labels = data.labels;
  const LogisticFit fit =
      *fit_logistic(data.problem, {.c = 0.05, .l1_ratio = 1, .tolerance = 1e-8});
  EXPECT_TRUE(fit.converged);
  expect_optimal(data.problem, fit, 0.05, 1);
  EXPECT_NE(fit.weights[3], 0);
  EXPECT_NE(fit.weights[400], 0);
  EXPECT_LT(std::count_if(fit.weights.begin(), fit.weights.end(), [](double w) { return w != 0; }),
            100);
}

TEST(SparseLogisticRegression, is_the_same_with_any_number_of_threads) {
  Simulated data;
  simulate(150'001, 4, data);
  const LogisticFit one = *fit_logistic(data.problem, {.c = 0.01, .l1_ratio = 0.7, .threads = 1});
  EXPECT_TRUE(one.converged);
  for (const int threads : {2, 4}) {
    const LogisticFit other =
        *fit_logistic(data.problem, {.c = 0.01, .l1_ratio = 0.7, .threads = threads});
    EXPECT_EQ(one.weights, other.weights);
    EXPECT_EQ(one.intercept, other.intercept);
  }
}

TEST(LogisticRegression, comes_to_the_same_optimum_from_elsewhere) {
  Simulated data;
  simulate(3001, 5, data);
  for (const double ratio : {0.0, 0.5}) {
    const LogisticOptions options = {.l1_ratio = ratio, .tolerance = 1e-10};
    const LogisticFit cold = *fit_logistic(data.problem, options);
    LogisticOptions warm = options;
    warm.c = 1.1;
    warm.start = LogisticStart{cold.intercept, cold.weights};
    const LogisticFit near = *fit_logistic(data.problem, warm);
    LogisticOptions back = options;
    back.start = LogisticStart{near.intercept, near.weights};
    const LogisticFit again = *fit_logistic(data.problem, back);
    EXPECT_LE(again.iterations, cold.iterations);
    for (std::size_t j = 0; j < cold.weights.size(); ++j)
      EXPECT_NEAR(again.weights[j], cold.weights[j], 1e-6 * (1 + std::fabs(cold.weights[j])));
  }
  LogisticOptions wrong;
  wrong.start = LogisticStart{0, {1, 2}};
  EXPECT_EQ(fit_logistic(data.problem, wrong).error().message,
            "the start has 2 weights for 9 features");
}

TEST(LogisticRegression, penalises_features_in_standard_deviations_if_told_to) {
  // Ten times the unit of one column changes nothing but its own weight.
  Simulated data, scaled;
  simulate(2000, 6, data);
  simulate(2000, 6, scaled);
  for (double& value : scaled.doubles[1]) value *= 10;
  const LogisticOptions options = {
      .c = 0.01, .penalty_scale = PenaltyScale::kDeviations, .tolerance = 1e-10};
  const LogisticFit a = *fit_logistic(data.problem, options);
  const LogisticFit b = *fit_logistic(scaled.problem, options);
  EXPECT_NEAR(a.objective, b.objective, 1e-9 * a.objective);
  EXPECT_NEAR(a.weights[8], 10 * b.weights[8], 1e-7);
}

// The deviation, its square divided by the share of the rows that are not at the commonest value.
double deviation_off_commonest(const std::vector<double>& values) {
  std::map<double, double> rows_at;
  double most = 0;
  for (const double value : values) most = std::max(most, rows_at[value] += 1);
  return deviation_of(values) / std::sqrt(1 - most / static_cast<double>(values.size()));
}

TEST(LogisticRegression, penalises_indicators_as_given_and_numbers_in_deviations_if_told_to) {
  // As if numbers had been divided before: simulate() makes six flags, then three numbers. One of
  // them is 0 in nine rows of ten.
  Simulated data, before;
  simulate(500, 7, data);
  simulate(500, 7, before);
  for (std::size_t i = 0; i < 500; ++i) data.doubles[0][i] *= i % 10 == 0 ? 1 : 0;
  before.problem.features.resize(6);
  std::vector<double> units;
  for (std::size_t j = 6; j < 9; ++j) {
    auto& scaled = before.add_doubles(500);
    for (std::size_t i = 0; i < 500; ++i)
      std::visit([&](const auto& x) { scaled[i] = x[i]; }, data.problem.features[j]);
    units.push_back(deviation_off_commonest(scaled));
    for (double& value : scaled) value /= units.back();
  }
  EXPECT_NEAR(units[1] / deviation_of(data.doubles[0]), std::sqrt(10), 1e-9);
  for (const double ratio : {0.0, 0.5}) {
    const LogisticFit fit =
        *fit_logistic(data.problem, {.c = 0.05,
                                     .l1_ratio = ratio,
                                     .penalty_scale = PenaltyScale::kIndicatorsAsGiven,
                                     .tolerance = 1e-10});
    const LogisticFit plain =
        *fit_logistic(before.problem, {.c = 0.05, .l1_ratio = ratio, .tolerance = 1e-10});
    EXPECT_NEAR(fit.objective, plain.objective, 1e-9 * plain.objective);
    for (std::size_t j = 0; j < 9; ++j) {
      const double unit = j < 6 ? 1 : units[j - 6];
      EXPECT_NEAR(fit.weights[j] * unit, plain.weights[j], 1e-6) << "feature " << j;
    }
  }
}

TEST(TrainLogistic, takes_a_weight_for_a_repeated_row) {
  const detail::Counted data;
  const detail::Counted repeated = data.repeated();
  const std::vector<double> weights = data.weights();
  for (const PenaltyScale scale :
       {PenaltyScale::kAsGiven, PenaltyScale::kDeviations, PenaltyScale::kIndicatorsAsGiven}) {
    for (const double ratio : {0.0, 0.5}) {
      LogisticProblem weighted = data.problem();
      weighted.weights = weights;
      const LogisticOptions options = {
          .c = 0.2, .l1_ratio = ratio, .penalty_scale = scale, .tolerance = 1e-10};
      const LogisticFit a = *fit_logistic(weighted, options);
      const LogisticFit b = *fit_logistic(repeated.problem(), options);
      for (std::size_t j = 0; j < 8; ++j) EXPECT_NEAR(a.weights[j], b.weights[j], 1e-6);
    }
  }
}

TEST(TrainLogistic, scores_as_it_fitted) {
  const detail::Customers customers(2000, 1);
  const TrainingSet set = customers.set();
  const Trained trained = *train_logistic(set, {}, {});
  const std::vector<double> p = customers.scored(trained.document);
  // Known by construction: the intercept is free, so the mean probability is the share.
  double mean = 0;
  for (const double one : p) mean += one / static_cast<double>(p.size());
  EXPECT_NEAR(mean, customers.share(), 1e-6);
  ASSERT_EQ(trained.importance.size(), 5U);
  EXPECT_EQ(trained.importance[4].column, "always");
  EXPECT_EQ(trained.importance[4].share, 0);
  ASSERT_EQ(trained.notes.size(), 1U);
  EXPECT_EQ(trained.notes[0], "column 'always' is left out: it holds '1' in every row");

  const Prepared prepared = *Prepared::make(set.columns, {});
  EXPECT_EQ(trained.document, train_logistic(set, {}, {}, &prepared)->document);
  TrainingSet some = set;
  some.columns = {set.columns[2], set.columns[0]};
  EXPECT_EQ(train_logistic(some, {}, {})->document.model.mining_schema,
            train_logistic(some, {}, {}, &prepared)->document.model.mining_schema);
  const detail::Customers others(2000, 2);
  EXPECT_EQ(train_logistic(others.set(), {}, {}, &prepared).error().message,
            "column 'age' is not one of those prepared");
}

TEST(TrainLogistic, refuses_what_it_cannot_use) {
  const detail::Customers customers(50, 3);
  TrainingSet set = customers.set();
  EXPECT_EQ(train_logistic(set, {.l1_ratio = 1.5}, {}).error().message,
            "l1_ratio is 1.5: it lies between 0 and 1");
  std::vector<double> weights(50, 1);
  weights[6] = std::numeric_limits<double>::quiet_NaN();
  set.weights = weights;
  EXPECT_EQ(train_logistic(set, {}, {}).error().message,
            "the weight of row 7 is nan: it must be finite and not negative");
  weights.resize(49);
  set.weights = weights;
  EXPECT_EQ(train_logistic(set, {}, {}).error().message, "49 weights for 50 labels");
}

}  // namespace
}  // namespace learn

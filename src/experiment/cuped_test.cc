// SPDX-License-Identifier: Apache-2.0
#include "experiment/cuped.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/random.h"
#include "experiment/ratio_metric.h"

namespace experiment {
namespace {

struct Arms {
  PairedMoments base;
  PairedMoments candidate;
};

// History x of deviation 10, revenue y = 30 + 0.8·x + noise of deviation 6 (ρ² = 64/100), effect 1.
Arms sample(std::uint64_t seed, int customers) {
  base::Random random(seed);
  Arms arms;
  for (int i = 0; i < customers; ++i) {
    const double x = 10 * random.normal();
    const bool candidate = random.bernoulli(0.5);
    const double y = 30 + 0.8 * x + 6 * random.normal() + (candidate ? 1 : 0);
    (candidate ? arms.candidate : arms.base).add(x, y);
  }
  return arms;
}

// Seeds 1…2,000 with 400 customers. Variance 4·36/400 = 0.36 after, 4·100/400 = 1 before
// adjustment; the mean's error 0.6/√2000 = 0.0134; a variance's relative error √(2/2000) = 3.2 %.
TEST(Cuped, takes_out_what_history_explains) {
  Moments adjusted, plain, variances, lin;
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Arms arms = sample(seed, 400);
    const Cuped result = *cuped(arms.base, arms.candidate);
    adjusted.add(result.adjusted.difference);
    plain.add(result.unadjusted.difference);
    lin.add(lin_adjusted(arms.base, arms.candidate)->difference);
    variances.add(result.adjusted.standard_error * result.adjusted.standard_error);
    const Interval interval = result.adjusted.interval(0.05);
    covered += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(adjusted.mean(), 1, 4 * 0.0134);
  EXPECT_NEAR(lin.mean(), 1, 4 * 0.0134);
  EXPECT_NEAR(adjusted.summary().variance / 0.36, 1, 0.128);
  EXPECT_NEAR(plain.summary().variance, 1, 0.128);
  EXPECT_NEAR(variances.mean() / 0.36, 1, 0.02);
  EXPECT_NEAR(covered / 2000.0, 0.95, 4 * 0.0049);
}

TEST(Cuped, leaves_a_covariate_that_does_not_vary) {
  Arms arms;
  for (int i = 0; i < 10; ++i) {
    arms.base.add(3, i);
    arms.candidate.add(3, i % 4);
  }
  const Cuped result = *cuped(arms.base, arms.candidate);
  EXPECT_EQ(result.theta, 0);
  EXPECT_EQ(result.squared_correlation, 0);
  EXPECT_EQ(result.variance_ratio, 1);
  EXPECT_EQ(result.adjusted.difference, result.unadjusted.difference);
  EXPECT_DOUBLE_EQ(lin_adjusted(arms.base, arms.candidate)->difference,
                   result.unadjusted.difference);
}

TEST(Cuped, needs_two_customers_in_each_arm) {
  Arms arms;
  arms.base.add(1, 2);
  arms.candidate.add(1, 2);
  arms.candidate.add(2, 2);
  EXPECT_FALSE(cuped(arms.base, arms.candidate));
  EXPECT_FALSE(lin_adjusted(arms.base, arms.candidate));
  EXPECT_EQ(arms.base.outcome().variance, 0);
}

TEST(PairedMoments, merge_as_if_added_one_by_one_far_from_zero) {
  base::Random random(4);
  PairedMoments whole, left, right;
  for (int i = 0; i < 1000; ++i) {
    const double x = 1e9 + random.normal();
    const double y = -1e9 + x - 1e9 + random.normal();
    whole.add(x, y);
    (i < 300 ? left : right).add(x, y);
  }
  PairedMoments merged;
  merged.merge(left);
  merged.merge(right);
  merged.merge(PairedMoments());
  EXPECT_EQ(merged.n(), 1000);
  EXPECT_NEAR(merged.sxy(), whole.sxy(), 1e-3);
  EXPECT_NEAR(merged.sxx(), 1000, 4 * 45);  // χ² with 999 degrees has deviation 45.
  EXPECT_NEAR(merged.sxx(), whole.sxx(), 1e-3);
}

// Customers with 1 to 4 sessions whose revenue goes together (seeds 1…2,000, 300 customers an arm,
// no effect): 5 % are rejected at a two-sided 5 %, ± 4·.0049.
TEST(RatioMetric, keeps_the_customer_as_the_unit) {
  int rejected = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    base::Random random(seed);
    PairedMoments arms[2];
    for (int i = 0; i < 600; ++i) {
      const double own = 3 * random.normal();
      const auto sessions = static_cast<double>(1 + random.below(4));
      double revenue = 0;
      for (int k = 0; k < static_cast<int>(sessions); ++k) revenue += 10 + own + random.normal();
      arms[i % 2].add(sessions, revenue);
    }
    rejected += ratio_difference(arms[0], arms[1])->p_two_sided(0) < 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(rejected / 2000.0, 0.05, 4 * 0.0049);
}

TEST(RatioMetric, is_nothing_where_the_denominator_may_be_zero) {
  PairedMoments arm;
  EXPECT_FALSE(ratio_metric(arm));
  arm.add(0, 1);
  arm.add(1, 1);
  EXPECT_FALSE(ratio_metric(arm));  // Mean 0.5, error 0.5.
  EXPECT_FALSE(ratio_difference(arm, arm));
}

using Matrix = std::array<std::array<double, 3>, 3>;

Matrix inverse(const Matrix& m) {
  Matrix result;
  double determinant = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
      result[i][j] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
    }
  }
  for (std::size_t j = 0; j < 3; ++j) determinant += m[0][j] * result[j][0];
  for (auto& row : result) {
    for (double& each : row) each /= determinant;
  }
  return result;
}

// The coefficient and its error by the normal equations of y ~ 1 + arm + x, arms of equal size,
// seed 12; what is left is rounding.
TEST(Cuped, with_the_slopes_price_is_least_squares) {
  constexpr int kCustomers = 40;
  base::Random random(12);
  PairedArms arms;
  Matrix squares{};
  std::array<double, 3> products{};
  double of_outcome = 0;
  for (int i = 0; i < kCustomers; ++i) {
    const bool candidate = i % 2 == 1;
    const double x = 5 * random.normal() + (candidate ? 1 : 0);
    const double y = 3 + 0.7 * x + (candidate ? 2 : 0) + random.normal();
    (candidate ? arms.candidate : arms.base).add(x, y);
    const std::array<double, 3> row{1, candidate ? 1.0 : 0.0, x};
    for (std::size_t j = 0; j < 3; ++j) {
      products[j] += row[j] * y;
      for (std::size_t k = 0; k < 3; ++k) squares[j][k] += row[j] * row[k];
    }
    of_outcome += y * y;
  }
  const Matrix inverted = inverse(squares);
  std::array<double, 3> beta{};
  double residual = of_outcome;
  for (std::size_t j = 0; j < 3; ++j) {
    for (std::size_t k = 0; k < 3; ++k) beta[j] += inverted[j][k] * products[k];
    residual -= beta[j] * products[j];
  }
  const Cuped result = *cuped(arms.base, arms.candidate);
  EXPECT_NEAR(result.tested.difference, beta[1], 1e-11);
  EXPECT_NEAR(result.theta, beta[2], 1e-11);
  EXPECT_NEAR(result.tested.standard_error, std::sqrt(residual / (kCustomers - 3) * inverted[1][1]),
              1e-11);
  EXPECT_NEAR(result.tested.dof / result.adjusted.dof, 37.0 / 38, 1e-15);
}

TEST(Balance, tests_what_was_spent_before) {
  PairedArms arms;
  base::Random random(13);
  for (int i = 0; i < 4000; ++i)
    (i % 2 == 0 ? arms.base : arms.candidate).add(10 * random.normal(), i % 2 == 0 ? 0 : 50);
  EXPECT_GT(balance(arms)->p_two_sided(0), 0.001);
  for (int i = 0; i < 200; ++i) arms.candidate.add(30, 50);
  EXPECT_LT(balance(arms)->p_two_sided(0), 0.001);
  EXPECT_FALSE(balance({}));
}

TEST(PairedMoney, gives_the_same_bits_in_any_order) {
  base::Random random(14);
  std::vector<std::pair<base::Cents, base::Cents>> customers;
  for (int i = 0; i < 500; ++i) {
    customers.emplace_back(static_cast<std::int64_t>(random.below(1'000'000)) - 500'000,
                           static_cast<std::int64_t>(random.below(100'000)) - 20'000);
  }
  PairedMoney forth, back, left, right;
  PairedMoments streamed;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const auto& [before, revenue] = customers[i];
    forth.add(before, revenue);
    back.add(customers[499 - i].first, customers[499 - i].second);
    (i % 3 == 0 ? left : right).add(before, revenue);
    streamed.add(before.dollars(), revenue.dollars());
  }
  right.merge(left);
  EXPECT_EQ(back, forth);
  EXPECT_EQ(right, forth);
  const PairedMoments exact = forth.moments();
  EXPECT_EQ(exact.n(), 500);
  EXPECT_NEAR(exact.mean_x() / streamed.mean_x(), 1, 1e-12);
  EXPECT_NEAR(exact.mean_y() / streamed.mean_y(), 1, 1e-12);
  EXPECT_NEAR(exact.sxx() / streamed.sxx(), 1, 1e-12);
  EXPECT_NEAR(exact.syy() / streamed.syy(), 1, 1e-12);
  EXPECT_NEAR(exact.sxy() / streamed.sxy(), 1, 1e-9);
  left.merge(forth);
  for (const auto& [before, revenue] : customers) left.remove(before, revenue);
  PairedMoney thirds;
  for (std::size_t i = 0; i < 500; i += 3) thirds.add(customers[i].first, customers[i].second);
  EXPECT_EQ(left, thirds);
}

// Σx² of such amounts leaves 64 and 128 bits; the central sums are small.
TEST(PairedMoney, is_exact_far_from_zero) {
  constexpr std::int64_t kFar = 9'000'000'000'000'000'000;
  PairedMoney money;
  for (int i = 0; i < 3; ++i) money.add(base::Cents(kFar + i * 100), base::Cents(-kFar - i * 300));
  const PairedMoments moments = money.moments();
  EXPECT_EQ(moments.sxx(), 2);
  EXPECT_EQ(moments.syy(), 18);
  EXPECT_EQ(moments.sxy(), -6);
  EXPECT_EQ(PairedMoney().moments(), PairedMoments());
}

}  // namespace
}  // namespace experiment

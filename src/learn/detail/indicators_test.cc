// SPDX-License-Identifier: Apache-2.0
// Indicators of texts against the same features as columns of bytes, which the solver reads one by
// one.
#include "learn/detail/indicators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "learn/detail/standardised.h"
#include "learn/logistic_regression.h"

namespace learn::detail {
namespace {

constexpr std::size_t kRows = 1500;  // No multiple of a block or a tile.

// Texts of two columns, one with missing texts that have no indicator; two of the texts of a third,
// too few for slots of their own in a Hessian; a number and a flag before, between and after.
struct Mixed {
  std::vector<std::int32_t> seven, five, three;
  std::vector<double> number;
  std::vector<std::uint8_t> flag, labels;
  std::vector<double> weights;
  std::vector<std::vector<std::uint8_t>> bytes;
  LogisticProblem as_indicators, as_bytes;

  Mixed() {
    base::Random random(3);
    for (std::size_t i = 0; i < kRows; ++i) {
      seven.push_back(static_cast<std::int32_t>(random.below(7)));
      five.push_back(static_cast<std::int32_t>(random.below(6)) - 1);
      three.push_back(static_cast<std::int32_t>(random.below(3)));
      number.push_back(100 + 5 * random.normal());
      flag.push_back(random.bernoulli(0.1) ? 1 : 0);
      weights.push_back(static_cast<double>(random.below(3)));
      const double z = 0.4 * seven[i] - 1.2 + (five[i] == 2 ? 1 : 0) + 0.1 * (number[i] - 100) -
                       (three[i] == 1 ? 0.5 : 0);
      labels.push_back(random.bernoulli(1 / (1 + std::exp(-z))) ? 1 : 0);
    }
    bytes.reserve(14);
    add(number);
    for (std::int32_t code = 0; code < 7; ++code) add(seven, code);
    add(flag);
    for (std::int32_t code = 0; code < 5; ++code) add(five, 4 - code);
    for (std::int32_t code = 0; code < 2; ++code) add(three, code);
    as_indicators.labels = as_bytes.labels = labels;
  }
  template <class T>
  void add(const std::vector<T>& values) {
    for (auto* problem : {&as_indicators, &as_bytes})
      problem->features.emplace_back(std::span<const T>(values));
  }
  void add(const std::vector<std::int32_t>& codes, std::int32_t code) {
    const Indicator indicator{codes, code};
    auto& column = bytes.emplace_back();
    for (std::size_t i = 0; i < kRows; ++i) column.push_back(indicator[i]);
    as_indicators.features.emplace_back(indicator);
    as_bytes.features.emplace_back(std::span<const std::uint8_t>(column));
  }
  void weigh() { as_indicators.weights = as_bytes.weights = weights; }
};

// The largest difference, in units of the largest value.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double most = 0, largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    most = std::max(most, std::fabs(a[k] - b[k]));
    largest = std::max(largest, std::fabs(a[k]));
  }
  return most / largest;
}

std::vector<double> lower(std::vector<double> hessian, std::size_t d) {
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t k = j + 1; k < d; ++k) hessian[j * d + k] = 0;
  }
  return hessian;
}

TEST(Indicators, have_the_slopes_and_the_curvature_of_the_same_bytes) {
  for (const bool weighted : {false, true}) {
    Mixed data;
    if (weighted) data.weigh();
    const Standardised one(data.as_indicators, {}, 2), other(data.as_bytes, {}, 2);
    std::vector<double> u;
    for (std::size_t j = 0; j < one.dimension(); ++j)
      u.push_back(0.1 * static_cast<double>(j % 5) - 0.2);
    std::vector<double> gradient, expected;
    EXPECT_NEAR(one.evaluate(u, {}, gradient), other.evaluate(u, {}, expected), 1e-8);
    EXPECT_LT(difference(gradient, expected), 1e-12);
    const std::size_t d = one.dimension();
    // Bytes are multiplied in single precision.
    EXPECT_LT(difference(lower(one.hessian(u, {}), d), lower(other.hessian(u, {}), d)), 1e-6);
    EXPECT_LT(difference(one.hessian_diagonal(u, {}), other.hessian_diagonal(u, {})), 1e-6);
    // Two of the seven texts, four of the five.
    const std::vector<std::size_t> some = {0, 2, 7, 8, 9, 10, 11, 13, 15};
    EXPECT_LT(
        difference(lower(one.hessian(u, {}, some), 10), lower(other.hessian(u, {}, some), 10)),
        1e-6);
    const Sample sample{.stride = 2};
    EXPECT_LT(difference(lower(one.hessian(u, sample), d), lower(other.hessian(u, sample), d)),
              1e-6);
  }
}

TEST(Indicators, lead_to_the_same_optimum_as_the_same_bytes) {
  const Mixed data;
  for (const double ratio : {0.0, 0.6}) {
    for (const PenaltyScale scale : {PenaltyScale::kAsGiven, PenaltyScale::kIndicatorsAsGiven}) {
      const LogisticOptions options{
          .c = 0.1, .l1_ratio = ratio, .penalty_scale = scale, .tolerance = 1e-10};
      const LogisticFit one = *fit_logistic(data.as_indicators, options);
      const LogisticFit other = *fit_logistic(data.as_bytes, options);
      EXPECT_TRUE(one.converged);
      EXPECT_NEAR(one.objective, other.objective, 1e-10 * other.objective);
      for (std::size_t j = 0; j < one.weights.size(); ++j)
        EXPECT_NEAR(one.weights[j], other.weights[j], 1e-6) << "feature " << j;
    }
  }
}

TEST(Indicators, repeated_ones_are_columns_of_their_own) {
  Mixed data;
  for (auto* problem : {&data.as_indicators, &data.as_bytes})
    problem->features.insert(problem->features.begin() + 3, problem->features[2]);
  const LogisticFit one = *fit_logistic(data.as_indicators, {.tolerance = 1e-10});
  const LogisticFit other = *fit_logistic(data.as_bytes, {.tolerance = 1e-10});
  EXPECT_NEAR(one.objective, other.objective, 1e-10 * other.objective);
  EXPECT_NEAR(one.weights[2], one.weights[3], 1e-6);
  EXPECT_NEAR(one.weights[2], other.weights[2], 1e-6);
}

}  // namespace
}  // namespace learn::detail

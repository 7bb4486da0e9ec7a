// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "shop/truth.h"

namespace {

using namespace shop;

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// Oracle: an independent convolution with half the grid, in another language.
TEST(Reach, finds_the_laws_rate_of_buying) {
  const Reach everybody = reach([](int, bool, double) { return true; });
  EXPECT_NEAR(everybody.shown, 1, 1e-9);
  EXPECT_NEAR(everybody.accepting, 0.4822353, 1e-6);
}

TEST(Reach, agrees_with_a_sample) {
  const Money money;
  const double threshold = 1 / profitability(money);
  const SampledReach s = sampled_reach(
      Population(5), kFirstLiveUuid, 400'000,
      [](const Customer& c) { return base_shows(c.age, c.man); },
      [threshold](const Customer& c) { return c.probability > threshold; });
  const double error = gain_error(money, s);
  EXPECT_NEAR(error, 0.003755, 0.00003);  // 2.3746/√400,000, by the oracle above.
  EXPECT_NEAR(gain(money, s.base, s.candidate), gain(money, reach_of_base(), reach_of_ideal(money)),
              5 * error);
  EXPECT_NEAR(s.candidate.shown, reach_of_ideal(money).shown, 5 * 0.48 / std::sqrt(400'000));
}

TEST(Reach, has_no_error_where_systems_agree) {
  const auto everybody = [](const Customer&) { return true; };
  EXPECT_EQ(gain_error({}, sampled_reach(Population(5), 1, 1000, everybody, everybody)), 0);
}

// The base is a logistic regression on age and sex with threshold 0.5, fitted here to the law
// itself by Newton's method.
TEST(Reach, takes_the_base_from_a_regression_on_age_and_sex) {
  struct Cell {
    std::array<double, 3> x;
    double weight;
    double p;
    bool shown;
  };
  std::vector<Cell> cells;
  for (const bool man : {false, true}) {
    for (int age = kYoungest; age <= kOldest; ++age) {
      const Reach r = reach([=](int a, bool m, double) { return a == age && m == man; });
      cells.push_back({{1, (age - 34.5) / 10, man ? 1.0 : 0.0},
                       r.shown,
                       r.accepting / r.shown,
                       base_shows(age, man)});
    }
  }
  std::array<double, 3> theta{};
  const auto fitted = [&](const Cell& c) {
    return sigmoid(theta[0] * c.x[0] + theta[1] * c.x[1] + theta[2] * c.x[2]);
  };
  for (int step = 0; step < 20; ++step) {
    double m[3][4] = {};
    for (const Cell& c : cells) {
      const double q = fitted(c);
      for (std::size_t i = 0; i < 3; ++i) {
        m[i][3] += c.weight * (c.p - q) * c.x[i];
        for (std::size_t j = 0; j < 3; ++j) m[i][j] += c.weight * q * (1 - q) * c.x[i] * c.x[j];
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        if (k == i) continue;
        const double factor = m[k][i] / m[i][i];
        for (std::size_t j = 0; j < 4; ++j) m[k][j] -= factor * m[i][j];
      }
    }
    for (std::size_t i = 0; i < 3; ++i) theta[i] += m[i][3] / m[i][i];
  }
  for (const Cell& c : cells) EXPECT_EQ(fitted(c) > 0.5, c.shown) << c.x[1] << " " << c.x[2];
  EXPECT_NEAR(fitted(cells[40]), 0.517, 0.001);  // A man of 15: the nearest to the threshold.
}

}  // namespace

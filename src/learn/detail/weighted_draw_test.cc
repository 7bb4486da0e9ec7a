// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/weighted_draw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace learn::detail {
namespace {

std::vector<int> draw(const std::vector<double>& weights, int draws, std::uint64_t seed) {
  const WeightedDraw by_weight(weights);
  base::Random random(seed);
  std::vector<int> times(weights.size());
  for (int i = 0; i < draws; ++i) ++times.at(by_weight(random));
  return times;
}

// Seeds 1 to 4; of each row the share of 200,000 draws is within five of its standard errors.
TEST(WeightedDraw, draws_in_proportion) {
  const std::vector<std::vector<double>> all = {
      {1, 1, 1}, {0.1, 3, 0, 1, 7, 0}, {1e-9, 2e-9}, {1e6, 1, 1, 5e5, 0.25}};
  constexpr int kDraws = 200'000;
  for (std::size_t i = 0; i < all.size(); ++i) {
    double sum = 0;
    for (const double weight : all[i]) sum += weight;
    const std::vector<int> times = draw(all[i], kDraws, i + 1);
    for (std::size_t row = 0; row < times.size(); ++row) {
      const double share = all[i][row] / sum;
      EXPECT_NEAR(times[row], kDraws * share, 5 * std::sqrt(kDraws * share * (1 - share)))
          << "row " << row << " of the weights " << i;
    }
  }
}

// However the sums of the weights are rounded.
TEST(WeightedDraw, never_draws_a_row_of_no_weight) {
  base::Random random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> weights(1 + random.below(40));
    for (double& weight : weights) weight = random.bernoulli(0.5) ? random.uniform() / 3 : 0;
    weights[random.below(weights.size())] = 0.1;
    const std::vector<int> times = draw(weights, 2000, static_cast<std::uint64_t>(round));
    for (std::size_t row = 0; row < weights.size(); ++row) {
      if (weights[row] > 0) continue;
      EXPECT_EQ(times[row], 0) << "row " << row << ", round " << round;
    }
  }
}

TEST(WeightedDraw, has_one_row_at_least) { EXPECT_EQ(draw({4}, 10, 6), std::vector<int>{10}); }

}  // namespace
}  // namespace learn::detail

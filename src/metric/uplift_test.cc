// SPDX-License-Identifier: Apache-2.0
#include "metric/uplift.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace metric {
namespace {

struct Sample {
  std::vector<double> scores;
  std::vector<std::uint8_t> bought, treated;
  [[nodiscard]] UpliftRows rows() const { return {scores, bought, treated}; }
};

// 30 % buy; of those with a score above 0.5 another 20 % if they are treated, two in three are.
Sample sample(base::Random& random, std::size_t rows) {
  Sample s;
  for (std::size_t i = 0; i < rows; ++i) {
    const double score = random.uniform();
    const bool treated = random.bernoulli(2.0 / 3);
    s.scores.push_back(score);
    s.treated.push_back(treated ? 1 : 0);
    s.bought.push_back(random.bernoulli(treated && score > 0.5 ? 0.5 : 0.3) ? 1 : 0);
  }
  return s;
}

// 60 samples of 2,000 rows, seeds from 3: the bootstrap's standard error of one of them is the
// deviation of the 60 within 30 % (the error of a deviation of 60 is 9 %, the bootstrap's 7 %).
TEST(QiniIntervals, have_the_error_of_new_samples) {
  double sum = 0, squares = 0, inside = 0;
  const int samples = 60;
  for (int i = 0; i < samples; ++i) {
    base::Random random(3 + static_cast<std::uint64_t>(i));
    const double area = qini(sample(random, 2000).rows())->area;
    sum += area;
    squares += area * area;
  }
  const double deviation = std::sqrt((squares - sum * sum / samples) / (samples - 1));
  base::Random random(3);
  const Sample one = sample(random, 2000);
  const QiniIntervals found = *qini_intervals(one.rows());
  EXPECT_NEAR(found.area.standard_error / deviation, 1, 0.3);
  EXPECT_EQ(found.area.estimate, qini(one.rows())->area);
  EXPECT_EQ(found.coefficient->estimate, qini(one.rows())->coefficient);
  EXPECT_EQ(found.uplift.estimate, uplift_curve(one.rows()).back().qini);
  // The law's area: u of the first half is 0.2, of all 0.1; ∫ min(0.2·x, 0.1) − 0.1·x = 0.025.
  // Of 60 intervals of 95 % between 51 and 60 hold it (binomial, 0.0003 to either side).
  for (int i = 0; i < samples; ++i) {
    base::Random again(3 + static_cast<std::uint64_t>(i));
    const Interval area = qini_intervals(sample(again, 2000).rows())->area;
    inside += area.low <= 0.025 && 0.025 <= area.high ? 1 : 0;
  }
  EXPECT_GE(inside, 51);
  EXPECT_FALSE(qini_intervals({one.scores, one.bought, std::vector<std::uint8_t>(2000, 1)}));
}

TEST(QiniIntervals, are_the_same_for_a_seed) {
  base::Random random(1);
  const Sample one = sample(random, 500);
  EXPECT_EQ(qini_intervals(one.rows())->area, qini_intervals(one.rows())->area);
  EXPECT_NE(qini_intervals(one.rows(), {.seed = 2})->area.low,
            qini_intervals(one.rows())->area.low);
}

// Hand-worked; the area is that of scikit-uplift 0.5.1 too (`qini_curve`, by the trapezoid, less
// the straight line, over n_T·n). Its `qini_auc_score` without negative effects divides it by that
// of a perfect curve that has gained all after u·n_T rows, where Radcliffe's is after u·n: 2.333
// here, where ours is 2.722.
TEST(Qini, tells_the_two_ways_to_divide_apart) {
  const std::vector<double> scores = {8, 7, 6, 5, 4, 3, 2, 1};
  const std::vector<std::uint8_t> treated = {1, 1, 0, 1, 0, 1, 0, 0};
  const std::vector<std::uint8_t> bought = {1, 1, 0, 0, 0, 0, 1, 0};
  const Qini found = *qini({scores, bought, treated});
  EXPECT_EQ(found.uplift, 0.25);
  // The curve: ¼, ½ five times, (2 − 1·4/3)/4 = 1/6, ¼.
  const double sum = 0.25 + 5 * 0.5 + 1.0 / 6 + 0.125;
  EXPECT_NEAR(found.area, sum / 8 - 0.125, 1e-12);
  EXPECT_NEAR(*found.coefficient, 2.722222222222222, 1e-12);
  EXPECT_NEAR(found.area / (0.25 * (1 - 0.25 * 4 / 8) / 2), 2.333333333333333, 1e-12);
}

}  // namespace
}  // namespace metric

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "metric/confusion.h"
#include "metric/probability.h"

namespace metric {
namespace {

using Labels = std::vector<std::uint8_t>;

TEST(Confusion, counts_offers_strictly_above_the_threshold) {
  const std::vector<double> p = {0.9, 0.5, 0.2, 0.6, 0.1};
  const Labels y = {1, 1, 1, 0, 0};
  EXPECT_EQ(confusion_at(p, y, 0.5), (Confusion{.tp = 1, .fp = 1, .tn = 1, .fn = 2}));
  EXPECT_EQ(confusion_at(p, y, 0.0), always(3, 2));
  EXPECT_EQ(confusion_at(p, y, 1.0), never(3, 2));
  EXPECT_EQ(confusion_of(Labels{1, 0, 0, 1, 0}, y), confusion_at(p, y, 0.5));
}

TEST(Confusion, gives_the_rates_of_a_hand_made_table) {
  const Confusion c{.tp = 30, .fp = 20, .tn = 40, .fn = 10};
  EXPECT_DOUBLE_EQ(*accuracy(c), 0.7);
  EXPECT_DOUBLE_EQ(*precision(c), 0.6);
  EXPECT_DOUBLE_EQ(*recall(c), 0.75);
  EXPECT_DOUBLE_EQ(*false_alarm(c), 1.0 / 3);
  EXPECT_DOUBLE_EQ(*specificity(c), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*f_score(c), 2 * 0.6 * 0.75 / (0.6 + 0.75));
  EXPECT_DOUBLE_EQ(*f_score(c, 2), 5 * 0.6 * 0.75 / (4 * 0.6 + 0.75));
}

TEST(Confusion, has_nothing_to_say_where_a_rate_is_not_defined) {
  EXPECT_FALSE(precision(never(3, 2)));
  EXPECT_EQ(*recall(never(3, 2)), 0);
  EXPECT_EQ(*f_score(never(3, 2)), 0);
  EXPECT_FALSE(recall(always(0, 2)));
  EXPECT_FALSE(specificity(always(3, 0)));
  EXPECT_FALSE(false_alarm(always(3, 0)));
  EXPECT_FALSE(accuracy(Confusion{}));
  EXPECT_FALSE(f_score(Confusion{}));
}

TEST(Confusion, knows_the_model_that_tosses_a_coin) {
  EXPECT_EQ(random(100, 1000, 0.5), (Confusion{.tp = 50, .fp = 500, .tn = 500, .fn = 50}));
  EXPECT_EQ(random(100, 1000, 1), always(100, 1000));
  EXPECT_EQ(random(100, 1000, 0), never(100, 1000));
}

double auc_by_pairs(const std::vector<double>& scores, const Labels& y) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = 0; j < y.size(); ++j) {
      if (y[i] != 1 || y[j] != 0) continue;
      ++pairs;
      right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
    }
  }
  return right / pairs;
}

TEST(Auc, equals_the_count_over_all_pairs_with_ties) {
  base::Random random(1);
  for (int round = 0; round < 20; ++round) {
    std::vector<double> scores(200);
    Labels y(200);
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = random.bernoulli(0.3) ? 1 : 0;
      scores[i] = static_cast<double>(random.below(12)) + 2 * y[i];
    }
    EXPECT_DOUBLE_EQ(*auc(scores, y), auc_by_pairs(scores, y));
  }
  EXPECT_EQ(*auc(std::vector<double>{1, 1, 1, 1}, Labels{1, 0, 1, 0}), 0.5);
  EXPECT_EQ(*auc(std::vector<double>{1, 2}, Labels{0, 1}), 1);
  EXPECT_FALSE(auc(std::vector<double>{1, 2}, Labels{1, 1}));
  EXPECT_FALSE(auc({}, {}));
}

TEST(Probability, measures_by_hand_made_figures) {
  const std::vector<double> p = {0.8, 0.3};
  const Labels y = {1, 0};
  EXPECT_DOUBLE_EQ(*brier(p, y), (0.04 + 0.09) / 2);
  EXPECT_DOUBLE_EQ(*log_loss(p, y), -(std::log(0.8) + std::log(0.7)) / 2);
  EXPECT_NEAR(*log_loss(std::vector<double>{0}, Labels{1}), -std::log(1e-15), 1e-12);
  EXPECT_DOUBLE_EQ(*mean_absolute_difference(p, std::vector<double>{0.7, 0.5}), 0.15);
  EXPECT_FALSE(brier({}, {}));
  EXPECT_FALSE(log_loss({}, {}));
  EXPECT_FALSE(calibration_error({}, {}));
}

TEST(Probability, tells_the_errors_of_its_means) {
  const std::vector<double> p = {0.8, 0.3, 0.5};
  const Labels y = {1, 0, 1};
  // Losses 0.04, 0.09, 0.25: mean 0.38/3, s²/n = Σ(loss − mean)²/6.
  const double mean = 0.38 / 3;
  const double squares =
      (0.04 - mean) * (0.04 - mean) + (0.09 - mean) * (0.09 - mean) + (0.25 - mean) * (0.25 - mean);
  EXPECT_NEAR(brier_interval(p, y)->estimate, mean, 1e-15);
  EXPECT_NEAR(brier_interval(p, y)->standard_error, std::sqrt(squares / 6), 1e-15);
  EXPECT_EQ(log_loss_interval(p, y)->estimate, *log_loss(p, y));
  EXPECT_GT(log_loss_interval(p, y)->standard_error, 0);
  EXPECT_FALSE(brier_interval(std::vector<double>{0.5}, Labels{1}));
}

TEST(Probability, sees_the_calibration_of_bins) {
  // Four rows at 0.55, three of them positive, and one certain row that is right.
  const std::vector<double> p = {0.55, 0.55, 0.55, 0.55, 1.0};
  EXPECT_NEAR(*calibration_error(p, Labels{1, 1, 1, 0, 1}, 10), 4.0 / 5 * 0.2, 1e-15);
  // 20,000 calibrated rows in 20 bins of 1,000: expected √(2 · mean p(1−p) / (1000 π)) = 0.0103
  // with a deviation of 0.0017; the margin is five deviations.
  base::Random random(9);
  std::vector<double> calibrated(20'000);
  Labels y(calibrated.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    calibrated[i] = random.uniform();
    y[i] = random.bernoulli(calibrated[i]) ? 1 : 0;
  }
  EXPECT_NEAR(*calibration_error(calibrated, y), 0.0103, 0.0085);
  for (double& value : calibrated) value = std::sqrt(value);
  EXPECT_GT(*calibration_error(calibrated, y), 0.1);
}

}  // namespace
}  // namespace metric

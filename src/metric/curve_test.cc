// SPDX-License-Identifier: Apache-2.0
#include "metric/curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "metric/auc_interval.h"
#include "metric/calibration.h"
#include "metric/probability.h"

namespace metric {
namespace {

using Labels = std::vector<std::uint8_t>;
using Scores = std::vector<double>;

struct Rows {
  Scores scores;
  Labels labels;
};

Rows any_rows(base::Random& random, std::size_t n, std::uint64_t grid = 12) {
  Rows rows{Scores(n), Labels(n)};
  for (std::size_t i = 0; i < n; ++i) {
    rows.labels[i] = random.bernoulli(0.3) ? 1 : 0;
    rows.scores[i] = static_cast<double>(random.below(grid)) + rows.labels[i];
  }
  return rows;
}

TEST(Curve, gives_the_counts_at_every_threshold) {
  base::Random random(1);
  const auto [s, y] = any_rows(random, 100);
  const auto curve = score_curve(s, y);
  EXPECT_EQ(curve.front().counts.offered(), 0);
  EXPECT_EQ(curve.back().counts.offered(), 100);
  for (const CurvePoint& point : curve) {
    Confusion c;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const bool offered = s[i] >= point.threshold;
      ++(y[i] != 0 ? (offered ? c.tp : c.fn) : (offered ? c.fp : c.tn));
    }
    EXPECT_EQ(point.counts, c);
  }
  double area = 0;  // The trapezoids under the ROC are the AUC.
  for (std::size_t i = 1; i < curve.size(); ++i)
    area += (*false_alarm(curve[i].counts) - *false_alarm(curve[i - 1].counts)) *
            (*recall(curve[i].counts) + *recall(curve[i - 1].counts)) / 2;
  EXPECT_NEAR(area, *auc(s, y), 1e-14);
}

TEST(Curve, is_thinned_between_its_ends) {
  base::Random random(2);
  const auto [s, y] = any_rows(random, 3000, 1'000'000'000);
  const auto curve = score_curve(s, y);
  for (const std::size_t most : {2, 3, 100, 5000}) {
    const auto points = decimated(curve, most);
    EXPECT_EQ(points.size(), std::min(most, curve.size()));
    EXPECT_EQ(points.front().counts, curve.front().counts);
    EXPECT_EQ(points.back().counts, curve.back().counts);
  }
}

TEST(AveragePrecision, is_the_step_wise_area) {
  // The example of scikit-learn's documentation of average_precision_score: 0.8333…: the positives
  // stand first (precision 1) and third (2/3): (1 + 2/3)/2.
  EXPECT_NEAR(*average_precision(Scores{0.1, 0.4, 0.35, 0.8}, Labels{0, 0, 1, 1}), 5.0 / 6, 1e-15);
  // All tied: the share of positives.
  EXPECT_NEAR(*average_precision(Scores{1, 1, 1, 1}, Labels{0, 0, 0, 1}), 0.25, 1e-15);
  EXPECT_FALSE(average_precision(Scores{1}, Labels{0}));
  // O(n²): each positive's precision among the scores no lower than its own.
  base::Random random(3);
  for (int round = 0; round < 20; ++round) {
    const auto [s, y] = any_rows(random, 80);
    double sum = 0, positives = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (y[i] == 0) continue;
      double above = 0, hits = 0;
      for (std::size_t j = 0; j < s.size(); ++j)
        if (s[j] >= s[i]) ++above, hits += y[j];
      sum += hits / above;
      ++positives;
    }
    EXPECT_NEAR(*average_precision(s, y), sum / positives, 1e-14);
  }
}

TEST(Gains, tell_the_share_of_positives_found) {
  // Ten rows, positives at ranks 1, 2, 3 and 7.
  Scores s;
  for (int i = 10; i > 0; --i) s.push_back(i);
  const Labels y = {1, 1, 1, 0, 0, 0, 1, 0, 0, 0};
  const auto gains = cumulative_gains(s, y, 5);
  const double expected[] = {0.5, 0.75, 0.75, 1, 1};
  ASSERT_EQ(gains.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(gains[i].gain, expected[i], 1e-15);
  EXPECT_NEAR(gains[0].lift, 2.5, 1e-15);
  EXPECT_EQ(gains[4].lift, 1);
  // Ties are spread evenly: a lift of 1 everywhere.
  for (const Gain& g : cumulative_gains(Scores(10, 1.0), y, 4)) EXPECT_NEAR(g.lift, 1, 1e-15);
  EXPECT_EQ(cumulative_gains(Scores{1, 2}, Labels{0, 1}, 10).size(), 10u);
  EXPECT_TRUE(cumulative_gains(Scores{1}, Labels{0}).empty());
  EXPECT_TRUE(cumulative_gains({}, {}).empty());
}

TEST(Rates, are_balanced_and_correlated_as_by_hand) {
  const Confusion c{.tp = 30, .fp = 20, .tn = 40, .fn = 10};
  EXPECT_NEAR(*balanced_accuracy(c), (0.75 + 2.0 / 3) / 2, 1e-15);
  EXPECT_NEAR(*matthews(c), (1200.0 - 200) / std::sqrt(50.0 * 40 * 60 * 50), 1e-15);
  EXPECT_EQ(*matthews({.tp = 3, .tn = 4}), 1);
  EXPECT_EQ(*matthews({.fp = 3, .fn = 4}), -1);
  EXPECT_FALSE(matthews(always(3, 4)));
  EXPECT_FALSE(balanced_accuracy(always(3, 0)));
}

TEST(Calibration, bins_by_width_and_by_count) {
  const Scores p = {0.05, 0.15, 0.15, 0.95, 1.0, 0.55};
  const Labels y = {0, 1, 0, 1, 1, 0};
  const auto width = calibration_curve(p, y, Bins::kEqualWidth, 10);
  ASSERT_EQ(width.size(), 4u);
  EXPECT_EQ(width[1].rows, 2);
  EXPECT_EQ(width[1].share.estimate, 0.5);
  EXPECT_EQ(width[1].share, *wilson(1, 2, 0.95));
  EXPECT_NEAR(width[3].mean_probability, 0.975, 1e-15);
  EXPECT_EQ(width[3].from, 0.95);
  EXPECT_EQ(width[3].to, 1);
  const auto count = calibration_curve(p, y, Bins::kEqualCount, 3);
  ASSERT_EQ(count.size(), 3u);
  EXPECT_EQ(count[0].rows, 3);  // The second 0.15 belongs where the first is.
  EXPECT_EQ(count[1].rows, 1);
  EXPECT_EQ(count[2].rows, 2);
  EXPECT_EQ(calibration_curve(Scores(9, 0.3), Labels(9, 0), Bins::kEqualCount, 4).size(), 1u);
  EXPECT_TRUE(calibration_curve({}, {}, Bins::kEqualCount).empty());
}

// V by all pairs, and the variance of a difference by its covariance (DeLong et al., eq. 5).
struct Placements {
  Scores positive, negative;
};

Placements by_pairs(const Scores& s, const Labels& y) {
  Placements v;
  for (std::size_t i = 0; i < s.size(); ++i) {
    double right = 0, all = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (y[i] == y[j]) continue;
      ++all;
      const double mine = y[i] != 0 ? s[i] - s[j] : s[j] - s[i];
      right += mine > 0 ? 1 : mine == 0 ? 0.5 : 0;
    }
    (y[i] != 0 ? v.positive : v.negative).push_back(right / all);
  }
  return v;
}

double covariance(const Scores& a, const Scores& b) {
  double mean_a = 0, mean_b = 0, sum = 0;
  const auto n = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) mean_a += a[i] / n, mean_b += b[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / (n - 1) / n;
}

TEST(DeLong, equals_its_definition_over_all_pairs) {
  base::Random random(5);
  for (int round = 0; round < 20; ++round) {
    const auto [a, y] = any_rows(random, 120);
    Scores b = a;
    for (double& score : b) score += static_cast<double>(random.below(5));
    const Placements va = by_pairs(a, y), vb = by_pairs(b, y);
    const double var_a =
        covariance(va.positive, va.positive) + covariance(va.negative, va.negative);
    const double var_b =
        covariance(vb.positive, vb.positive) + covariance(vb.negative, vb.negative);
    const double cov = covariance(va.positive, vb.positive) + covariance(va.negative, vb.negative);
    const Interval i = *auc_interval(a, y);
    EXPECT_NEAR(i.estimate, *auc(a, y), 1e-14);
    EXPECT_NEAR(i.standard_error, std::sqrt(var_a), 1e-12);
    const AucDifference d = *auc_difference(a, b, y);
    EXPECT_NEAR(d.difference.estimate, *auc(a, y) - *auc(b, y), 1e-14);
    EXPECT_NEAR(d.difference.standard_error, std::sqrt(var_a + var_b - 2 * cov), 1e-10);
    EXPECT_NEAR(d.z, d.difference.estimate / d.difference.standard_error, 1e-12);
  }
}

TEST(DeLong, gives_a_hand_worked_case) {
  // Positives 0.8, 0.6 against 0.7, 0.3: V₁ = 1, ½; V₀ = ½, 1; variances ⅛/2 + ⅛/2.
  const Scores s = {0.8, 0.7, 0.6, 0.3};
  const Labels y = {1, 0, 1, 0};
  EXPECT_EQ(auc_interval(s, y)->estimate, 0.75);
  EXPECT_NEAR(auc_interval(s, y)->standard_error, std::sqrt(0.125), 1e-15);
  EXPECT_EQ(auc_interval(s, y)->high, 1);
  EXPECT_EQ(auc_difference(s, s, y)->p, 1);
  EXPECT_FALSE(auc_interval(Scores{1, 2, 3}, Labels{1, 0, 0}));
  EXPECT_FALSE(auc_interval(Scores{1, 2}, Labels{1, 1}));
}

// 1,000 data sets of 300 rows, seed 6: normal scores one deviation apart have an AUC of Φ(1/√2).
// 95 % intervals hold it in 95 %, deviation 0.7 %; the margin is 2.5 %.
TEST(DeLong, holds_the_true_auc_as_often_as_it_says) {
  base::Random random(6);
  const double truth = 0.5 * std::erfc(-0.5);
  int held = 0;
  for (int round = 0; round < 1000; ++round) {
    Scores s(300);
    Labels y(300);
    for (std::size_t i = 0; i < s.size(); ++i) {
      y[i] = i % 3 == 0 ? 1 : 0;
      s[i] = random.normal() + y[i];
    }
    const Interval i = *auc_interval(s, y);
    if (i.low <= truth && truth <= i.high) ++held;
  }
  EXPECT_NEAR(held / 1000.0, 0.95, 0.025);
}

}  // namespace
}  // namespace metric

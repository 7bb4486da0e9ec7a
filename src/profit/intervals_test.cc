// SPDX-License-Identifier: Apache-2.0
#include "profit/intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "profit/detail/binomial.h"

namespace profit {
namespace {

using metric::Confusion;
using metric::Interval;

// The size of the article's test set: 22,750 rows, 634 of them positive.
constexpr Confusion kTruth{.tp = 400, .fp = 8000, .tn = 14116, .fn = 234};
const Economics kMoney = *economics_from_q(35.9);

Confusion draw(base::Random& random, Sampling sampling) {
  const auto n = static_cast<double>(kTruth.total());
  const std::int64_t positives =
      sampling == Sampling::kClasses
          ? kTruth.positives()
          : detail::draw_binomial(random, kTruth.total(),
                                  static_cast<double>(kTruth.positives()) / n);
  const std::int64_t negatives = kTruth.total() - positives;
  const std::int64_t tp = detail::draw_binomial(random, positives, 400.0 / 634);
  const std::int64_t fp = detail::draw_binomial(random, negatives, 8000.0 / 22116);
  return {.tp = tp, .fp = fp, .tn = negatives - fp, .fn = positives - tp};
}

double deviation(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double v : values) sum += v - values[0];
  const double mean = values[0] + sum / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// 4,000 test sets drawn from a known population, seed 3. The deviation of what they estimate is
// known to 1/√8000 = 1.1 % (one deviation); the margin is 5 %.
TEST(MoneyIntervals, have_the_standard_errors_that_repeated_test_sets_show) {
  for (const Sampling sampling : {Sampling::kRows, Sampling::kClasses}) {
    base::Random random(3);
    std::vector<double> rap, money, tap, roi_seen, per_customer;
    for (int i = 0; i < 4000; ++i) {
      const Confusion c = draw(random, sampling);
      rap.push_back(*relative_achieved_profit(c, kMoney.q()));
      money.push_back(profit(c, kMoney));
      tap.push_back(theoretically_achievable_profit(c, kMoney));
      roi_seen.push_back(*roi(c, kMoney.q()));
      per_customer.push_back(*profit_per_customer(c, kMoney));
    }
    const MoneyIntervals m = *money_intervals(kTruth, kMoney, 0.95, sampling);
    EXPECT_NEAR(m.rap.standard_error / deviation(rap), 1, 0.05);
    EXPECT_NEAR(m.profit.standard_error / deviation(money), 1, 0.05);
    EXPECT_NEAR(m.roi->standard_error / deviation(roi_seen), 1, 0.05);
    EXPECT_NEAR(m.profit_per_customer.standard_error / deviation(per_customer), 1, 0.05);
    if (sampling == Sampling::kRows) {
      EXPECT_NEAR(m.tap.standard_error / deviation(tap), 1, 0.05);
    } else {
      EXPECT_EQ(m.tap.standard_error, 0);
      EXPECT_EQ(deviation(tap), 0);
    }
  }
}

// 2,000 test sets, seed 4: 95 % intervals hold the truth in 95 % of them, give or take
// 0.5 % (one deviation); the margin is four of them.
TEST(MoneyIntervals, hold_the_truth_as_often_as_they_say) {
  const double truth = *relative_achieved_profit(kTruth, kMoney.q());
  for (const Sampling sampling : {Sampling::kRows, Sampling::kClasses}) {
    base::Random random(4);
    int held = 0;
    for (int i = 0; i < 2000; ++i) {
      const Interval rap = money_intervals(draw(random, sampling), kMoney, 0.95, sampling)->rap;
      if (rap.low <= truth && truth <= rap.high) ++held;
    }
    EXPECT_NEAR(held / 2000.0, 0.95, 0.02);
  }
}

// 4,000 resamples, seed 1: the standard error within 5 %, the ends within a tenth of an interval.
TEST(MoneyIntervals, agree_with_the_bootstrap) {
  for (const Sampling sampling : {Sampling::kRows, Sampling::kClasses}) {
    const MoneyIntervals delta = *money_intervals(kTruth, kMoney, 0.9, sampling);
    const MoneyIntervals drawn = *bootstrap_intervals(
        kTruth, kMoney, {.confidence = 0.9, .sampling = sampling, .resamples = 4000});
    const auto expect_close = [](const Interval& a, const Interval& b) {
      EXPECT_EQ(a.estimate, b.estimate);
      EXPECT_NEAR(a.standard_error, b.standard_error, 0.05 * a.standard_error);
      EXPECT_NEAR(a.low, b.low, 0.1 * (a.high - a.low));
      EXPECT_NEAR(a.high, b.high, 0.1 * (a.high - a.low));
    };
    expect_close(delta.rap, drawn.rap);
    expect_close(delta.profit, drawn.profit);
    expect_close(delta.tap, drawn.tap);
    expect_close(*delta.roi, *drawn.roi);
    expect_close(delta.profit_per_customer, drawn.profit_per_customer);
  }
  const BootstrapOptions seven{.seed = 7};
  EXPECT_EQ(bootstrap_intervals(kTruth, kMoney, seven)->rap,
            bootstrap_intervals(kTruth, kMoney, seven)->rap);
}

TEST(MoneyIntervals, know_what_is_certain) {
  const MoneyIntervals nobody = *money_intervals(metric::never(10, 90), kMoney);
  EXPECT_EQ(nobody.rap, (Interval{0, 0, 0, 0}));
  EXPECT_FALSE(nobody.roi);
  EXPECT_EQ(money_intervals(metric::always(10, 0), kMoney)->rap.standard_error, 0);
}

TEST(MoneyIntervals, refuse_what_has_no_interval) {
  EXPECT_FALSE(money_intervals({.tn = 5}, kMoney));
  EXPECT_FALSE(money_intervals(kTruth, kMoney, 95));
  EXPECT_EQ(bootstrap_intervals(kTruth, kMoney, {.resamples = 5}).error().message,
            "a bootstrap of 5 resamples is too small: at least 100");
}

// 20,000 draws each, seed 5: mean and variance within five of their own deviations.
TEST(DrawBinomial, has_the_mean_and_variance_of_the_binomial) {
  base::Random random(5);
  struct Case {
    std::int64_t n;
    double p;
  };
  for (const auto& [n, p] : {Case{20, 0.1}, Case{40, 0.5}, Case{1000, 0.03}, Case{30000, 0.97}}) {
    double sum = 0, squares = 0;
    const double mean = static_cast<double>(n) * p, variance = mean * (1 - p);
    for (int i = 0; i < 20000; ++i) {
      const std::int64_t k = detail::draw_binomial(random, n, p);
      ASSERT_TRUE(k >= 0 && k <= n);
      const double off = static_cast<double>(k) - mean;
      sum += off;
      squares += off * off;
    }
    EXPECT_NEAR(sum / 20000, 0, 5 * std::sqrt(variance / 20000)) << n << " " << p;
    EXPECT_NEAR(squares / 20000 / variance, 1, 5 * std::sqrt((2 + 1 / variance) / 20000))
        << n << " " << p;
  }
  EXPECT_EQ(detail::draw_binomial(random, 7, 1), 7);
  EXPECT_EQ(detail::draw_binomial(random, 7, 0), 0);
}

}  // namespace
}  // namespace profit

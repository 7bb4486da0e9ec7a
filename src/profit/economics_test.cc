// SPDX-License-Identifier: Apache-2.0
#include "profit/economics.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace profit {
namespace {

using metric::Confusion;

Confusion any_confusion(base::Random& random) {
  return {.tp = static_cast<std::int64_t>(random.below(500)),
          .fp = static_cast<std::int64_t>(random.below(5000)),
          .tn = static_cast<std::int64_t>(random.below(5000)),
          .fn = static_cast<std::int64_t>(random.below(500)) + 1};
}

TEST(Economics, finds_q_from_the_old_systems_precision) {
  // The article's case: 2.79 % of the offers were accepted and the old system broke even.
  EXPECT_NEAR(*q_from_roi(0, 0.027856), 35.90, 0.005);
  EXPECT_NEAR(economics_from_hypothesis(0.027856, 0)->q(), 35.90, 0.005);
  EXPECT_NEAR(*q_from_roi(0.10, 0.027856), 1.1 / 0.027856, 1e-12);
  EXPECT_NEAR(roi_from_precision(0.027856, *q_from_roi(0.1, 0.027856)), 0.1, 1e-12);
}

TEST(Economics, refuses_what_is_not_money) {
  for (const double q : {1.0, 0.5, -3.0, 1.0 / 0.0, 0.0 / 0.0})
    EXPECT_FALSE(economics_from_q(q)) << q;
  EXPECT_EQ(economics_from_q(0.5).error().message,
            "q is 0.5: the ratio of income to cost must be above 1, or no offer is worth showing");
  EXPECT_FALSE(economics_from_money(1, 1));
  EXPECT_FALSE(economics_from_money(10, 0));
  EXPECT_FALSE(economics_from_money(10, -1));
  EXPECT_FALSE(economics_from_money(1e308, 1e-308));
  EXPECT_EQ(economics_from_money(11, 3)->q(), 11.0 / 3);
  EXPECT_FALSE(q_from_roi(0, 0));
  EXPECT_FALSE(q_from_roi(0, 1.5));
  EXPECT_FALSE(q_from_roi(-1, 0.5));
  EXPECT_FALSE(economics_from_hypothesis(0.5, -0.6));
}

TEST(Rap, is_the_share_of_the_achievable_profit) {
  base::Random random(4);
  for (int i = 0; i < 200; ++i) {
    const Confusion c = any_confusion(random);
    const Economics e = *economics_from_money(3 + 40 * random.uniform(), 0.5 + random.uniform());
    EXPECT_NEAR(*relative_achieved_profit(c, e.q()),
                profit(c, e) / theoretically_achievable_profit(c, e), 1e-9);
    const double x = 1 / (e.q() - 1);  // A straight line in x = 1 / (q − 1).
    const double line =
        *metric::recall(c) - static_cast<double>(c.fp) / static_cast<double>(c.positives()) * x;
    EXPECT_NEAR(*relative_achieved_profit(c, e.q()), line, 1e-9);
  }
}

TEST(Rap, is_whole_without_errors_whatever_q) {
  for (const double q : {1.01, 2.0, 35.9, 1e6}) {
    EXPECT_NEAR(*relative_achieved_profit({.tp = 70, .tn = 900}, q), 1, 1e-12);
  }
}

TEST(Rap, is_the_recall_without_false_alarms_whatever_q) {
  const Confusion c{.tp = 30, .tn = 900, .fn = 40};
  for (const double q : {1.01, 2.0, 35.9, 1e6})
    EXPECT_NEAR(*relative_achieved_profit(c, q), *metric::recall(c), 1e-12);
}

TEST(Rap, is_negative_without_hits) {
  for (const double q : {1.01, 2.0, 35.9}) {
    EXPECT_LT(*relative_achieved_profit({.tp = 0, .fp = 10, .tn = 900, .fn = 70}, q), 0);
  }
  EXPECT_EQ(*relative_achieved_profit(metric::never(70, 900), 35.9), 0);
  EXPECT_FALSE(relative_achieved_profit(metric::always(0, 900), 35.9));
}

TEST(Rap, rises_with_hits_and_falls_with_false_alarms_and_never_exceeds_one) {
  base::Random random(5);
  for (int i = 0; i < 200; ++i) {
    const Confusion c = any_confusion(random);
    const double q = 1.1 + 50 * random.uniform();
    const double rap = *relative_achieved_profit(c, q);
    Confusion hit = c, alarm = c;
    ++hit.tp, --hit.fn;
    ++alarm.fp;
    EXPECT_GT(*relative_achieved_profit(hit, q), rap);
    EXPECT_LT(*relative_achieved_profit(alarm, q), rap);
    EXPECT_LE(rap, 1);
  }
}

TEST(Rap, does_not_depend_on_the_number_of_samples) {
  const Confusion c{.tp = 30, .fp = 200, .tn = 900, .fn = 40};
  const Confusion tenfold{.tp = 300, .fp = 2000, .tn = 9000, .fn = 400};
  EXPECT_DOUBLE_EQ(*relative_achieved_profit(c, 35.9), *relative_achieved_profit(tenfold, 35.9));
}

TEST(Rap, prefers_volume_to_a_high_return) {
  // A cautious model with a high ROI earns less than a bolder one that harvests more.
  const Confusion bold{.tp = 60, .fp = 600, .tn = 3000, .fn = 40},
      cautious{.tp = 10, .fp = 20, .tn = 3580, .fn = 90};
  EXPECT_GT(*roi(cautious, 35.9), *roi(bold, 35.9));
  EXPECT_LT(*relative_achieved_profit(cautious, 35.9), *relative_achieved_profit(bold, 35.9));
}

TEST(Rap, is_inverted_by_the_precision_it_needs) {
  base::Random random(6);
  for (int i = 0; i < 200; ++i) {
    Confusion c = any_confusion(random);
    ++c.tp;
    const double q = 1.1 + 50 * random.uniform();
    const auto precision =
        precision_for_rap(*relative_achieved_profit(c, q), *metric::recall(c), q);
    ASSERT_TRUE(precision);
    EXPECT_NEAR(*precision, *metric::precision(c), 1e-9);
  }
  EXPECT_FALSE(precision_for_rap(0.9, 0.5, 10));  // RAP never exceeds the recall.
  EXPECT_FALSE(precision_for_rap(0.9, 0, 10));
}

TEST(Threshold, pays_exactly_above_one_over_q) {
  const Economics e = *economics_from_money(20, 4);
  EXPECT_DOUBLE_EQ(break_even_threshold(e), 0.2);
  EXPECT_NEAR(expected_profit(0.2, e), 0, 1e-12);
  EXPECT_GT(expected_profit(0.21, e), 0);
  EXPECT_LT(expected_profit(0.19, e), 0);
}

TEST(Money, is_told_per_customer_and_per_offer) {
  const Economics e = *economics_from_money(10, 2);
  const Confusion c{.tp = 5, .fp = 15, .tn = 70, .fn = 10};
  EXPECT_DOUBLE_EQ(profit(c, e), 10);
  EXPECT_DOUBLE_EQ(*profit_per_customer(c, e), 0.1);
  EXPECT_DOUBLE_EQ(*profit_per_offer(c, e), 0.5);
  EXPECT_DOUBLE_EQ(*roi(c, e.q()), 0.25);
  EXPECT_FALSE(profit_per_offer(metric::never(5, 5), e));
  EXPECT_FALSE(profit_per_customer({}, e));
  EXPECT_FALSE(roi(metric::never(5, 5), 5));
}

}  // namespace
}  // namespace profit

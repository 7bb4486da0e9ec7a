// SPDX-License-Identifier: Apache-2.0
// P, TAP, RAP, ROI, q and their inverses against exact fractions, and the properties that the
// article lists for RAP. The fractions are of 128-bit integers: nothing here is rounded before the
// last division, so what is compared is the rounding of ours alone.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "profit/economics.h"
#include "profit/intervals.h"
#include "profit/sensitivity.h"

namespace profit {
namespace {

using metric::Confusion;
__extension__ using Wide = __int128;

struct Fraction {
  Wide over = 0, under = 1;
  [[nodiscard]] double value() const {
    return static_cast<double>(static_cast<long double>(over) / static_cast<long double>(under));
  }
  friend Fraction operator*(Fraction a, Fraction b) { return {a.over * b.over, a.under * b.under}; }
  friend Fraction operator/(Fraction a, Fraction b) { return {a.over * b.under, a.under * b.over}; }
  friend Fraction operator+(Fraction a, Fraction b) {
    return {a.over * b.under + b.over * a.under, a.under * b.under};
  }
  friend Fraction operator-(Fraction a, Fraction b) {
    return {a.over * b.under - b.over * a.under, a.under * b.under};
  }
};
Fraction whole(std::int64_t n) { return {n, 1}; }

// In 128ths, which doubles hold exactly.
struct Money {
  std::int64_t income, cost;
  [[nodiscard]] Economics economics() const {
    return *economics_from_money(static_cast<double>(income) / 128,
                                 static_cast<double>(cost) / 128);
  }
  [[nodiscard]] Fraction i() const { return {income, 128}; }
  [[nodiscard]] Fraction c() const { return {cost, 128}; }
};

Confusion any_confusion(base::Random& random) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
  return {below(1000), below(100'000), below(100'000), below(1000)};
}

Money any_money(base::Random& random) {
  const auto cost = static_cast<std::int64_t>(1 + random.below(1000));
  return {cost + 1 + static_cast<std::int64_t>(random.below(100'000)), cost};
}

// Within a few roundings of the largest term: where terms cancel, what is left has their error.
void expect_equal(double ours, const Fraction& exact, double largest_term) {
  EXPECT_NEAR(ours, exact.value(), 1e-15 * (std::fabs(exact.value()) + largest_term));
}

TEST(Exact, equals_fractions_on_random_tables) {
  base::Random random(1);
  for (int round = 0; round < 5000; ++round) {
    const Confusion c = any_confusion(random);
    const Money m = any_money(random);
    const Economics e = m.economics();
    const Fraction q = m.i() / m.c();
    const double scale =
        static_cast<double>(c.tp) * e.income + static_cast<double>(c.offered()) * e.cost;
    expect_equal(e.q(), q, 0);
    const Fraction p = whole(c.tp) * m.i() - whole(c.offered()) * m.c();
    expect_equal(profit(c, e), p, scale);
    const Fraction tap = whole(c.positives()) * (m.i() - m.c());
    expect_equal(theoretically_achievable_profit(c, e), tap, 0);
    if (c.positives() > 0) {
      const double rap_scale = 4 * scale / tap.value() + 4 * e.q() / (e.q() - 1);
      expect_equal(*relative_achieved_profit(c, e.q()), p / tap, rap_scale);
    } else {
      EXPECT_FALSE(relative_achieved_profit(c, e.q()));
    }
    if (c.offered() > 0) {
      const Fraction return_on = Fraction{c.tp, c.offered()} * q - whole(1);
      expect_equal(*roi(c, e.q()), return_on, 2);
    }
    if (c.tp > 0) {
      const Fraction breaks_even = Fraction{c.offered(), c.tp};
      expect_equal(*q_from_roi(0, *metric::precision(c)), breaks_even, breaks_even.value());
    }
  }
}

TEST(Exact, inverts_what_it_computes) {
  base::Random random(2);
  for (int round = 0; round < 2000; ++round) {
    const double precision = 0.001 + 0.999 * random.uniform(), roi = 20 * random.uniform() - 0.999;
    const double q = *q_from_roi(roi, precision);
    EXPECT_NEAR(roi_from_precision(precision, q), roi, 1e-14);
    const RoiRange there{roi, roi + 0.5};
    if (const auto range = q_range(there, precision)) {
      EXPECT_NEAR(roi_range(*range, precision).from, there.from, 1e-14);
      EXPECT_NEAR(roi_range(*range, precision).to, there.to, 1e-14);
    }
  }
}

// The article's first hypothesis: precision 0.027856 and break-even give q = 35.90.
TEST(Article, finds_its_q) {
  EXPECT_NEAR(economics_from_hypothesis(0.027856, 0)->q(), 35.90, 0.005);
  // Its safe range of the hypothesis, −15 % to +50 %, is q from 30.5 to 53.8.
  const QRange q = *q_range({-0.15, 0.5}, 0.027856);
  EXPECT_NEAR(q.from, 0.85 / 0.027856, 1e-12);
  EXPECT_NEAR(q.to, 1.5 / 0.027856, 1e-12);
  // An offer costs 1 $ and an acceptance brings 35.90 $: the old system's profit is nothing.
  const Economics e = *economics_from_hypothesis(0.027856, 0);
  EXPECT_NEAR(profit({.tp = 27856, .fp = 972144}, e), 0, 1e-6);
}

class ArticleProperties : public testing::Test {
 protected:
  double rap(const Confusion& c) { return *relative_achieved_profit(c, q_); }
  Confusion next() {
    q_ = 1.001 + 80 * random_.uniform();
    Confusion c = any_confusion(random_);
    ++c.tp, ++c.fp, ++c.tn, ++c.fn;
    return c;
  }
  base::Random random_{3};
  double q_ = 0;
};

TEST_F(ArticleProperties, rap_does_not_depend_on_the_number_of_samples) {
  for (int i = 0; i < 1000; ++i) {
    const Confusion c = next();
    const auto k = static_cast<std::int64_t>(2 + random_.below(1000));
    EXPECT_NEAR(rap({k * c.tp, k * c.fp, k * c.tn, k * c.fn}), rap(c),
                1e-14 * (1 + static_cast<double>(c.fp) / (q_ - 1)));
  }
}

TEST_F(ArticleProperties, rap_is_whole_without_errors_whatever_q) {
  for (int i = 0; i < 1000; ++i) {
    const Confusion c = next();
    EXPECT_NEAR(rap({.tp = c.tp, .tn = c.tn}), 1, 1e-12);
  }
}

TEST_F(ArticleProperties, rap_is_the_recall_at_full_precision_whatever_q) {
  for (int i = 0; i < 1000; ++i) {
    Confusion c = next();
    c.fp = 0;
    EXPECT_NEAR(rap(c), *metric::recall(c), 1e-12);
  }
}

TEST_F(ArticleProperties, rap_is_a_loss_where_nothing_is_hit) {
  for (int i = 0; i < 1000; ++i) {
    Confusion c = next();
    c.tp = 0;
    EXPECT_LT(rap(c), 0);
  }
}

// Monotone: at equal recall more precision, at equal precision more recall (where it pays at all),
// and never above 1.
TEST_F(ArticleProperties, rap_rises_with_precision_and_with_recall) {
  for (int i = 0; i < 1000; ++i) {
    const Confusion c = next();
    EXPECT_LE(rap(c), 1);
    Confusion more_precise = c;
    --more_precise.fp, ++more_precise.tn;
    EXPECT_GT(*metric::precision(more_precise), *metric::precision(c));
    EXPECT_GT(rap(more_precise), rap(c));
    // Twice of all offers, the same precision: twice the recall.
    const Confusion less{c.tp, c.fp, c.tn, c.tp + 2 * c.fn};
    const Confusion more{2 * c.tp, 2 * c.fp, c.tn, 2 * c.fn};
    ASSERT_EQ(less.positives(), more.positives());
    const bool pays = *roi(less, q_) > 1e-9;
    if (pays) {
      EXPECT_GT(rap(more), rap(less));
    }
  }
}

// As in the article's example against ROI as the measure: B has the higher return and earns less.
TEST_F(ArticleProperties, roi_may_prefer_the_model_that_earns_less) {
  const Economics e = *economics_from_hypothesis(0.027856, 0);
  const Confusion a{.tp = 60, .fp = 900, .tn = 20'000, .fn = 40};
  const Confusion b{.tp = 15, .fp = 60, .tn = 20'840, .fn = 85};
  EXPECT_GT(*roi(b, e.q()), *roi(a, e.q()));
  EXPECT_LT(profit(b, e), profit(a, e));
  EXPECT_LT(*relative_achieved_profit(b, e.q()), *relative_achieved_profit(a, e.q()));
}

}  // namespace
}  // namespace profit

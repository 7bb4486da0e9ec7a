// SPDX-License-Identifier: Apache-2.0
#include "profit/amount_models.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace profit {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Doubles = std::vector<double>;

void expect_near(const metric::Interval& one, const metric::Interval& other) {
  EXPECT_NEAR(one.estimate, other.estimate, 1e-9 * (1 + std::abs(other.estimate)));
  // n − 1 here, n there: 4,000 rows.
  EXPECT_NEAR(one.standard_error, other.standard_error, 2e-4 * other.standard_error);
  EXPECT_NEAR(one.low, other.low, 1e-3 * other.standard_error);
  EXPECT_NEAR(one.high, other.high, 1e-3 * other.standard_error);
}

TEST(AmountModels, have_the_errors_of_counts_where_all_amounts_are_equal) {
  base::Random random(3);
  Bytes y(4000), first(4000), second(4000);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = random.bernoulli(0.2) ? 1 : 0;
    first[i] = random.bernoulli(y[i] != 0 ? 0.6 : 0.3) ? 1 : 0;
    second[i] = random.bernoulli(0.7) ? first[i] : (first[i] ^ 1);
  }
  const Doubles income(4000, 20), cost(4000, 3);
  const AmountRows rows{y, income, cost};
  const Economics e = *economics_from_money(20, 3);
  const MoneyIntervals here = *amount_intervals(rows, first);
  const MoneyIntervals there = *money_intervals(metric::confusion_of(first, y), e);
  expect_near(here.rap, there.rap);
  expect_near(here.profit, there.profit);
  expect_near(here.tap, there.tap);
  expect_near(here.profit_per_customer, there.profit_per_customer);
  expect_near(*here.roi, *there.roi);

  Decisions both = *Decisions::on(y);
  ASSERT_TRUE(both.add(first));
  ASSERT_TRUE(both.add(second));
  const PairedDifference lead = *amount_lead(rows, first, second);
  const PairedDifference known = *paired_difference(disagreement(both, 0, 1), e);
  expect_near(lead.profit_per_customer, known.profit_per_customer);
  expect_near(lead.rap, known.rap);
  EXPECT_NEAR(lead.z, known.z, 1e-3);
  EXPECT_EQ(lead.discordant, known.discordant);
  EXPECT_EQ(amount_lead(rows, first, first)->p, 1);
}

TEST(AmountModels, cut_midway_between_keys_or_to_everybody_or_nobody) {
  const Bytes y = {1, 0, 1, 0};
  const Doubles cost(4, 2), keys = {5, 4, 3, 1};
  // Profits down the list: 8, 6, 10, 8.
  EXPECT_EQ(*best_amount_threshold({y, Doubles{10, 0, 6, 0}, cost}, keys), 2);
  EXPECT_EQ(*best_amount_threshold({y, Doubles{10, 0, 6, 0}, cost}, Doubles{7, 7, 7, 7}),
            kToEverybody);
  EXPECT_EQ(*best_amount_threshold({y, Doubles{1, 0, 1, 0}, cost}, keys), kToNobody);
  // Neighbouring doubles are parted all the same.
  const double next = std::nextafter(3.0, 4.0);
  EXPECT_EQ(*best_amount_threshold({Bytes{1, 0}, Doubles{9, 9}, Doubles{1, 1}}, Doubles{next, 3}),
            3);
}

TEST(AmountModels, refuse_rows_of_which_none_is_worth_an_offer) {
  const Bytes y = {1, 0}, all = {1, 1};
  EXPECT_EQ(amount_intervals({y, Doubles{1, 9}, Doubles{2, 2}}, all).error().message,
            "no row is worth an offer: nobody accepts who brings its cost");
}

}  // namespace
}  // namespace profit

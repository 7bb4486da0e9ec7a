// SPDX-License-Identifier: Apache-2.0
#include "experiment/money_histogram.h"

#include <gtest/gtest.h>

namespace experiment {
namespace {

std::vector<std::int64_t> edges_to(std::int64_t most) {
  std::vector<std::int64_t> cents;
  for (const base::Cents edge : money_bins(base::Cents(most))) cents.push_back(edge.value());
  return cents;
}

TEST(MoneyBins, are_five_a_decade_up_to_the_most) {
  EXPECT_EQ(edges_to(10'000),
            (std::vector<std::int64_t>{1,   2,   3,   4,   6,    10,   16,   25,   40,   63,    100,
                                       160, 250, 400, 630, 1000, 1600, 2500, 4000, 6300, 10'000}));
  EXPECT_EQ(edges_to(17'500).back(), 17'500);
  EXPECT_EQ(edges_to(17'500)[edges_to(17'500).size() - 2], 16'000);
  EXPECT_EQ(edges_to(2), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(edges_to(1'000'000'000'000'000).size(), 5U * 15 + 1);
}

TEST(MoneyHistogram, counts_each_amount_from_its_bins_lower_edge_on) {
  MoneyHistogram histogram(base::Cents(10));  // 0.01, 0.02, 0.03, 0.04, 0.06, 0.10.
  for (const std::int64_t cents : {-5, 0, 0, 1, 2, 3, 4, 5, 6, 9, 10, 11})
    histogram.add(base::Cents(cents));
  EXPECT_EQ(histogram.zeros(), 3);
  EXPECT_EQ(histogram.counts(), (std::vector<std::int64_t>{1, 1, 1, 2, 4}));
  EXPECT_EQ(histogram.n(), 12);
}

TEST(MoneyHistogram, merges_to_the_same_counts) {
  MoneyHistogram whole(base::Cents(100'000)), even(base::Cents(100'000)), odd(base::Cents(100'000));
  for (std::int64_t i = 0; i < 1000; ++i) {
    const base::Cents amount(i % 10 < 8 ? i * i % 70'001 : 0);
    whole.add(amount);
    (i % 2 == 0 ? even : odd).add(amount);
  }
  EXPECT_FALSE(even == whole);
  even.merge(odd);
  EXPECT_TRUE(even == whole);
}

}  // namespace
}  // namespace experiment

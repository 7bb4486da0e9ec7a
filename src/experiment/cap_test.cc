// SPDX-License-Identifier: Apache-2.0
// With the oracle's k.winsorise.
#include "experiment/cap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;

Cap cap_at(double dollars) {
  return *Cap::make(base::Cents(static_cast<std::int64_t>(std::llround(dollars * 100))));
}

// The model's 2,000,000 quantiles in the middle of equal shares: nine of ten are 0.
CappedMoments model(const Json& inputs, const Cap& cap) {
  CappedMoments moments(cap);
  const double mu = inputs.at("mu");
  const double s = inputs.at("s");
  constexpr int kBuyers = 200'000;
  for (int i = 0; i < kBuyers; ++i) {
    const double amount = std::exp(mu + s * normal_quantile((i + 0.5) / kBuyers));
    moments.add(base::Cents(std::llround(amount * 100)));
    for (int k = 0; k < 9; ++k) moments.add(base::Cents(0));
  }
  return moments;
}

// Closed forms against the capped quantiles: what lies between them costs 1e-4 of the moments.
TEST(Cap, agrees_with_the_oracles_closed_form) {
  const Json& check = oracle::check("k.winsorise");
  const Json& inputs = check.at("inputs");
  Expected all(check.at("outputs"));
  const Json& uncapped = all.take("no_cap");
  for (const int dollars : {500, 300, 200, 100}) {
    SCOPED_TRACE(dollars);
    const CappedMoments moments = model(inputs, cap_at(dollars));
    const SampleSummary summary = moments.capped().summary();
    const double deviation = uncapped.at("sd");
    const double mean = uncapped.at("mean");
    const double n_ratio = std::pow(summary.deviation / deviation, 2);
    Expected expected(all.take("cap=" + std::to_string(dollars)));
    expected.is("mean", summary.mean, 1e-4);
    expected.is("sd", summary.deviation, 1e-4);
    expected.is("skew", summary.skew, 1e-3);
    expected.is(
        "share_capped",
        static_cast<double>(moments.customers_capped()) / static_cast<double>(moments.capped().n()),
        5e-3);
    expected.is("n_min_355", 355 * summary.skew * summary.skew, 2e-3);
    expected.is("n_ratio_same_absolute_effect", n_ratio, 3e-4);
    expected.is("n_ratio_same_relative_effect", n_ratio * std::pow(mean / summary.mean, 2), 3e-4);
    // The uncapped moments lack the tail beyond the last quantile only.
    EXPECT_NEAR(moments.uncapped().summary().mean, mean, 1e-3 * mean);
    EXPECT_NEAR(moments.uncapped().summary().deviation, deviation, 0.01 * deviation);
  }
}

TEST(Cap, counts_both_ends_and_keeps_what_is_within) {
  CappedMoments moments(cap_at(10));
  for (const int cents : {1000, 1001, -1000, -5000, 20}) moments.add(base::Cents(cents));
  EXPECT_EQ(moments.customers_capped(), 2);
  EXPECT_EQ(moments.capped().total().value(), 1000 + 1000 - 1000 - 1000 + 20);
  EXPECT_EQ(moments.uncapped().total().value(), 1000 + 1001 - 1000 - 5000 + 20);
  CappedMoments twice = moments;
  twice.merge(moments);
  EXPECT_EQ(twice.customers_capped(), 4);
  EXPECT_EQ(twice.capped().n(), 10);
  EXPECT_EQ(cap_at(1).apply(base::Cents(INT64_MIN)).value(), -100);
}

TEST(Cap, from_history_is_exceeded_by_no_more_than_the_share) {
  std::vector<base::Cents> history;
  for (int i = 1; i <= 1000; ++i) history.emplace_back(i % 2 == 0 ? i : -i);
  for (const double share : {0.0, 0.001, 0.0015, 0.1, 0.999}) {
    const Cap cap = *Cap::from_history(history, share);
    int beyond = 0;
    for (const base::Cents each : history) beyond += cap.apply(each) == each ? 0 : 1;
    EXPECT_EQ(beyond, static_cast<int>(std::floor(share * 1000))) << share;
  }
  EXPECT_FALSE(Cap::from_history({}, 0.1));
  EXPECT_FALSE(Cap::from_history(history, 1));
  EXPECT_FALSE(Cap::from_history(history, std::nan("")));
  EXPECT_FALSE(Cap::from_history(std::vector<base::Cents>(10), 0.1));
  EXPECT_FALSE(Cap::make(base::Cents(0)));
  EXPECT_EQ(Cap::from_history(std::vector<base::Cents>{base::Cents(INT64_MIN)}, 0)->limit().value(),
            INT64_MAX);
}

}  // namespace
}  // namespace experiment

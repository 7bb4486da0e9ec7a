// SPDX-License-Identifier: Apache-2.0
// With the oracle's k.355.meaning, k.edgeworth.lcg and, of its simulations, the sign of the error.
#include "experiment/skew_gate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"
#include "experiment/welch.h"

namespace experiment {
namespace {

using oracle::Expected;

// The generator that d.welch.lcg describes.
SampleSummary generated(std::uint64_t seed, int n) {
  MoneyMoments moments;
  std::uint64_t x = seed;
  for (int i = 0; i < n; ++i) {
    x = (1103515245 * x + 12345) % (std::uint64_t{1} << 31);
    const std::uint64_t h = x >> 8;
    const std::uint64_t b = h / 1000 % 1000;
    moments.add(
        base::Cents(h % 1000 < 700 ? 0 : static_cast<std::int64_t>(b * b * b / 200000 + 100)));
  }
  return moments.summary();
}

TEST(SkewGate, agrees_with_the_oracles_edgeworth_tail) {
  const auto& inputs = oracle::check("d.welch.lcg").at("inputs");
  const SampleSummary base = generated(inputs.at("base_seed"), inputs.at("base_n"));
  const SampleSummary candidate = generated(inputs.at("cand_seed"), inputs.at("cand_n"));
  const double g = skew_of_difference(base, candidate);
  const double t = welch(base, candidate)->t(0);
  Expected expected(oracle::check("k.edgeworth.lcg").at("outputs"));
  expected.is("g", g);
  expected.is("p_greater_normal", normal_sf(t));
  expected.is("p_greater_edgeworth", normal_sf(t) - tail_error(g, t));
  expected.is("kohavi_n_base", 355 * base.skew * base.skew);
  expected.is("kohavi_n_cand", 355 * candidate.skew * candidate.skew);
}

TEST(SkewGate, knows_what_355_means) {
  Expected expected(oracle::check("k.355.meaning").at("outputs"));
  expected.is("tail_error_t_first_order", tail_error(1 / std::sqrt(355.0), normal_quantile(0.025)));
  expected.set_aside("tail_error_z_first_order", "of a known deviation, which no shop has");
}

// k.simulation: skew 19.8 (its model's), 1,800 to 200 customers: instead of 5 %, 1.2 % are called
// better and 14.4 % worse; 1,000 to 1,000 keep the level.
TEST(SkewGate, alarms_for_skewed_and_unequal_arms_only) {
  SampleSummary base{.n = 1800, .variance = 656.6, .skew = 19.8};
  SampleSummary candidate = base;
  candidate.n = 200;
  EXPECT_TRUE(skew_gate(base, candidate, 0.05).alarm);
  EXPECT_GT(skew_gate(base, candidate, 0.05).g, 0);
  // A positive skew of the difference fattens the lower tail of t: more are called worse.
  EXPECT_GT(tail_error(skew_of_difference(base, candidate), -1.645), 0);
  base.n = 1000;
  candidate.n = 1000;
  EXPECT_FALSE(skew_gate(base, candidate, 0.05).alarm);
  EXPECT_EQ(skew_gate(base, candidate, 0.05).g, 0);
  EXPECT_EQ(skew_of_difference({.n = 1}, {.n = 1}), 0);
}

}  // namespace
}  // namespace experiment

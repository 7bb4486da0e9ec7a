// SPDX-License-Identifier: Apache-2.0
// The bounds' values are checked in oracle_sequential_test.cc.
#include "experiment/group_sequential.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace experiment {
namespace {

using Numbers = std::vector<double>;

TEST(GroupSequential, one_look_is_the_fixed_test) {
  const auto bounds = spending_bounds(Numbers{1}, 0.05, Spending::kObrienFleming);
  ASSERT_TRUE(bounds);
  EXPECT_NEAR(bounds->at(0).z, 1.6448536269514726, 1e-13);  // a.z.quantiles.
  EXPECT_NEAR(*classic_constant(1, 0.05, ClassicShape::kPocock), 1.959963984540054, 1e-13);
}

// Looks that fell elsewhere than planned keep the level: what was not spent is left for the last,
// also when more customers came than planned.
TEST(GroupSequential, spends_all_of_alpha_at_uneven_looks) {
  for (const Numbers& t : {Numbers{0.25, 0.6, 1.0}, Numbers{0.3, 0.3002, 1.0}, Numbers{0.5, 1.3}}) {
    for (const Sides sides : {Sides::kOne, Sides::kTwo}) {
      const auto bounds = spending_bounds(t, 0.05, Spending::kPocock, sides);
      ASSERT_TRUE(bounds);
      std::vector<LookRule> rules;
      for (const LookBound& bound : *bounds) {
        rules.push_back({.information = bound.information, .upper = bound.z});
        if (sides == Sides::kTwo) rules.back().lower = -bound.z;
      }
      double sum = 0;
      for (const Crossing& look : crossing_probabilities(rules, 0)) sum += look.above + look.below;
      EXPECT_NEAR(sum, 0.05, 1e-12);
      EXPECT_NEAR(bounds->back().spent, 0.05, 1e-15);
    }
  }
}

// Seeds 1…20,000, looks at 0.3, 0.31, 0.7 and 1 (two nearly together), drift 2.5: the paths end
// where the recursion says, within 4 binomial errors.
TEST(GroupSequential, agrees_with_simulated_paths) {
  const std::vector<LookRule> rules = {
      {0.3, -0.5, 2.5}, {0.31, -0.4, 2.4}, {0.7, 0.5, 2}, {1, 1.7, 1.7}};
  std::vector<Crossing> seen(rules.size());
  constexpr int kPaths = 20000;
  for (std::uint64_t seed = 1; seed <= kPaths; ++seed) {
    base::Random random(seed);
    double b = 0, t = 0;
    for (std::size_t k = 0; k < rules.size(); ++k) {
      const double step = rules[k].information - t;
      t = rules[k].information;
      b += 2.5 * step + std::sqrt(step) * random.normal();
      const double z = b / std::sqrt(t);
      if (z >= rules[k].upper)
        seen[k].above += 1.0 / kPaths;
      else if (z <= rules[k].lower)
        seen[k].below += 1.0 / kPaths;
      else
        continue;
      break;
    }
  }
  const std::vector<Crossing> said = crossing_probabilities(rules, 2.5);
  const auto margin = [](double p) { return 4 * std::sqrt(p * (1 - p) / kPaths) + 1e-4; };
  double all = 0;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    EXPECT_NEAR(seen[k].above, said[k].above, margin(said[k].above)) << k;
    EXPECT_NEAR(seen[k].below, said[k].below, margin(said[k].below)) << k;
    all += said[k].above + said[k].below;
  }
  EXPECT_NEAR(all, 1, 1e-12);
}

TEST(GroupSequential, refuses_looks_that_make_no_sense) {
  const auto bounds = [](const Numbers& t, double alpha = 0.05) {
    return spending_bounds(t, alpha, Spending::kObrienFleming);
  };
  for (const Numbers& t :
       {Numbers{}, Numbers{0, 1}, Numbers{0.5, 0.5}, Numbers{0.5, 0.4}, Numbers{1.1, 1.2},
        Numbers{std::nan("")}, Numbers{0.5, 11}, Numbers(101, 0.5), Numbers{0.5, 0.50001, 1}}) {
    EXPECT_FALSE(bounds(t));
  }
  for (const double alpha : {0.0, 0.5, -1.0, std::nan("")}) EXPECT_FALSE(bounds({0.5, 1}, alpha));
  // 2Φ(−2.24/√0.001) is 0 as a double.
  const auto early = bounds({0.001, 1});
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().message,
            "look 1 at information 0.001 would spend no alpha that can be told from 0: look later");
  EXPECT_FALSE(classic_constant(0, 0.05, ClassicShape::kPocock));
  EXPECT_FALSE(classic_constant(5, 0.7, ClassicShape::kPocock));
}

TEST(GroupSequential, refuses_designs_that_make_no_sense) {
  Design design{.effect_per_customer = 0.7, .deviation = 15};
  EXPECT_FALSE(design_sequential(design, Numbers{0.5, 0.9}, Spending::kObrienFleming));
  EXPECT_FALSE(design_sequential(design, Numbers{0.5, 1.1}, Spending::kObrienFleming));
  design.sides = Sides::kTwo;
  EXPECT_TRUE(design_sequential(design, Numbers{0.5, 1}, Spending::kObrienFleming));
  EXPECT_FALSE(design_sequential(design, Numbers{0.5, 1}, Spending::kObrienFleming, true));
  design.deviation = 0;
  EXPECT_FALSE(design_sequential(design, Numbers{0.5, 1}, Spending::kObrienFleming));
}

// At a first look so early that hardly any beta is spent there is no futility bound yet.
TEST(GroupSequential, may_have_no_futility_bound_at_an_early_look) {
  const Design design{.alpha = 0.4, .power = 0.99, .effect_per_customer = 0.7, .deviation = 15};
  const auto plan = design_sequential(design, Numbers{0.004, 1}, Spending::kObrienFleming, true);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->futility.at(0), -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(plan->inflation, 1, 1e-9);
}

}  // namespace
}  // namespace experiment

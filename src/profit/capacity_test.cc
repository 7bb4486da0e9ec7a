// SPDX-License-Identifier: Apache-2.0
#include "profit/capacity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace profit {
namespace {

using Doubles = std::vector<double>;
using Rows = std::vector<std::size_t>;

TEST(Capacity, spends_actions_on_the_highest_values) {
  const Doubles values = {3, -1, 7, 0, 5};
  const Allocation two = *best_actions(values, 2);
  EXPECT_EQ(two.rows, (Rows{2, 4}));
  EXPECT_EQ(two.value, 12);
  EXPECT_EQ(two.shadow_price, 3);
  EXPECT_EQ(two.gap(), 0);
  const Allocation many = *best_actions(values, 9);
  EXPECT_EQ(many.rows, (Rows{2, 4, 0}));  // Nothing that brings nothing.
  EXPECT_EQ(many.shadow_price, 0);
  EXPECT_EQ(best_actions(values, 0)->shadow_price, 7);
}

double best_of_all_subsets(const Doubles& values, const Doubles& costs, double budget) {
  double best = 0;
  for (unsigned set = 0; set < (1u << values.size()); ++set) {
    double value = 0, cost = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((set >> i & 1) == 0) continue;
      value += values[i];
      cost += costs[i];
    }
    if (cost <= budget) best = std::max(best, value);
  }
  return best;
}

TEST(Capacity, stands_between_half_of_the_best_and_its_bound) {
  base::Random random(1);
  for (int round = 0; round < 300; ++round) {
    Doubles values(1 + random.below(10)), costs(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<double>(random.below(20)) - 4;
      costs[i] = static_cast<double>(1 + random.below(12));
    }
    const double budget = static_cast<double>(random.below(40));
    const Allocation a = *best_within_budget(values, costs, budget);
    const double best = best_of_all_subsets(values, costs, budget);
    EXPECT_LE(a.value, best);
    EXPECT_GE(a.value, best / 2);
    EXPECT_GE(a.bound, best - 1e-12);
    EXPECT_LE(a.used, budget);
    double value = 0, used = 0;
    for (const std::size_t row : a.rows) value += values[row], used += costs[row];
    EXPECT_EQ(a.value, value);
    EXPECT_EQ(a.used, used);
  }
}

TEST(Capacity, tells_what_one_more_unit_of_the_budget_brings) {
  // By value/cost 4, 3, 2: with a budget of 5 the third fits in part, 2 of its 4: bound 14 + 4.
  const Doubles values = {8, 6, 8}, costs = {2, 2, 4};
  const Allocation a = *best_within_budget(values, costs, 6);
  EXPECT_EQ(a.rows, (Rows{0, 1}));
  EXPECT_EQ(a.shadow_price, 2);
  EXPECT_EQ(a.bound, 18);
  EXPECT_EQ(a.gap(), 4);
  // The second and third together would bring 14 as well; with 8 all fit, and more is worthless.
  EXPECT_EQ(best_within_budget(values, costs, 8)->shadow_price, 0);
  // One large row beats the small one that greed takes first.
  const Allocation single = *best_within_budget(Doubles{3, 50}, Doubles{1, 50}, 50);
  EXPECT_EQ(single.rows, (Rows{1}));
  EXPECT_EQ(single.bound, 3 + 49);
}

TEST(Capacity, employs_agents_until_one_more_costs_more_than_he_brings) {
  // 2 hours at 40 minutes: three calls each. Values 10 9 8 | 7 6 5 | 4 3 2 | 1.
  const Doubles values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -3, 0};
  const StaffPlan plan = *plan_staff(values, {.hours = 2, .minutes_per_action = 40, .cost = 10});
  ASSERT_EQ(plan.staffings.size(), 5u);
  const double marginal[] = {0, 27, 18, 9, 1};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(plan.staffings[i].agents, static_cast<std::int64_t>(i));
    EXPECT_EQ(plan.staffings[i].marginal_value, marginal[i]);
  }
  EXPECT_EQ(plan.best, 2u);
  EXPECT_EQ(plan.staffings[2].profit, 45 - 20);
  EXPECT_EQ(plan.staffings[4].actions, 10);
  EXPECT_EQ(plan_staff(values, {2, 40, 10}, 1)->staffings.size(), 2u);
  EXPECT_EQ(plan_staff({}, {2, 40, 10})->best, 0u);
  EXPECT_EQ(plan_staff(values, {0.1, 0.1, 0})->staffings[1].actions, 10);
}

TEST(Capacity, refuses_what_is_no_resource) {
  const Doubles values = {1, 2};
  EXPECT_FALSE(best_actions(values, -1));
  EXPECT_FALSE(best_actions(Doubles{std::nan("")}, 1));
  EXPECT_FALSE(best_within_budget(values, Doubles{1}, 5));
  EXPECT_FALSE(best_within_budget(values, Doubles{1, 0}, 5));
  EXPECT_FALSE(best_within_budget(values, Doubles{1, 1}, -5));
  EXPECT_FALSE(plan_staff(values, {0, 40, 10}));
  EXPECT_EQ(plan_staff(values, {0.5, 40, 10}).error().message,
            "an agent of 0.5 hours has no time for an action of 40 minutes");
  EXPECT_FALSE(plan_staff(values, {1, 40, -1}));
}

}  // namespace
}  // namespace profit

// SPDX-License-Identifier: Apache-2.0
// Resources are limited: which offers (calls, reviews) to make with so many of them, with a budget,
// or with so many agents, and what one more would be worth. A row's value is what acting on it is
// expected to bring, p·i − c (expected_profits in amounts.h). Pure and thread-safe.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace profit {

struct Allocation {
  std::vector<std::size_t> rows;  // To act on, best first.
  double value = 0;               // Sum of their values.
  double used = 0;                // Of the resource.
  // What one more unit of the resource would bring (its shadow price): 0 where it is not scarce.
  double shadow_price = 0;
  // No choice of rows can bring more than this; bound − value is what the method may have lost.
  double bound = 0;
  [[nodiscard]] double gap() const { return bound - value; }
};

// The best use of at most k actions: the k highest values above 0. Exact, so the gap is 0; the
// shadow price is the next value in line. Values are finite; k ≥ 0.
base::Result<Allocation> best_actions(std::span<const double> values, std::int64_t k);

// The best use of a budget where each row takes a cost (money, minutes) of its own: a knapsack.
// Greedy by value/cost, going on with what still fits; or the single best row, if that is better:
// at least half of the best. The bound is the linear relaxation's (Dantzig 1957), which takes a
// part of the first row that does not fit; the shadow price is that row's value/cost. Where the
// values are already net of the cost the budget pays, the shadow price is what a unit of money
// earns on top of itself. Costs are finite and above 0; budget ≥ 0 and finite.
base::Result<Allocation> best_within_budget(std::span<const double> values,
                                            std::span<const double> costs, double budget);

struct Agent {
  double hours = 0;               // That one works.
  double minutes_per_action = 0;  // That one action takes. An action is not shared among agents.
  double cost = 0;                // Of one agent for those hours; 0 or more.
};

struct Staffing {
  std::int64_t agents = 0;
  std::int64_t actions = 0;   // That they make: never one of value 0 or less.
  double value = 0;           // Before the agents' cost.
  double profit = 0;          // After it.
  double marginal_value = 0;  // Of the last agent, before his cost.
};

struct StaffPlan {
  std::vector<Staffing> staffings;  // 0, 1, 2 … agents, until one more has nothing to do.
  std::size_t best = 0;             // Most profit; of equals the fewest agents.
};

// How many agents to employ: values fall from row to row, so each further agent brings less, and
// the best number is the last whose marginal value exceeds his cost. Refuses hours and minutes that
// are not above 0, and an agent who has no time for one action. At most `most_agents` ≥ 1 are
// looked at. For actions of different lengths use best_within_budget with minutes as costs.
base::Result<StaffPlan> plan_staff(std::span<const double> values, const Agent& agent,
                                   std::int64_t most_agents = 10'000);

}  // namespace profit

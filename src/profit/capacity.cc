// SPDX-License-Identifier: Apache-2.0
#include "profit/capacity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/number.h"

namespace profit {
namespace {

using Doubles = std::span<const double>;
using Order = std::vector<std::size_t>;

base::Result<void> check_values(Doubles values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return base::input_error("the value of row " + std::to_string(i) + " is " +
                               base::format_double(values[i]) + ": it must be finite");
    }
  }
  return {};
}

base::Result<void> check_costs(Doubles costs) {
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (!(costs[i] > 0) || std::isinf(costs[i])) {
      return base::input_error("the cost of row " + std::to_string(i) + " is " +
                               base::format_double(costs[i]) + ": it must be finite and above 0");
    }
  }
  return {};
}

// Rows of value above 0, the highest key first.
template <class Key>
Order worthwhile(Doubles values, Key key) {
  Order order;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] > 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return key(a) != key(b) ? key(a) > key(b) : a < b;
  });
  return order;
}

Allocation greedy(Doubles values, Doubles costs, double budget, const Order& order) {
  Allocation a;
  bool all_fit = true;
  for (const std::size_t row : order) {
    if (a.used + costs[row] <= budget) {
      if (all_fit) a.bound += values[row];
      a.rows.push_back(row);
      a.value += values[row];
      a.used += costs[row];
    } else if (all_fit) {
      all_fit = false;
      a.shadow_price = values[row] / costs[row];
      a.bound += (budget - a.used) * a.shadow_price;
    }
  }
  return a;
}

}  // namespace

base::Result<Allocation> best_actions(Doubles values, std::int64_t k) {
  TRY(check_values(values));
  if (k < 0) {
    return base::input_error("at most " + std::to_string(k) +
                             " actions: the limit must be 0 or more");
  }
  Allocation a{.rows = worthwhile(values, [&](std::size_t i) { return values[i]; })};
  const auto limit = static_cast<std::size_t>(k);
  if (limit < a.rows.size()) {
    a.shadow_price = values[a.rows[limit]];
    a.rows.resize(limit);
  }
  for (const std::size_t row : a.rows) a.value += values[row];
  a.used = static_cast<double>(a.rows.size());
  a.bound = a.value;
  return a;
}

base::Result<Allocation> best_within_budget(Doubles values, Doubles costs, double budget) {
  if (values.size() != costs.size()) {
    return base::input_error("there are " + std::to_string(values.size()) + " values for " +
                             std::to_string(costs.size()) + " costs");
  }
  TRY(check_values(values));
  TRY(check_costs(costs));
  if (!(budget >= 0) || std::isinf(budget)) {
    return base::input_error("a budget of " + base::format_double(budget) +
                             ": it must be finite and 0 or more");
  }
  const Order order = worthwhile(values, [&](std::size_t i) { return values[i] / costs[i]; });
  Allocation a = greedy(values, costs, budget, order);
  const std::size_t* single = nullptr;
  for (const std::size_t& row : order)
    if (costs[row] <= budget && (single == nullptr || values[row] > values[*single])) single = &row;
  if (single != nullptr && values[*single] > a.value) {
    a.rows = {*single};
    a.value = values[*single];
    a.used = costs[*single];
  }
  a.bound = std::max(a.bound, a.value);  // Rounding must not turn the bound into a loss.
  return a;
}

base::Result<StaffPlan> plan_staff(Doubles values, const Agent& agent, std::int64_t most_agents) {
  TRY(check_values(values));
  const bool is_sound = agent.hours > 0 && agent.minutes_per_action > 0 && agent.cost >= 0 &&
                        std::isfinite(agent.hours) && std::isfinite(agent.minutes_per_action) &&
                        std::isfinite(agent.cost) && most_agents >= 1;
  if (!is_sound) {
    return base::input_error("an agent works " + base::format_double(agent.hours) +
                             " hours, takes " + base::format_double(agent.minutes_per_action) +
                             " minutes an action and costs " + base::format_double(agent.cost) +
                             ": hours and minutes must be above 0, the cost 0 or more");
  }
  const double each = agent.hours * 60 / agent.minutes_per_action;
  if (each < 1) {
    return base::input_error("an agent of " + base::format_double(agent.hours) +
                             " hours has no time for an action of " +
                             base::format_double(agent.minutes_per_action) + " minutes");
  }
  const Order order = worthwhile(values, [&](std::size_t i) { return values[i]; });
  const auto per_agent =
      static_cast<std::size_t>(std::min(each + 1e-9, static_cast<double>(order.size()) + 1));
  StaffPlan plan{.staffings = {{}}};
  for (std::size_t begin = 0; begin < order.size(); begin += per_agent) {
    Staffing next = plan.staffings.back();
    if (next.agents == most_agents) break;
    next.marginal_value = 0;
    const std::size_t end = std::min(begin + per_agent, order.size());
    for (std::size_t i = begin; i < end; ++i) next.marginal_value += values[order[i]];
    ++next.agents;
    next.actions += static_cast<std::int64_t>(end - begin);
    next.value += next.marginal_value;
    next.profit = next.value - agent.cost * static_cast<double>(next.agents);
    plan.staffings.push_back(next);
    if (next.profit > plan.staffings[plan.best].profit) plan.best = plan.staffings.size() - 1;
  }
  return plan;
}

}  // namespace profit

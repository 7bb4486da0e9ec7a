// SPDX-License-Identifier: Apache-2.0
#include "experiment/planned_design.h"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "experiment/detail/least_customers.h"
#include "experiment/disagreement_design.h"
#include "experiment/distribution.h"
#include "experiment/several_candidates.h"

namespace experiment {
namespace {

// Nothing beside the test itself: the exact solvers of design.h say it all.
bool plain(const PlannedDesign& plan) { return !plan.disagreement && plan.looks == 1; }

double chance_above(const Design& among, int looks, double drift) {
  const std::vector<double> shares = look_shares(looks);
  const auto bounds = spending_bounds(shares, among.alpha, Spending::kObrienFleming, among.sides);
  if (!bounds) return 0;
  std::vector<LookRule> rules;
  for (const LookBound& bound : *bounds) {
    LookRule rule{.information = bound.information, .upper = bound.z};
    if (among.sides == Sides::kTwo) rule.lower = -bound.z;
    rules.push_back(rule);
  }
  double sum = 0;
  for (const Crossing& crossing : crossing_probabilities(rules, drift)) sum += crossing.above;
  return sum;
}

// The least value in (low, high] at which the power is promised, which rises with it: the root, and
// then the first double-checked step to its safe side.
template <class Change>
std::optional<double> least_value(PlannedDesign plan, double low, double high, Change change) {
  const auto lack = [&](double value) {
    change(plan, value);
    const auto power = planned_power(plan);
    return (power ? *power : 0) - needed_power(plan);
  };
  const double at_high = lack(high);
  if (at_high < 0) return std::nullopt;
  // Just above low there is alpha's worth of power, or none that can be computed.
  std::uintmax_t steps = 100;
  const auto root =
      boost::math::tools::toms748_solve(lack, low, high, -needed_power(plan), at_high,
                                        boost::math::tools::eps_tolerance<double>(40), steps);
  double value = root.second;
  for (double step = 1e-12; lack(value) < 0 && value < high; step *= 2)
    value = std::min(high, value + step * (high - low));
  return value;
}

}  // namespace

namespace {

// Dunnett's integral takes a millisecond, and a plan is asked again and again.
double dunnett_alpha(int candidates, double alpha, double ratio) {
  struct Known {
    int candidates;
    double alpha, ratio, result;
  };
  thread_local Known last{};
  if (last.candidates == candidates && last.alpha == alpha && last.ratio == ratio)
    return last.result;
  const auto z = dunnett_critical_value(candidates, alpha, 1 / ratio);
  last = {candidates, alpha, ratio, z ? normal_sf(*z) : alpha};
  return last.result;
}

}  // namespace

double comparison_alpha(const PlannedDesign& plan) {
  const Design& design = plan.design;
  if (plan.candidates <= 1) return design.alpha;
  const int sides = static_cast<int>(design.sides);
  const double one_side = design.alpha / sides;
  if (!(one_side > 0 && one_side < 0.5)) return design.alpha;
  if (plan.disagreement || plan.looks > 1)
    return sides * -std::expm1(std::log1p(-one_side) / plan.candidates);
  return sides * dunnett_alpha(plan.candidates, one_side, design.ratio);
}

double comparison_level(const PlannedDesign& plan) {
  return comparison_alpha(plan) / static_cast<int>(plan.design.sides);
}

double harm_level(const PlannedDesign& plan) { return plan.harm_alpha / plan.candidates; }

double needed_power(const PlannedDesign& plan) {
  if (plan.guardrails.empty()) return plan.design.power;
  return power_of_each(plan.design.power, static_cast<int>(plan.guardrails.size()));
}

Design compared_design(const PlannedDesign& plan) {
  Design design = plan.design;
  design.alpha = comparison_alpha(plan);
  design.power = needed_power(plan);
  if (plan.covariate) {
    const double left = std::sqrt(1 - plan.correlation * plan.correlation);
    design.deviation *= left;
    if (design.candidate_deviation) *design.candidate_deviation *= left;
  }
  if (!plan.disagreement) return design;
  return among_disagreeing({.design = design,
                            .share = plan.disagreement->share,
                            .deviation = plan.disagreement->deviation,
                            .candidate_deviation = plan.disagreement->candidate_deviation});
}

Customers compared_customers(const PlannedDesign& plan) {
  const Customers all = arms(plan.customers, plan.design.ratio);
  if (!plan.disagreement) return all;
  const double among = plan.disagreement->share * static_cast<double>(plan.customers);
  // A product that is a whole number but for its last bit is that number.
  const auto base = static_cast<std::int64_t>(std::floor(among * (1 + 1e-14)));
  return arms(std::max(base, kFewestCustomers), plan.design.ratio);
}

std::int64_t customers_in_all(const PlannedDesign& plan) {
  const Customers each = arms(plan.customers, plan.design.ratio);
  return each.base + plan.candidates * each.candidate;
}

namespace {

base::Result<double> power_with_looks(const PlannedDesign& plan) {
  const Design among = compared_design(plan);
  const Customers compared = compared_customers(plan);
  TRY_ASSIGN(const double fixed, solve_customers_real(among));
  const double drift = (normal_quantile(among.power) - normal_quantile(one_sided_alpha(among))) *
                       std::sqrt(static_cast<double>(compared.base) / fixed);
  return chance_above(among, plan.looks, drift);
}

}  // namespace

base::Result<double> planned_power(const PlannedDesign& plan) {
  if (plan.looks == 1) return solve_power(compared_design(plan), compared_customers(plan).base);
  // Milliseconds, and a running experiment is asked again and again for the same plan.
  thread_local std::optional<std::pair<PlannedDesign, double>> last;
  if (last && last->first == plan) return last->second;
  TRY_ASSIGN(const double power, power_with_looks(plan));
  last.emplace(plan, power);
  return power;
}

PlannedDesign guardrail_plan(const PlannedDesign& plan, const Guardrail& guardrail) {
  PlannedDesign test{.customers = plan.customers, .looks = plan.looks};
  test.design = guardrail_design(plan.design, static_cast<int>(plan.guardrails.size()),
                                 guardrail.worst, planned_deviation(guardrail));
  test.design.alpha = comparison_level(plan);
  if (plan.disagreement && is_share(guardrail.metric)) {
    test.disagreement = {.share = plan.disagreement->share,
                         .deviation = planned_deviation(guardrail)};
  }
  return test;
}

namespace {

base::Result<std::int64_t> customers_of_primary(const PlannedDesign& plan) {
  if (plain(plan)) return solve_customers(compared_design(plan));
  const Design among = compared_design(plan);
  TRY_ASSIGN(const double fixed, solve_customers_real(among));
  const double share = plan.disagreement ? plan.disagreement->share : 1;
  PlannedDesign tried = plan;
  const auto found = detail::least_customers(fixed / share, [&](std::int64_t n) {
    tried.customers = n;
    const auto power = planned_power(tried);
    if (!power || *power < needed_power(tried)) return false;
    if (!plan.disagreement) return true;
    const Customers compared = compared_customers(tried);
    return std::min(compared.base, compared.candidate) >= kFewestDisagreeing;
  });
  if (!found) return base::input_error("no number of customers is enough for this promise");
  return *found;
}

}  // namespace

base::Result<std::int64_t> customers_needed(const PlannedDesign& plan) {
  TRY_ASSIGN(std::int64_t most, customers_of_primary(plan));
  for (const Guardrail& guardrail : plan.guardrails) {
    TRY_ASSIGN(const std::int64_t needed, customers_of_primary(guardrail_plan(plan, guardrail)));
    most = std::max(most, needed);
  }
  return most;
}

base::Result<double> power_found(const PlannedDesign& plan) {
  TRY_ASSIGN(double least, planned_power(plan));
  if (plan.guardrails.empty()) return least;
  for (const Guardrail& guardrail : plan.guardrails) {
    TRY_ASSIGN(const double power, planned_power(guardrail_plan(plan, guardrail)));
    least = std::min(least, power);
  }
  const double all = power_of_all(least, static_cast<int>(plan.guardrails.size()));
  if (all > 0) return all;
  return base::input_error(
      "with so few customers nothing can be promised of all tests together: more customers are "
      "needed, or guardrails that may lose more");
}

base::Result<double> effect_found(const PlannedDesign& plan) {
  if (plain(plan)) return solve_effect(compared_design(plan), plan.customers);
  double reach = plan.disagreement ? plan.disagreement->deviation : plan.design.deviation;
  const auto set = [&](PlannedDesign& tried, double excess) {
    tried.design.effect_per_customer = plan.design.margin + excess;
  };
  for (int i = 0; i < 60; ++i, reach *= 4) {
    if (const auto excess = least_value(plan, 0, reach, set)) return plan.design.margin + *excess;
  }
  return base::input_error("no effect is found with this power by so few customers");
}

base::Result<double> alpha_needed(const PlannedDesign& plan) {
  if (plain(plan)) {
    TRY_ASSIGN(const double each, solve_alpha(compared_design(plan), plan.customers));
    if (plan.candidates == 1) return each;
    const int sides = static_cast<int>(plan.design.sides);
    TRY_ASSIGN(const double family,
               dunnett_family_alpha(plan.candidates, -normal_quantile(each / sides),
                                    1 / plan.design.ratio));
    if (family * sides < 0.5) return family * sides;
    return base::input_error("no alpha below 0.5 buys this power");
  }
  const double most = std::min(0.5, plan.design.power) * (1 - 1e-9);
  const auto alpha = least_value(
      plan, 0, most, [](PlannedDesign& tried, double value) { tried.design.alpha = value; });
  if (!alpha) return base::input_error("no alpha below 0.5 buys this power");
  return *alpha;
}

std::vector<double> look_shares(int looks) {
  CHECK(looks >= 1);
  std::vector<double> shares;
  for (int k = 1; k <= looks; ++k) shares.push_back(static_cast<double>(k) / looks);
  shares.back() = 1;
  return shares;
}

namespace {

const Customers& compared_of(const PlannedDesign& plan, const Enrolled& enrolled) {
  return plan.disagreement ? enrolled.disagreeing : enrolled.customers;
}

}  // namespace

bool enough(const PlannedDesign& plan, int look, const Enrolled& enrolled) {
  if (plan.dry_run) return enrolled.customers.base >= plan.customers;
  const Customers planned = compared_customers(plan);
  const Customers& have = compared_of(plan, enrolled);
  // In integers: ⌈planned·look/looks⌉.
  const auto due = [&](std::int64_t n) {
    return (n / plan.looks) * look + ((n % plan.looks) * look + plan.looks - 1) / plan.looks;
  };
  if (have.base >= due(planned.base) && have.candidate >= due(planned.candidate)) return true;
  if (!plan.disagreement) return false;
  const Customers all = arms(plan.customers, plan.design.ratio);
  const auto most = [](std::int64_t n) { return kMostTimesPlanned * static_cast<double>(n); };
  return static_cast<double>(enrolled.customers.base) >= most(all.base) &&
         static_cast<double>(enrolled.customers.candidate) >= most(all.candidate);
}

double information(const PlannedDesign& plan, const Enrolled& enrolled) {
  const Customers& have = compared_of(plan, enrolled);
  if (have.base < 1 || have.candidate < 1) return 1e-4;
  const Design among = compared_design(plan);
  const double planned = design_error(among, compared_customers(plan)).standard_error;
  const double now = design_error(among, {std::max<std::int64_t>(2, have.base),
                                          std::max<std::int64_t>(2, have.candidate)})
                         .standard_error;
  return std::max(1e-4, planned * planned / (now * now));
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/forecast.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/number.h"

namespace experiment {
namespace {

double share_of(std::int64_t part, std::int64_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

std::string in_each_arm(const PlannedDesign& plan, const Customers& customers) {
  const std::string base = base::format_count(customers.base);
  if (customers.base == customers.candidate) return base + " customers in each arm";
  const std::string times = plan.candidates == 1 ? "" : std::to_string(plan.candidates) + " × ";
  return base + " + " + times + base::format_count(customers.candidate) + " customers";
}

std::string say_way(const PlannedDesign& plan, const ForecastWay& way) {
  const auto& days = way.days;
  return in_each_arm(plan, way.arms) +
         (days ? " (" + base::format_fixed(*days, *days < 10 ? 1 : 0) + " days)" : "");
}

// "the systems differ for 20.0 % of customers"; of several "age-sex differs from base for 20.0 % of
// customers, tree for 5.0 %".
std::string say_shares(std::span<const Rehearsed> each, const Forecast& forecast) {
  const auto share = [&](std::size_t k) { return percent(forecast.candidates[k].share, 1); };
  if (each.size() == 1) return "the systems differ for " + share(0) + " of customers";
  std::string text = each[0].name + " differs from base for " + share(0) + " of customers";
  for (std::size_t k = 1; k < each.size(); ++k) text += ", " + each[k].name + " for " + share(k);
  return text;
}

std::string tell(const PlannedDesign& plan, std::span<const Rehearsed> each,
                 const Forecast& forecast, const MoneyWords& words) {
  std::string text = say_shares(each, forecast);
  const std::string effect = amount(plan.design.effect_per_customer, words);
  if (forecast.disagreement && forecast.suggested.disagreement) {
    text += ": by disagreement " + say_way(plan, *forecast.disagreement) + " are enough to find " +
            effect;
    if (forecast.everybody)
      text += ", where comparing everybody takes " + say_way(plan, *forecast.everybody);
  } else if (forecast.everybody) {
    text += "; finding " + effect + " takes " + say_way(plan, *forecast.everybody);
  }
  for (std::size_t k = 0; k < each.size(); ++k) {
    const auto& implausible = forecast.candidates[k].implausible;
    if (implausible)
      text += "; " + (each.size() == 1 ? "" : each[k].name + ": ") + implausible->message;
  }
  return text;
}

CandidateForecast seen(const PlannedDesign& plan, const DisagreementRows& rows) {
  const std::int64_t all = rows.everybody.n();
  CandidateForecast candidate{.share = share_of(rows.disagree.n(), all),
                              .adds = share_of(rows.add.n(), all),
                              .removes = share_of(rows.remove.n(), all),
                              .deviation = rows.disagree.base.deviation};
  if (!(candidate.share > 0)) return candidate;
  candidate.effect_per_disagreeing = plan.design.effect_per_customer / candidate.share;
  if (candidate.deviation > 0) {
    candidate.implausible = implausible_effect(
        {.design = plan.design, .share = candidate.share, .deviation = candidate.deviation});
  }
  return candidate;
}

// The plan's promise with what was measured, everybody compared; its customers are still the dry
// run's.
PlannedDesign measured(const PlannedDesign& plan, const Forecast& forecast,
                       const SecondaryRows& counts, std::optional<double> customers_per_day) {
  PlannedDesign everybody = plan;
  everybody.dry_run = false;
  everybody.disagreement.reset();
  everybody.design.deviation = forecast.revenue.deviation;
  everybody.skew = forecast.revenue.skew;
  everybody.customers_per_day = customers_per_day;
  for (Guardrail& guardrail : everybody.guardrails) {
    const auto metric = metric_value(guardrail.metric, counts.everybody().base, forecast.revenue);
    if (metric && metric->deviation > 0) guardrail.deviation = metric->deviation;
  }
  return everybody;
}

// Fills in the customers that the plan needs; nothing where no number is enough.
std::optional<ForecastWay> size(PlannedDesign* plan) {
  const auto needed = customers_needed(*plan);
  if (!needed) return std::nullopt;
  plan->customers = *needed;
  ForecastWay way{.arms = arms(*needed, plan->design.ratio), .customers = customers_in_all(*plan)};
  if (plan->customers_per_day)
    way.days = static_cast<double>(way.customers) / *plan->customers_per_day;
  return way;
}

}  // namespace

std::optional<ExpectedDisagreement> covering(std::span<const CandidateForecast> candidates) {
  CHECK(!candidates.empty());
  ExpectedDisagreement expected{.share = candidates[0].share};
  for (const CandidateForecast& one : candidates) {
    if (!(one.share > 0 && one.deviation > 0)) return std::nullopt;
    expected.share = std::min(expected.share, one.share);
  }
  for (const CandidateForecast& one : candidates) {
    expected.deviation =
        std::max(expected.deviation, one.deviation * std::sqrt(one.share / expected.share));
  }
  return expected;
}

base::Result<Forecast> forecast(const PlannedDesign& plan, std::span<const Rehearsed> each,
                                const SecondaryRows& counts,
                                std::optional<double> customers_per_day, const MoneyWords& words) {
  CHECK(static_cast<int>(each.size()) == plan.candidates);
  Forecast result;
  result.customers = each[0].rows.everybody.n();
  if (result.customers < kFewestCustomers)
    return base::input_error("a forecast needs two customers of a dry run at least");
  result.revenue = each[0].rows.everybody.base;
  for (const Rehearsed& one : each) result.candidates.push_back(seen(plan, one.rows));

  PlannedDesign everybody = measured(plan, result, counts, customers_per_day);
  if (result.revenue.deviation > 0) result.everybody = size(&everybody);
  result.suggested = everybody;
  if (const auto expected = covering(result.candidates)) {
    PlannedDesign cheap = everybody;
    cheap.covariate = false;  // Adjusts everybody's difference only.
    cheap.correlation = 0;
    cheap.disagreement = expected;
    result.disagreement = size(&cheap);
    const bool cheaper = !result.everybody || cheap.customers < everybody.customers;
    if (result.disagreement && cheaper) result.suggested = cheap;
  }
  result.sentence = tell(plan, each, result, words);
  return result;
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/forecast.h"

#include <utility>

#include "base/number.h"

namespace experiment {
namespace {

double share_of(std::int64_t part, std::int64_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

std::string in_each_arm(const Customers& customers) {
  return customers.base == customers.candidate
             ? base::format_count(customers.base) + " customers in each arm"
             : base::format_count(customers.base) + " + " +
                   base::format_count(customers.candidate) + " customers";
}

std::string say_days(const std::optional<double>& days) {
  return days ? " (" + base::format_fixed(*days, *days < 10 ? 1 : 0) + " days)" : "";
}

std::string tell(const PlannedDesign& plan, const Forecast& forecast, const MoneyWords& words) {
  std::string text = "the systems differ for " + percent(forecast.share, 1) + " of customers";
  if (forecast.disagreement && forecast.suggested.disagreement) {
    text += ": by disagreement " +
            in_each_arm(arms(forecast.suggested.customers, plan.design.ratio)) +
            say_days(forecast.days_disagreement) + " are enough to find " +
            amount(plan.design.effect_per_customer, words);
    if (forecast.everybody) {
      text += ", where comparing everybody takes " + in_each_arm(*forecast.everybody) +
              say_days(forecast.days_everybody);
    }
  } else if (forecast.everybody) {
    text += "; finding " + amount(plan.design.effect_per_customer, words) + " takes " +
            in_each_arm(*forecast.everybody) + say_days(forecast.days_everybody);
  }
  if (forecast.disagreement && forecast.disagreement->implausible)
    text += "; " + forecast.disagreement->implausible->message;
  return text;
}

}  // namespace

base::Result<Forecast> forecast(const PlannedDesign& plan, const DisagreementRows& rows,
                                const SecondaryRows& counts,
                                std::optional<double> customers_per_day, const MoneyWords& words) {
  Forecast result;
  result.customers = rows.everybody.n();
  if (result.customers < kFewestCustomers)
    return base::input_error("a forecast needs two customers of a dry run at least");
  result.revenue = rows.everybody.base;
  result.share = share_of(rows.disagree.n(), result.customers);
  result.adds = share_of(rows.add.n(), result.customers);
  result.removes = share_of(rows.remove.n(), result.customers);
  result.deviation = rows.disagree.base.deviation;

  PlannedDesign everybody = plan;
  everybody.dry_run = false;
  everybody.disagreement.reset();
  everybody.design.deviation = result.revenue.deviation;
  everybody.skew = result.revenue.skew;
  everybody.customers_per_day = customers_per_day;
  for (Guardrail& guardrail : everybody.guardrails) {
    const auto seen = metric_value(guardrail.metric, counts.everybody().base, result.revenue);
    if (seen && seen->deviation > 0) guardrail.deviation = seen->deviation;
  }
  const auto days = [&](std::int64_t base_customers) -> std::optional<double> {
    if (!customers_per_day) return std::nullopt;
    PlannedDesign whole = plan;
    whole.customers = base_customers;
    return static_cast<double>(customers_in_all(whole)) / *customers_per_day;
  };
  if (result.revenue.deviation > 0) {
    if (const auto needed = customers_needed(everybody)) {
      everybody.customers = *needed;
      result.everybody = arms(*needed, plan.design.ratio);
      result.days_everybody = days(*needed);
    }
  }
  result.suggested = everybody;
  if (result.share > 0 && result.deviation > 0) {
    PlannedDesign cheap = everybody;
    cheap.covariate = false;  // Adjusts everybody's difference only.
    cheap.correlation = 0;
    cheap.disagreement = {.share = result.share, .deviation = result.deviation};
    const auto needed = customers_needed(cheap);
    Design each = cheap.design;
    each.alpha = comparison_alpha(cheap);
    each.power = needed_power(cheap);
    const auto solved =
        solve_disagreement({.design = each, .share = result.share, .deviation = result.deviation});
    if (needed && solved) {
      cheap.customers = *needed;
      result.disagreement = *solved;
      result.days_disagreement = days(*needed);
      if (!result.everybody || *needed < result.everybody->base) result.suggested = cheap;
    }
  }
  result.sentence = tell(plan, result, words);
  return result;
}

}  // namespace experiment

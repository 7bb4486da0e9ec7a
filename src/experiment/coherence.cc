// SPDX-License-Identifier: Apache-2.0
#include "experiment/coherence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "base/number.h"
#include "experiment/detail/neat_number.h"
#include "experiment/detail/number_limits.h"
#include "experiment/disagreement_design.h"
#include "experiment/secondary_metrics.h"

namespace experiment {
namespace {

constexpr double kPowerTolerance = 1e-9;
constexpr double kFarMore = 1.2;   // Times the customers needed: worth a remark.
constexpr double kSkewRule = 355;  // n ≥ 355·skew² (Kohavi et al., KDD 2014, rule 7).
constexpr double kWeek = 7;
using detail::kMostMoney;

// "5,679", or "4,259 + 8,518" for unequal arms, "10,766 + 3 × 6,216" with several candidates.
std::string say_customers(const Customers& customers, int candidates) {
  std::string base = base::format_count(customers.base);
  if (customers.base == customers.candidate) return base;
  const std::string times = candidates == 1 ? "" : std::to_string(candidates) + " × ";
  return base + " + " + times + base::format_count(customers.candidate);
}

// An effect with enough decimals to tell it from the margin.
std::string say_effect(double effect, int decimals, const MoneyWords& words) {
  MoneyWords finer = words;
  finer.decimals = std::max(words.decimals, decimals);
  return amount(effect, finer);
}

std::string guardrail_field(std::size_t index) {
  return "guardrails[" + std::to_string(index) + "]";
}

// A power never said higher than it is; with the decimals that keep it above alpha.
struct SaidPower {
  double value;
  std::string text;
};
SaidPower say_power(double exact, double alpha) {
  int decimals = 3;
  while (decimals < 15 && detail::round_down(exact, decimals) <= alpha) ++decimals;
  const double value = detail::round_down(exact, decimals);
  return {value, percent(value, decimals - 2)};
}

void check_numbers(const PlannedDesign& plan, Coherence* result) {
  // A dry run is there to measure the deviation.
  Design design = plan.design;
  if (plan.dry_run && design.deviation == 0) design.deviation = 1;
  result->reasons = invalid_numbers(design);
  const auto refuse = [&](const char* code, const char* field, double have, double need,
                          std::string message) {
    result->reasons.push_back({code, field, have, need, std::move(message)});
  };
  const auto have = static_cast<double>(plan.customers);
  if (plan.customers < kFewestCustomers) {
    refuse("too_few_customers", "customers", have, static_cast<double>(kFewestCustomers),
           "each arm needs at least 2 customers, not " + base::format_count(plan.customers));
  } else if (plan.customers > kMostCustomers) {
    refuse("too_many_customers", "customers", have, static_cast<double>(kMostCustomers),
           "an arm may have at most " + base::format_count(kMostCustomers) + " customers, not " +
               base::format_count(plan.customers));
  }
  const auto optional_number = [&](const char* field, const std::optional<double>& value,
                                   bool positive) {
    if (!value || (std::isfinite(*value) && (!positive || *value > 0))) return;
    const char* code = std::isfinite(*value) ? "not_positive" : "not_a_number";
    refuse(code, field, *value, 0,
           std::string(field) + " must be a " + (positive ? "number above 0" : "number") +
               ", not " + base::format_double(*value));
  };
  for (Reason& reason : invalid_extras(plan)) result->reasons.push_back(std::move(reason));
  optional_number("skew", plan.skew, false);
  optional_number("customers_per_day", plan.customers_per_day, true);
  optional_number("longest_days", plan.longest_days, true);
}

void add_customers_repair(const PlannedDesign& plan, Coherence* result) {
  const Customers needed = arms(*result->customers_needed, plan.design.ratio);
  std::string text = "Use " + say_customers(needed, plan.candidates);
  if (plan.customers_per_day) {
    PlannedDesign repaired = plan;
    repaired.customers = needed.base;
    const double days = static_cast<double>(customers_in_all(repaired)) / *plan.customers_per_day;
    text += " (" + base::format_fixed(days, days < 10 ? 1 : 0) + " days)";
  }
  const auto base_customers = static_cast<double>(needed.base);
  result->repairs.push_back({"customers", base_customers, base_customers, std::move(text)});
}

// What the achieved powers let all tests promise together.
double promised_by(const PlannedDesign& plan, const Coherence& result) {
  if (plan.guardrails.empty()) return *result.achieved_power;
  double least = *result.achieved_power;
  for (const double power : result.guardrail_power) least = std::min(least, power);
  return power_of_all(least, static_cast<int>(plan.guardrails.size()));
}

// " where each of 3 tests needs 93.33 %", of a plan with guardrails.
std::string say_needed(const PlannedDesign& plan) {
  if (plan.guardrails.empty()) return "";
  return ", where each of " + std::to_string(1 + plan.guardrails.size()) + " tests needs " +
         percent(needed_power(plan), 2);
}

void add_repairs(const PlannedDesign& plan, const MoneyWords& words, Coherence* result) {
  const Design& design = plan.design;
  if (result->customers_needed) add_customers_repair(plan, result);
  if (result->smallest_effect) {
    const double exact = *result->smallest_effect;
    const int decimals = detail::decimals_for(exact - design.margin, 3);
    const double value = detail::round_up(exact, decimals);
    result->repairs.push_back(
        {"effect", value, exact, "accept " + say_effect(value, decimals, words)});
  }
  const double power = promised_by(plan, *result);
  if (power > design.alpha) {
    const SaidPower said = say_power(power, design.alpha);
    result->repairs.push_back({"power", said.value, power, "accept " + said.text});
  }
  if (const auto alpha = alpha_needed(plan)) {
    const int decimals = detail::decimals_for(*alpha, 2);
    const double value = detail::round_up(*alpha, decimals);
    if (value < 0.5 && value < design.power) {
      result->repairs.push_back(
          {"alpha", value, *alpha, "accept α " + percent(value, std::max(0, decimals - 2))});
    }
  }
}

void refuse_underpowered(const PlannedDesign& plan, const MoneyWords& words, Coherence* result) {
  const Design& design = plan.design;
  const Customers planned = arms(plan.customers, design.ratio);
  const double power = *result->achieved_power;
  result->reasons.push_back(
      {"underpowered", "customers", static_cast<double>(plan.customers),
       result->customers_needed ? static_cast<double>(*result->customers_needed)
                                : std::numeric_limits<double>::infinity(),
       "n = " + say_customers(planned, plan.candidates) + " gives " +
           say_power(power, power > design.alpha ? design.alpha : 0).text + " power for " +
           amount(design.effect_per_customer, words) + say_needed(plan)});
  add_repairs(plan, words, result);
}

// The worst that is shown not to be reached with the power needed; rounded up to few digits.
std::optional<Repair> accept_worst(const PlannedDesign& test, const Guardrail& guardrail,
                                   std::size_t index, const MoneyWords& words) {
  PlannedDesign about_zero = test;  // The same distance, from no loss to the effect.
  about_zero.design.margin = 0;
  about_zero.design.effect_per_customer = guardrail.worst;
  const auto exact = effect_found(about_zero);
  if (!exact) return std::nullopt;
  const double value = detail::round_up(*exact, detail::decimals_for(*exact, 2));
  if (in_percent(guardrail.metric) && value > 1) return std::nullopt;
  return Repair{guardrail_field(index) + ".worst", value, *exact,
                "accept " + say_change(guardrail.metric, value, words) + " of " +
                    std::string(title(guardrail.metric))};
}

// Each alone must make the design coherent: where several tests lack power, only what helps all.
void add_guardrail_repairs(const PlannedDesign& plan, std::span<const std::size_t> lacking,
                           const MoneyWords& words, Coherence* result) {
  const bool primary_lacks = !result->repairs.empty();
  if (primary_lacks) {
    std::erase_if(result->repairs, [](const Repair& repair) {
      return repair.field == "effect" || repair.field == "alpha";
    });
    return;
  }
  if (result->customers_needed) add_customers_repair(plan, result);
  const double power = promised_by(plan, *result);
  if (power > plan.design.alpha) {
    const SaidPower said = say_power(power, plan.design.alpha);
    result->repairs.push_back({"power", said.value, power, "accept " + said.text});
  }
  if (lacking.size() > 1) return;
  const Guardrail& guardrail = plan.guardrails[lacking.front()];
  auto repair = accept_worst(guardrail_plan(plan, guardrail), guardrail, lacking.front(), words);
  if (repair) result->repairs.push_back(*std::move(repair));
}

// Each guardrail must be seen to hold where nothing is lost.
void check_guardrails(const PlannedDesign& plan, const MoneyWords& words, Coherence* result) {
  std::vector<std::size_t> lacking;
  for (std::size_t i = 0; i < plan.guardrails.size(); ++i) {
    const Guardrail& guardrail = plan.guardrails[i];
    const double power = result->guardrail_power[i];
    if (power >= needed_power(plan) - kPowerTolerance) continue;
    lacking.push_back(i);
    result->reasons.push_back(
        {"guardrail_underpowered", guardrail_field(i) + ".worst", power, needed_power(plan),
         "n = " + say_customers(arms(plan.customers, plan.design.ratio), plan.candidates) +
             " gives " + say_power(power, 0).text + " power to see that " +
             std::string(title(guardrail.metric)) + " do not get worse by " +
             say_change(guardrail.metric, guardrail.worst, words) + say_needed(plan)});
  }
  if (!lacking.empty()) add_guardrail_repairs(plan, lacking, words, result);
}

// Fewer disagreeing customers than the estimate is given on would end as intention to treat.
void check_disagreeing(const PlannedDesign& plan, Coherence* result) {
  if (!plan.disagreement) return;
  const Customers compared = compared_customers(plan);
  const std::int64_t fewest = std::min(compared.base, compared.candidate);
  if (fewest < kFewestDisagreeing) {
    result->reasons.push_back(
        {"too_few_disagreeing", "customers", static_cast<double>(fewest),
         static_cast<double>(kFewestDisagreeing),
         "the systems would differ for " + base::format_count(fewest) +
             " customers of an arm, where the estimate by disagreement asks for " +
             base::format_count(kFewestDisagreeing)});
    if (result->repairs.empty() && result->customers_needed) add_customers_repair(plan, result);
  }
  auto implausible = implausible_effect({.design = plan.design,
                                         .share = plan.disagreement->share,
                                         .deviation = plan.disagreement->deviation});
  if (implausible) result->remarks.push_back(*std::move(implausible));
}

void check_skew(const PlannedDesign& plan, Coherence* result) {
  if (!plan.skew) return;
  const Customers planned = arms(plan.customers, plan.design.ratio);
  const auto smaller = static_cast<double>(std::min(planned.base, planned.candidate));
  const double need = std::ceil(kSkewRule * *plan.skew * *plan.skew);
  if (smaller >= need) return;
  const bool equal = planned.base == planned.candidate;
  const std::string rule = "a skew of " + base::format_fixed(*plan.skew, 1) + " asks for " +
                           base::format_count(static_cast<std::int64_t>(std::min(need, 1e18))) +
                           " customers in the smaller arm";
  if (equal) {
    result->remarks.push_back(
        {"skewed", "skew", smaller, need,
         rule + "; with equal arms the errors cancel, a cap on revenue would help"});
  } else {
    result->reasons.push_back({"skewed_and_unequal", "ratio", smaller, need,
                               rule + ": use a ratio of 1, or more customers"});
  }
}

void check_days(const PlannedDesign& plan, Coherence* result) {
  if (!plan.customers_per_day) return;
  const auto total = static_cast<double>(plan.dry_run ? plan.customers : customers_in_all(plan));
  const double days = total / *plan.customers_per_day;
  result->days = days;
  if (plan.longest_days && days > *plan.longest_days) {
    result->reasons.push_back(
        {"too_long", "days", days, *plan.longest_days,
         "it would take " + base::format_fixed(days, 1) + " days where at most " +
             base::format_fixed(*plan.longest_days, 1) +
             " are allowed: sample more customers a day, or accept a larger effect"});
  }
  if (days < kWeek && !plan.dry_run) {
    result->remarks.push_back({"less_than_a_week", "days", days, kWeek,
                               "it would take " + base::format_fixed(days, 1) +
                                   " days: a whole week or more sees every weekday"});
  }
}

void remark_more_than_needed(const PlannedDesign& plan, const MoneyWords& words,
                             Coherence* result) {
  if (!result->customers_needed || !result->smallest_effect) return;
  const auto needed = static_cast<double>(*result->customers_needed);
  if (static_cast<double>(plan.customers) <= kFarMore * needed) return;
  const int decimals = detail::decimals_for(*result->smallest_effect - plan.design.margin, 3);
  const double effect = detail::round_up(*result->smallest_effect, decimals);
  result->outcome = CoherenceOutcome::kMoreThanNeeded;
  result->remarks.push_back(
      {"more_than_needed", "customers", static_cast<double>(plan.customers), needed,
       "more than needed: " +
           say_customers(arms(*result->customers_needed, plan.design.ratio), plan.candidates) +
           " are enough; these find an effect of " + say_effect(effect, decimals, words)});
}

std::string tell(const PlannedDesign& plan, const MoneyWords& words, const Coherence& result) {
  std::string text;
  for (const Reason& reason : result.reasons) text += (text.empty() ? "" : "; ") + reason.message;
  if (result.reasons.empty() && plan.dry_run) {
    text = "a dry run over " + base::format_count(plan.customers) +
           " customers: base serves everybody and " +
           (plan.candidates == 1 ? "both" : "all " + std::to_string(1 + plan.candidates)) +
           " systems decide";
  } else if (result.reasons.empty()) {
    text = "n = " + say_customers(arms(plan.customers, plan.design.ratio), plan.candidates) +
           " gives " + say_power(*result.achieved_power, plan.design.alpha).text + " power for " +
           amount(plan.design.effect_per_customer, words);
    if (!plan.guardrails.empty()) {
      text += "; with " + std::to_string(plan.guardrails.size()) +
              (plan.guardrails.size() == 1 ? " guardrail" : " guardrails") + " all hold with " +
              say_power(promised_by(plan, result), plan.design.alpha).text + " at least";
    }
  }
  for (std::size_t i = 0; i < result.repairs.size(); ++i)
    text += (i == 0 ? ". " : " · ") + result.repairs[i].text;
  for (const Reason& remark : result.remarks) text += "; " + remark.message;
  return text;
}

}  // namespace

namespace {

// How many candidates, and what does not go with a covariate.
void check_combinations(const PlannedDesign& plan, std::vector<Reason>* reasons) {
  const auto refuse = [&](const char* code, const char* field, double have, double need,
                          std::string message) {
    reasons->push_back({code, field, have, need, std::move(message)});
  };
  if (plan.candidates < 1 || plan.candidates > kMostCandidates) {
    refuse("candidates_out_of_range", "candidates", plan.candidates, kMostCandidates,
           "candidates must be between 1 and " + std::to_string(kMostCandidates) + ", not " +
               std::to_string(plan.candidates));
  }
  if (!(plan.correlation > -1 && plan.correlation < 1)) {
    refuse("correlation_out_of_range", "correlation", plan.correlation, 1,
           "the correlation of revenue with the covariate lies between -1 and 1, not " +
               base::format_double(plan.correlation));
  } else if (plan.correlation != 0 && !plan.covariate) {
    refuse("correlation_without_covariate", "correlation", plan.correlation, 0,
           "a correlation is given, " + base::format_double(plan.correlation) +
               ", but nothing is adjusted by a covariate: switch it on, or leave the correlation "
               "out");
  }
  if (plan.covariate && plan.disagreement) {
    refuse("covariate_by_disagreement", "covariate", 1, 0,
           "a covariate adjusts the difference of everybody: compare everybody, or by "
           "disagreement without the covariate");
  }
}

}  // namespace

namespace {

void check_guardrail_numbers(const PlannedDesign& plan, std::vector<Reason>* reasons) {
  for (std::size_t i = 0; i < plan.guardrails.size(); ++i) {
    const Guardrail& guardrail = plan.guardrails[i];
    const std::string field = guardrail_field(i);
    const std::string metric(name(guardrail.metric));
    for (std::size_t j = 0; j < i; ++j) {
      if (plan.guardrails[j].metric != guardrail.metric) continue;
      reasons->push_back({"guardrail_twice", field + ".metric", static_cast<double>(i), 0,
                          "the guardrail " + metric + " is given twice: keep one"});
    }
    const double most = in_percent(guardrail.metric) ? 1 : kMostMoney;
    if (!(guardrail.worst > 0 && guardrail.worst <= most)) {
      reasons->push_back({"guardrail_worst_out_of_range", field + ".worst", guardrail.worst, most,
                          "what the guardrail " + metric +
                              " may lose at the most lies above 0 and up to " +
                              base::format_double(most) +
                              (in_percent(guardrail.metric) ? " (0.01: one point)" : "") +
                              ", not " + base::format_double(guardrail.worst)});
    }
    if (plan.dry_run && !guardrail.deviation) continue;  // It is there to measure it.
    const double deviation = planned_deviation(guardrail);
    if (!(deviation > 0 && deviation <= kMostMoney)) {
      reasons->push_back(
          {"guardrail_deviation_not_positive", field + ".deviation", deviation, 0,
           guardrail.deviation
               ? "the deviation of the guardrail " + metric +
                     " must be a realistic number above 0, not " + base::format_double(deviation)
               : "the guardrail " + metric +
                     " needs its deviation to be planned with: a dry run measures it"});
    }
  }
}

}  // namespace

std::vector<Reason> invalid_extras(const PlannedDesign& plan) {
  std::vector<Reason> reasons;
  check_combinations(plan, &reasons);
  check_guardrail_numbers(plan, &reasons);
  const auto refuse = [&](const char* code, const char* field, double have, double need,
                          std::string message) {
    reasons.push_back({code, field, have, need, std::move(message)});
  };
  if (plan.looks < 1 || plan.looks > kMostLooks) {
    refuse("looks_out_of_range", "looks", plan.looks, kMostLooks,
           "looks must be between 1 and " + std::to_string(kMostLooks) + ", not " +
               std::to_string(plan.looks));
  }
  if (!(plan.harm_alpha >= 0 && plan.harm_alpha < 0.5)) {
    refuse("harm_alpha_out_of_range", "harm_alpha", plan.harm_alpha, 0.5,
           "the alpha of the stop for harm lies between 0 (no such stop) and below 0.5, not " +
               base::format_double(plan.harm_alpha));
  }
  if (!plan.disagreement) return reasons;
  const ExpectedDisagreement& expected = *plan.disagreement;
  if (!(expected.share > 0 && expected.share <= 1)) {
    refuse("share_out_of_range", "disagreement.share", expected.share, 1,
           "the share of customers on whom the systems differ lies above 0 and up to 1, not " +
               base::format_double(expected.share));
  }
  for (const double deviation :
       {expected.deviation, expected.candidate_deviation.value_or(expected.deviation)}) {
    if (std::isfinite(deviation) && deviation > 0) continue;
    refuse("disagreeing_deviation_not_positive", "disagreement.deviation", deviation, 0,
           "the deviation among customers on whom the systems differ must be a number above 0, "
           "not " +
               base::format_double(deviation));
    break;
  }
  return reasons;
}

Coherence check(const PlannedDesign& plan, const MoneyWords& words) {
  Coherence result;
  check_numbers(plan, &result);
  if (result.reasons.empty() && plan.dry_run) {
    check_days(plan, &result);
    if (result.reasons.empty()) result.outcome = CoherenceOutcome::kAccepted;
  } else if (result.reasons.empty()) {
    if (const auto power = planned_power(plan)) result.achieved_power = *power;
    if (const auto effect = effect_found(plan)) result.smallest_effect = *effect;
    if (const auto customers = customers_needed(plan)) result.customers_needed = *customers;
    for (const Guardrail& guardrail : plan.guardrails) {
      const auto power = planned_power(guardrail_plan(plan, guardrail));
      result.guardrail_power.push_back(power ? *power : 0);
    }
    if (*result.achieved_power < needed_power(plan) - kPowerTolerance)
      refuse_underpowered(plan, words, &result);
    check_guardrails(plan, words, &result);
    check_disagreeing(plan, &result);
    check_skew(plan, &result);
    check_days(plan, &result);
    if (result.reasons.empty()) {
      result.outcome = CoherenceOutcome::kAccepted;
      remark_more_than_needed(plan, words, &result);
    }
  }
  result.sentence = tell(plan, words, result);
  return result;
}

}  // namespace experiment

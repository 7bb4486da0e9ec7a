// SPDX-License-Identifier: Apache-2.0
// provecho design: the four numbers of an experiment, one of them solved for, and what the
// experiment will say.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/number.h"
#include "cli/guardrail_option.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "experiment/coherence.h"
#include "experiment/operating_characteristics.h"
#include "experiment/secondary_metrics.h"
#include "experiment/several_candidates.h"

namespace cli {
namespace {

using experiment::Coherence;
using experiment::Customers;
using experiment::Design;
using experiment::MoneyWords;
using experiment::PlannedDesign;
using Json = nlohmann::ordered_json;

// As typed; empty: left out.
struct Options {
  std::string alpha, power, effect, customers;
  std::string deviation, candidate_deviation, margin = "0", ratio;
  std::string skew, customers_per_day, longest_days;
  std::string share, disagreeing_deviation, harm_alpha;
  std::string correlation;
  std::vector<std::string> guardrails;
  int looks = 1, candidates = 1;
  std::string unit = "$";
  int sides = 1;
  bool json = false;
};

struct Request {
  PlannedDesign plan;
  std::string solve_for;  // "" where all four were given and are only to be checked.
};

base::Result<double> read_number(const char* option, std::string_view text) {
  if (const auto value = base::parse_double(text)) return *value;
  return base::input_error(std::string(option) + " '" + std::string(text) + "' is not a number");
}

base::Result<std::optional<double>> read_optional(const char* option, const std::string& text) {
  if (text.empty()) return std::optional<double>();
  TRY_ASSIGN(const double value, read_number(option, text));
  return std::optional<double>(value);
}

base::Result<std::optional<std::int64_t>> read_count(const char* option, const std::string& text) {
  if (text.empty()) return std::optional<std::int64_t>();
  if (const auto value = base::parse_int(text)) return value;
  return base::input_error(std::string(option) + " '" + text + "' is not a whole number");
}

// Which of the four is the unknown: the one left out; alpha and power have defaults, so they are
// only solved for when effect and customers are both given.
base::Result<std::string> unknown(const Options& options) {
  if (options.customers.empty() && options.effect.empty()) {
    return base::input_error(
        "give --effect, the smallest gain worth having, or --customers, what you can get");
  }
  if (options.customers.empty()) return std::string("customers");
  if (options.effect.empty()) return std::string("effect");
  if (options.power.empty()) return std::string("power");
  return std::string(options.alpha.empty() ? "alpha" : "");
}

base::Result<Request> read(const Options& options) {
  Request request;
  TRY_ASSIGN(request.solve_for, unknown(options));
  Design& design = request.plan.design;
  TRY_ASSIGN(const auto alpha, read_share("--alpha", options.alpha));
  TRY_ASSIGN(const auto power, read_share("--power", options.power));
  TRY_ASSIGN(const auto effect, read_optional("--effect", options.effect));
  TRY_ASSIGN(const auto customers, read_count("--customers", options.customers));
  design.alpha = alpha.value_or(design.alpha);
  design.power = power.value_or(design.power);
  design.effect_per_customer = effect.value_or(0);
  request.plan.customers = customers.value_or(0);
  TRY_ASSIGN(design.deviation, read_number("--deviation", options.deviation));
  TRY_ASSIGN(design.candidate_deviation,
             read_optional("--candidate-deviation", options.candidate_deviation));
  TRY_ASSIGN(design.margin, read_number("--margin", options.margin));
  // Where nothing is said, base gets √K times as many customers as each of K candidates.
  if (options.ratio.empty()) {
    design.ratio = 1 / experiment::best_base_to_candidate(options.candidates);
  } else {
    TRY_ASSIGN(design.ratio, read_number("--ratio", options.ratio));
  }
  design.sides = options.sides == 2 ? experiment::Sides::kTwo : experiment::Sides::kOne;
  TRY_ASSIGN(request.plan.skew, read_optional("--skew", options.skew));
  TRY_ASSIGN(request.plan.customers_per_day,
             read_optional("--customers-per-day", options.customers_per_day));
  TRY_ASSIGN(request.plan.longest_days, read_optional("--longest-days", options.longest_days));
  request.plan.looks = options.looks;
  request.plan.candidates = options.candidates;
  TRY_ASSIGN(const auto correlation, read_optional("--covariate-correlation", options.correlation));
  request.plan.covariate = correlation.has_value();
  request.plan.correlation = correlation.value_or(0);
  TRY_ASSIGN(const auto harm_alpha, read_share("--harm-alpha", options.harm_alpha));
  request.plan.harm_alpha = harm_alpha.value_or(0);
  TRY_ASSIGN(const auto share, read_share("--disagreement", options.share));
  TRY_ASSIGN(const auto deviation,
             read_optional("--disagreement-deviation", options.disagreeing_deviation));
  if (share)
    request.plan.disagreement = {.share = *share,
                                 .deviation = deviation.value_or(design.deviation)};
  else if (deviation)
    return base::input_error(
        "--disagreement-deviation goes with --disagreement, the share of "
        "customers on whom the systems differ");
  for (const std::string& text : options.guardrails) {
    TRY_ASSIGN(const experiment::Guardrail guardrail, read_guardrail(text));
    request.plan.guardrails.push_back(guardrail);
  }
  const auto wrong = experiment::invalid_extras(request.plan);
  if (!wrong.empty()) return base::input_error(wrong.front().message);
  return request;
}

base::Result<void> solve(Request* request) {
  PlannedDesign& plan = request->plan;
  if (request->solve_for == "customers") {
    TRY_ASSIGN(plan.customers, experiment::customers_needed(plan));
  } else if (request->solve_for == "effect") {
    TRY_ASSIGN(plan.design.effect_per_customer, experiment::effect_found(plan));
  } else if (request->solve_for == "power") {
    TRY_ASSIGN(plan.design.power, experiment::power_found(plan));
  } else if (request->solve_for == "alpha") {
    TRY_ASSIGN(plan.design.alpha, experiment::alpha_needed(plan));
  }
  return {};
}

Json reasons_json(const std::vector<experiment::Reason>& reasons) {
  Json result = Json::array();
  for (const experiment::Reason& reason : reasons) {
    result.push_back({{"code", reason.code},
                      {"field", reason.field},
                      {"have", reason.have},
                      {"need", reason.need},
                      {"message", reason.message}});
  }
  return result;
}

Json disagreement_json(const PlannedDesign& plan) {
  if (!plan.disagreement) return nullptr;
  const Customers among = experiment::compared_customers(plan);
  return {{"share", plan.disagreement->share},
          {"deviation", plan.disagreement->deviation},
          {"customers", {{"base", among.base}, {"candidate", among.candidate}}}};
}

Json guardrails_json(const PlannedDesign& plan, const Coherence& coherence) {
  Json result = Json::array();
  for (std::size_t i = 0; i < plan.guardrails.size(); ++i) {
    const experiment::Guardrail& guardrail = plan.guardrails[i];
    result.push_back({{"metric", experiment::name(guardrail.metric)},
                      {"worst", guardrail.worst},
                      {"deviation", experiment::planned_deviation(guardrail)}});
    if (i < coherence.guardrail_power.size())
      result.back()["achieved_power"] = coherence.guardrail_power[i];
  }
  return result;
}

void print_json(const Request& request, const Coherence& coherence) {
  const Design& design = request.plan.design;
  const Customers customers = experiment::arms(request.plan.customers, design.ratio);
  Json repairs = Json::array();
  for (const experiment::Repair& repair : coherence.repairs) {
    repairs.push_back({{"field", repair.field},
                       {"value", repair.value},
                       {"exact", repair.exact},
                       {"text", repair.text}});
  }
  Json json = {{"accepted", coherence.accepted()},
               {"solved_for", request.solve_for.empty() ? Json(nullptr) : Json(request.solve_for)},
               {"alpha", design.alpha},
               {"comparison_alpha", experiment::comparison_alpha(request.plan)},
               {"power", design.power},
               {"effect", design.effect_per_customer},
               {"customers",
                {{"base", customers.base},
                 {"candidate", customers.candidate},
                 {"total", experiment::customers_in_all(request.plan)}}},
               {"candidates", request.plan.candidates},
               {"guardrails", guardrails_json(request.plan, coherence)},
               {"margin", design.margin},
               {"deviation", design.deviation},
               {"ratio", design.ratio},
               {"sides", static_cast<int>(design.sides)},
               {"looks", request.plan.looks},
               {"harm_alpha", request.plan.harm_alpha},
               {"disagreement", disagreement_json(request.plan)},
               {"covariate_correlation",
                request.plan.covariate ? Json(request.plan.correlation) : Json(nullptr)},
               {"achieved_power",
                coherence.achieved_power ? Json(*coherence.achieved_power) : Json(nullptr)},
               {"smallest_effect",
                coherence.smallest_effect ? Json(*coherence.smallest_effect) : Json(nullptr)},
               {"days", coherence.days ? Json(*coherence.days) : Json(nullptr)},
               {"reasons", reasons_json(coherence.reasons)},
               {"remarks", reasons_json(coherence.remarks)},
               {"repairs", repairs},
               {"sentence", coherence.sentence}};
  if (coherence.achieved_power) {
    Json outcomes = Json::array();
    for (const experiment::OutcomeChances& row :
         experiment::operating_characteristics(request.plan)) {
      outcomes.push_back({{"true_effect", row.true_effect},
                          {"better", row.better},
                          {"effect_reached", row.effect_reached},
                          {"proven", row.proven},
                          {"effect_excluded", row.effect_excluded},
                          {"not_better_by_effect", row.not_better_by_effect},
                          {"inconclusive", row.inconclusive},
                          {"worse", row.worse}});
    }
    json["outcomes"] = outcomes;
  }
  std::printf("%s\n", json.dump(2).c_str());
}

// Three decimals where two would hide what was solved for.
MoneyWords words_for(const Design& design, const std::string& unit) {
  const bool two = base::parse_double(base::format_fixed(design.effect_per_customer, 2)) ==
                   design.effect_per_customer;
  return {.unit = unit, .decimals = two ? 2 : 3};
}

void print_line(const char* name, const std::string& value, bool solved = false) {
  std::printf("%-18s %s%s\n", name, value.c_str(), solved ? "   (solved for)" : "");
}

void print_design(const Request& request, const Coherence& coherence, const MoneyWords& words) {
  const Design& design = request.plan.design;
  const Customers customers = experiment::arms(request.plan.customers, design.ratio);
  const auto solved = [&](const char* what) { return request.solve_for == what; };
  if (customers.base == customers.candidate) {
    print_line("customers per arm", base::format_count(customers.base), solved("customers"));
  } else {
    print_line("customers, base", base::format_count(customers.base), solved("customers"));
    print_line("candidate", base::format_count(customers.candidate), solved("customers"));
  }
  print_line("customers in all", base::format_count(experiment::customers_in_all(request.plan)));
  if (request.plan.disagreement) {
    const Customers among = experiment::compared_customers(request.plan);
    print_line("compared of these",
               request.plan.candidates == 1
                   ? base::format_count(among.total()) + ", on whom the systems differ"
                   : base::format_count(among.base) + " of base and " +
                         base::format_count(among.candidate) +
                         " of each candidate, on whom these two differ");
  }
  print_line("effect", experiment::amount(design.effect_per_customer, words) + " per customer",
             solved("effect"));
  print_line("alpha",
             experiment::percent(design.alpha) +
                 (design.sides == experiment::Sides::kOne ? ", one side" : ", two sides"),
             solved("alpha"));
  print_line("power", experiment::percent(*coherence.achieved_power), solved("power"));
  print_line("margin", experiment::amount(design.margin, words));
  print_line("deviation", experiment::amount(design.deviation, words));
  if (request.plan.candidates > 1) {
    print_line(
        "candidates",
        std::to_string(request.plan.candidates) +
            ", alpha is of crowning any that is no better: each is compared at " +
            experiment::percent(experiment::comparison_alpha(request.plan)) +
            (request.plan.disagreement || request.plan.looks > 1 ? " (Šidák)" : " (Dunnett)"));
  }
  if (request.plan.covariate) {
    const double rho = request.plan.correlation;
    print_line("covariate", "correlates by " + base::format_double(rho) + ": leaves " +
                                experiment::percent(1 - rho * rho, 1) + " of the variance");
  }
  for (std::size_t i = 0; i < request.plan.guardrails.size(); ++i) {
    const experiment::Guardrail& guardrail = request.plan.guardrails[i];
    print_line(i == 0 ? "guardrails" : "",
               std::string(experiment::title(guardrail.metric)) + ": at most " +
                   experiment::say_change(guardrail.metric, guardrail.worst, words) +
                   (experiment::more_is_better(guardrail.metric) ? " less" : " more") +
                   ", seen with " + experiment::percent(coherence.guardrail_power[i]));
  }
  if (!request.plan.guardrails.empty()) {
    print_line(
        "", "all tests succeed together with " + experiment::percent(design.power) + " at least");
  }
  if (request.plan.looks > 1)
    print_line("looks", std::to_string(request.plan.looks) + " (O'Brien-Fleming)");
  if (request.plan.harm_alpha > 0)
    print_line("stop for harm",
               "at any time, alpha " + experiment::percent(request.plan.harm_alpha) +
                   (request.plan.candidates == 1
                        ? ""
                        : " of all candidates: each is asked at " +
                              experiment::percent(experiment::harm_level(request.plan))));
  if (coherence.days) print_line("days", base::format_fixed(*coherence.days, 1));
}

// Never certain when it is not.
std::string say_chance(double chance) {
  if (chance > 0.9995 && chance < 1) return "> 99.9 %";
  if (chance > 0 && chance < 0.0005) return "< 0.1 %";
  return experiment::percent(chance, 1);
}

void print_outcomes(const Request& request, const MoneyWords& words) {
  std::vector<std::vector<std::string>> rows;
  for (const experiment::OutcomeChances& row :
       experiment::operating_characteristics(request.plan)) {
    rows.push_back({experiment::signed_amount(row.true_effect, words), say_chance(row.better),
                    say_chance(row.proven), say_chance(row.effect_excluded),
                    say_chance(row.inconclusive), say_chance(row.worse)});
  }
  const std::string effect = experiment::amount(request.plan.design.effect_per_customer, words);
  const std::vector<std::string> header = {"if the true gain is", "better",
                                           "proven by " + effect, effect + " excluded",
                                           "inconclusive",        "worse"};
  std::printf("\nWhat this experiment will say:\n%s", format_table(header, rows).c_str());
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(Request request, read(options));
  TRY(solve(&request));
  const MoneyWords words = words_for(request.plan.design, options.unit);
  const Coherence coherence = experiment::check(request.plan, words);
  if (options.json) print_json(request, coherence);
  if (!coherence.accepted()) return base::input_error(coherence.sentence);
  if (options.json) return {};
  print_design(request, coherence, words);
  for (const experiment::Reason& remark : coherence.remarks)
    std::printf("note: %s\n", remark.message.c_str());
  print_outcomes(request, words);
  return {};
}

}  // namespace

Run setup_design(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "Of --alpha, --power, --effect and --customers, the one left out is solved for, in this "
      "order: customers, effect,\n"
      "power, alpha. With all four given they are checked: an incoherent design is refused (exit "
      "code 2) with its repairs.\n"
      "Power is exact (noncentral t). Example:\n"
      "  provecho design --alpha 5% --power 80% --effect 0.7 --deviation 15\n"
      "  provecho design --effect 0.7 --deviation 15 --customers 5000\n"
      "  provecho design --effect 0.7 --deviation 15 --disagreement 12% --looks 5");
  command.add_option(
      "--alpha", options->alpha,
      "Chance of crowning a candidate that is no better, as 0.05 or 5% (default 5%)");
  command.add_option("--power", options->power,
                     "Chance of crowning one that gains the effect, as 0.8 or 80% (default 80%)");
  command.add_option("--effect", options->effect,
                     "Smallest gain worth having, in money per customer");
  command.add_option("--customers", options->customers,
                     "Customers in each arm (with --ratio: in the base arm)");
  command
      .add_option("--deviation", options->deviation,
                  "Standard deviation of one customer's revenue, in money")
      ->required();
  command.add_option("--candidate-deviation", options->candidate_deviation,
                     "The same under the candidate, if it differs (default: --deviation)");
  command.add_option("--margin", options->margin,
                     "Gain that must be beaten, in money per customer (default 0)");
  command.add_option("--ratio", options->ratio,
                     "Candidate customers for each base customer (default 1)");
  command
      .add_option("--sides", options->sides,
                  "1: only better counts; 2: alpha is split between better and worse (default 1)")
      ->check(CLI::IsMember({1, 2}));
  command.add_option("--skew", options->skew,
                     "Skewness of one customer's revenue, to be warned of");
  command.add_option("--customers-per-day", options->customers_per_day,
                     "Sampled customers in a day, for the duration");
  command.add_option("--longest-days", options->longest_days,
                     "Refuse what takes more days than this");
  command.add_option("--disagreement", options->share,
                     "Compare only customers on whom the systems differ: their share, as 0.12 or "
                     "12%, from a dry run");
  command.add_option("--disagreement-deviation", options->disagreeing_deviation,
                     "Deviation of their revenue (default: --deviation)");
  command
      .add_option("--looks", options->looks,
                  "Planned looks at which it may end early (O'Brien-Fleming; default 1, the end)")
      ->check(CLI::Range(1, experiment::kMostLooks));
  command
      .add_option("--candidates", options->candidates,
                  "Several candidates against one base: alpha is that of crowning any (Dunnett), "
                  "and base gets the square root of so many times a candidate's customers")
      ->check(CLI::Range(1, experiment::kMostCandidates));
  command.add_option("--covariate-correlation", options->correlation,
                     "Adjust by what customers spent before the start (CUPED): its correlation "
                     "with their revenue, as 0.5");
  command
      .add_option("--guardrail", options->guardrails,
                  "What must not get worse by more: METRIC=WORST of buyers, offers, "
                  "revenue_per_buyer or acceptance, as buyers=1% or revenue_per_buyer=2:30 (with "
                  "one customer's deviation); repeatable. The power is shared out between all "
                  "tests")
      ->take_all();
  command.add_option("--harm-alpha", options->harm_alpha,
                     "Chance of stopping for harm a candidate that does none, at any time (default "
                     "0: no such stop)");
  command.add_option("--unit", options->unit, "How money is written (default $)");
  command.add_flag("--json", options->json, "Print JSON");
  return [options] { return run(*options); };
}

}  // namespace cli

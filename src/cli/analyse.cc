// SPDX-License-Identifier: Apache-2.0
// provecho analyse: a finished A/B test from a CSV, a customer a row.
#include <CLI/CLI.hpp>

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/number.h"
#include "cli/analysis_report.h"
#include "cli/guardrail_option.h"
#include "cli/subcommand.h"
#include "data/csv.h"
#include "experiment/cap.h"
#include "experiment/cuped.h"
#include "experiment/disagreement.h"
#include "experiment/health.h"
#include "experiment/money_words.h"
#include "experiment/post_stratification.h"
#include "experiment/secondary_metrics.h"
#include "experiment/skew_gate.h"

namespace cli {
namespace {

using experiment::ArmSummaries;
using experiment::MoneyMoments;
using experiment::MoneyWords;
using experiment::Welch;

struct Options {
  std::string data, arm, base, candidate, revenue, covariate, strata, base_offer, candidate_offer,
      shown, accepted;
  std::vector<std::string> guardrails;
  double ratio = 1, alpha = 0.05, effect = 0;
  std::optional<double> cap;
  MoneyWords words;
  bool json = false;
};

// Of the two arms; customers of other arms are left out.
struct Customers {
  std::vector<std::size_t> rows;
  std::vector<experiment::Arm> arms;
  std::vector<base::Cents> revenue;
};

base::Result<const data::Column*> column(const data::Table& table, const std::string& name) {
  TRY_ASSIGN(const std::size_t at, table.index_of(name));
  return &table.columns()[at];
}

base::Result<double> number_in(const data::Column& column, std::size_t row) {
  const double value = column.numeric() ? column.number(row) : std::nan("");
  if (std::isfinite(value)) return value;
  return base::input_error("column '" + column.name() + "' holds '" + column.text(row) +
                           "' in row " + std::to_string(row + 1) + ": expected a number");
}

base::Result<Customers> read_customers(const data::Table& table, const Options& options) {
  TRY_ASSIGN(const data::Column* arm, column(table, options.arm));
  TRY_ASSIGN(const data::Column* revenue, column(table, options.revenue));
  std::optional<experiment::Cap> cap;
  if (options.cap) {
    TRY_ASSIGN(const base::Cents limit, base::cents_from_dollars(*options.cap));
    TRY_ASSIGN(cap, experiment::Cap::make(limit));
  }
  Customers customers;
  std::int64_t of_arm[2] = {0, 0};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string text = arm->text(row);
    if (text != options.base && text != options.candidate) continue;
    TRY_ASSIGN(const double spent, number_in(*revenue, row));
    TRY_ASSIGN(base::Cents amount, base::cents_from_dollars(spent));
    if (cap) amount = cap->apply(amount);
    const bool candidate = text == options.candidate;
    ++of_arm[candidate ? 1 : 0];
    customers.rows.push_back(row);
    customers.arms.push_back(candidate ? experiment::Arm::kCandidate : experiment::Arm::kBase);
    customers.revenue.push_back(amount);
  }
  for (int i = 0; i < 2; ++i) {
    if (of_arm[i] >= 2) continue;
    return base::input_error("the arm '" + (i == 0 ? options.base : options.candidate) + "' has " +
                             std::to_string(of_arm[i]) + " customers in column '" + options.arm +
                             "': two are needed at least");
  }
  return customers;
}

ArmSummaries summaries_of(const Customers& customers) {
  MoneyMoments moments[2];
  for (std::size_t i = 0; i < customers.rows.size(); ++i)
    moments[static_cast<std::size_t>(customers.arms[i])].add(customers.revenue[i]);
  return {moments[0].summary(), moments[1].summary()};
}

template <class Test>
EstimateLine line_of(const std::string& method, double effect, const Test& test,
                     const Options& options) {
  return {.method = method,
          .effect = effect,
          .low = test.lower(options.alpha),
          .high = test.upper(options.alpha),
          .p = test.p_greater(0),
          .p_effect = test.p_greater(options.effect)};
}

base::Result<EstimateLine> by_history(const data::Table& table, const Customers& customers,
                                      const Options& options) {
  TRY_ASSIGN(const data::Column* history, column(table, options.covariate));
  experiment::PairedMoments moments[2];
  for (std::size_t i = 0; i < customers.rows.size(); ++i) {
    TRY_ASSIGN(const double before, number_in(*history, customers.rows[i]));
    moments[static_cast<std::size_t>(customers.arms[i])].add(before,
                                                             customers.revenue[i].dollars());
  }
  const auto adjusted = experiment::cuped(moments[0], moments[1]);
  EstimateLine line = line_of("less what '" + options.covariate + "' explains (CUPED)",
                              adjusted->adjusted.difference, adjusted->adjusted, options);
  line.remark = experiment::percent(1 - adjusted->variance_ratio, 1) + " less variance";
  return line;
}

base::Result<EstimateLine> by_strata(const data::Table& table, const Customers& customers,
                                     const Options& options) {
  TRY_ASSIGN(const data::Column* strata, column(table, options.strata));
  std::map<std::string, std::array<MoneyMoments, 2>> moments;
  constexpr std::size_t kMostStrata = 1000;
  for (std::size_t i = 0; i < customers.rows.size() && moments.size() <= kMostStrata; ++i) {
    moments[strata->text(customers.rows[i])][static_cast<std::size_t>(customers.arms[i])].add(
        customers.revenue[i]);
  }
  if (moments.size() > kMostStrata) {
    return base::input_error("column '" + options.strata +
                             "' has more than 1,000 values: too many to be groups of customers");
  }
  std::vector<ArmSummaries> summaries;
  for (const auto& [name, arms] : moments)
    summaries.push_back({arms[0].summary(), arms[1].summary()});
  const auto stratified =
      experiment::post_stratified(summaries, static_cast<std::int64_t>(customers.rows.size()));
  if (!stratified) {
    return base::input_error("a value of column '" + options.strata +
                             "' has fewer than two customers in an arm: take coarser groups");
  }
  EstimateLine line = line_of("within groups of '" + options.strata + "'",
                              stratified->total.difference, stratified->total, options);
  line.remark = std::to_string(summaries.size()) + " groups";
  return line;
}

base::Result<experiment::DisagreementAnalysis> by_disagreement(const data::Table& table,
                                                               const Customers& customers,
                                                               const Options& options) {
  TRY_ASSIGN(const data::Column* of_base, column(table, options.base_offer));
  TRY_ASSIGN(const data::Column* of_candidate, column(table, options.candidate_offer));
  experiment::DisagreementMoments moments;
  for (std::size_t i = 0; i < customers.rows.size(); ++i) {
    TRY_ASSIGN(const double base, number_in(*of_base, customers.rows[i]));
    TRY_ASSIGN(const double candidate, number_in(*of_candidate, customers.rows[i]));
    moments.add(customers.arms[i], base != 0, candidate != 0, customers.revenue[i]);
  }
  return experiment::analyse_disagreement(moments.rows(), options.ratio,
                                          experiment::kFewestDisagreeing, options.words);
}

base::Result<std::vector<experiment::Guardrail>> read_guardrails(const Options& options) {
  using experiment::SecondaryMetric;
  std::vector<experiment::Guardrail> guardrails;
  for (const std::string& text : options.guardrails) {
    TRY_ASSIGN(const experiment::Guardrail guardrail, read_guardrail(text));
    const std::string name(experiment::name(guardrail.metric));
    if (!(guardrail.worst > 0))
      return base::input_error("--guardrail '" + text + "' must allow to lose more than 0");
    const bool acceptance = guardrail.metric == SecondaryMetric::kAcceptance;
    if (options.shown.empty() && (acceptance || guardrail.metric == SecondaryMetric::kOffers))
      return base::input_error("--guardrail " + name + " needs --shown: who was shown the offer");
    if (options.accepted.empty() && acceptance)
      return base::input_error("--guardrail " + name + " needs --accepted: who accepted it");
    for (const experiment::Guardrail& other : guardrails) {
      if (other.metric == guardrail.metric)
        return base::input_error("--guardrail " + name + " is given twice");
    }
    guardrails.push_back(guardrail);
  }
  return guardrails;
}

// Whether the flag column of that name, if any, is set.
base::Result<bool> flag_in(const data::Table& table, const std::string& name, std::size_t row) {
  if (name.empty()) return false;
  TRY_ASSIGN(const data::Column* flags, column(table, name));
  TRY_ASSIGN(const double value, number_in(*flags, row));
  return value != 0;
}

// Of the metrics that have a guardrail.
base::Result<std::vector<experiment::SecondaryFigures>> guardrail_figures(
    const data::Table& table, const Customers& customers, const ArmSummaries& arms,
    bool by_disagreement, const Options& options) {
  TRY_ASSIGN(const auto guardrails, read_guardrails(options));
  if (guardrails.empty()) return std::vector<experiment::SecondaryFigures>();
  experiment::SecondaryRows rows;
  for (std::size_t i = 0; i < customers.rows.size(); ++i) {
    const std::size_t row = customers.rows[i];
    TRY_ASSIGN(const bool base, flag_in(table, options.base_offer, row));
    TRY_ASSIGN(const bool candidate, flag_in(table, options.candidate_offer, row));
    TRY_ASSIGN(const bool shown, flag_in(table, options.shown, row));
    TRY_ASSIGN(const bool accepted, flag_in(table, options.accepted, row));
    rows.add({.arm = customers.arms[i],
              .differ = base != candidate,
              .bought = customers.revenue[i] > base::Cents(0),
              .shown = shown,
              .accepted = shown && accepted});
  }
  auto figures = experiment::secondary_figures(rows, arms.base, arms.candidate, guardrails,
                                               options.alpha, by_disagreement);
  std::erase_if(figures, [](const auto& each) { return !each.worst; });
  return figures;
}

// Of the estimate of all customers; a row of the file stands for the customer's id.
experiment::Check resampled(const Customers& customers, const ArmSummaries& arms) {
  experiment::Bootstrap bootstrap;
  for (std::size_t i = 0; i < customers.rows.size(); ++i)
    bootstrap.add(static_cast<std::int64_t>(customers.rows[i]), customers.arms[i], true,
                  customers.revenue[i]);
  return experiment::bootstrap_check({}, {.everybody = arms}, bootstrap);
}

base::Result<void> check_options(const Options& options) {
  if (!(options.alpha > 0 && options.alpha < 0.5))
    return base::input_error("--alpha must lie above 0 and below 0.5");
  if (options.base_offer.empty() != options.candidate_offer.empty())
    return base::input_error("--base-offer and --candidate-offer belong together");
  if (options.base == options.candidate)
    return base::input_error("--base and --candidate name the same arm");
  return {};
}

// The sample ratio, the test's level and the resampling.
void add_checks(const Customers& customers, const ArmSummaries& arms, const Options& options,
                AnalysisReport& report) {
  const std::int64_t counts[] = {arms.base.n, arms.candidate.n};
  const double weights[] = {1, options.ratio};
  report.ratio = experiment::sample_ratio(counts, weights);
  if (report.ratio.alarm) {
    report.warnings.push_back(
        "the arms did not fill in the ratio 1 : " + base::format_double(options.ratio) +
        " (p = " + base::format_double(report.ratio.p) +
        "): something chose the customers, and no estimate can be trusted");
  }
  const experiment::SkewGate skew = experiment::skew_gate(arms.base, arms.candidate, options.alpha);
  if (skew.alarm) {
    report.warnings.push_back(
        "revenue is so skewed, and the arms so unequal, that the level of the test "
        "may be off by " +
        experiment::percent(skew.error, 2) + ": a cap fixed before the start (--cap) mends that");
  }
  report.bootstrap = resampled(customers, arms);
  if (report.bootstrap.lamp == experiment::Lamp::kWatch)
    report.warnings.push_back(report.bootstrap.message);
}

base::Result<void> run(const Options& options) {
  TRY(check_options(options));
  TRY_ASSIGN(const data::Table table, data::read_csv(options.data));
  TRY_ASSIGN(const Customers customers, read_customers(table, options));
  const ArmSummaries arms = summaries_of(customers);

  AnalysisReport report{.base = options.base,
                        .candidate = options.candidate,
                        .arms = arms,
                        .alpha = options.alpha,
                        .effect = options.effect,
                        .words = options.words};
  std::vector<EstimateLine>& lines = report.lines;
  const std::optional<Welch> welch = experiment::welch(arms.base, arms.candidate);
  lines.push_back(line_of("all customers, by arm", welch->difference, *welch, options));
  lines.back().remark = "z = " + base::format_fixed(welch->t(0), 2);
  if (!options.covariate.empty()) {
    TRY_ASSIGN(EstimateLine line, by_history(table, customers, options));
    lines.push_back(std::move(line));
  }
  if (!options.strata.empty()) {
    TRY_ASSIGN(EstimateLine line, by_strata(table, customers, options));
    lines.push_back(std::move(line));
  }
  bool differing = false;  // Those on whom the systems differ can be compared.
  if (!options.base_offer.empty()) {
    TRY_ASSIGN(const auto analysis, by_disagreement(table, customers, options));
    differing = analysis.by_disagreement;
    if (differing) {
      lines.push_back(line_of("customers on whom the systems differ", analysis.estimate->effect,
                              *analysis.estimate, options));
      lines.back().remark = experiment::percent(analysis.estimate->share, 1) + " of customers";
    }
    report.disagreement = experiment::sentence(analysis, options.alpha, options.words);
    for (const experiment::Alarm& alarm : analysis.health.alarms)
      report.warnings.push_back(alarm.message);
  }
  TRY_ASSIGN(report.guardrails, guardrail_figures(table, customers, arms, differing, options));
  add_checks(customers, arms, options, report);
  if (options.json)
    print_json(report);
  else
    print(report);
  return {};
}

}  // namespace

Run setup_analyse(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "All estimates are of the same effect, money per customer; decide before the start which of "
      "them counts.");
  command.add_option("data", options->data, "CSV file, a customer a row; - for standard input")
      ->required();
  command.add_option("--arm", options->arm, "Column that says which arm a customer was in")
      ->required();
  command.add_option("--base", options->base, "Value of the base arm")->required();
  command.add_option("--candidate", options->candidate, "Value of the candidate's arm")->required();
  command.add_option("--revenue", options->revenue, "Column of the money spent")->required();
  command.add_option("--covariate", options->covariate,
                     "Number column known before the start (money spent then): CUPED");
  command.add_option("--strata", options->strata,
                     "Column of groups known before the start: post-stratification");
  command.add_option("--base-offer", options->base_offer,
                     "Column of what base decided for the customer, 0 or 1, whoever was executed");
  command.add_option("--candidate-offer", options->candidate_offer,
                     "The same of the candidate: compares those on whom they differ");
  command.add_option("--shown", options->shown, "Column of who was shown the offer, 0 or 1");
  command.add_option("--accepted", options->accepted, "Column of who accepted it, 0 or 1");
  command
      .add_option("--guardrail", options->guardrails,
                  "What must not get worse by more, as planned: METRIC=WORST of buyers, "
                  "revenue_per_buyer, offers (needs --shown) or acceptance (needs --accepted too), "
                  "as buyers=1% or revenue_per_buyer=2; repeatable")
      ->take_all();
  command
      .add_option("--ratio", options->ratio,
                  "Candidate customers for each base customer, as planned")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--alpha", options->alpha, "Level of each one-sided bound")
      ->capture_default_str();
  command.add_option("--effect", options->effect, "The desired effect")->capture_default_str();
  command.add_option("--cap", options->cap,
                     "Amounts beyond this count as this; to be fixed before the start");
  command.add_option("--unit", options->words.unit, "Written after amounts")->capture_default_str();
  command.add_flag("--json", options->json, "Print JSON");
  return [options] { return run(*options); };
}

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// provecho analyse: a finished A/B test from a CSV, a customer a row.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/number.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "data/csv.h"
#include "experiment/cap.h"
#include "experiment/cuped.h"
#include "experiment/disagreement.h"
#include "experiment/health.h"
#include "experiment/money_words.h"
#include "experiment/post_stratification.h"
#include "experiment/skew_gate.h"

namespace cli {
namespace {

using experiment::ArmSummaries;
using experiment::MoneyMoments;
using experiment::MoneyWords;
using experiment::Welch;

struct Options {
  std::string data, arm, base, candidate, revenue, covariate, strata, base_offer, candidate_offer;
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

// One way of estimating the same effect.
struct Line {
  std::string method;
  double effect = 0, low = 0, high = 0;  // One-sided bounds at alpha each.
  double p = 1;                          // One-sided, against Δ ≤ 0.
  double p_effect = 1;                   // Against Δ ≤ the desired effect.
  std::string remark = {};
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
Line line_of(const std::string& method, double effect, const Test& test, const Options& options) {
  return {.method = method,
          .effect = effect,
          .low = test.lower(options.alpha),
          .high = test.upper(options.alpha),
          .p = test.p_greater(0),
          .p_effect = test.p_greater(options.effect)};
}

base::Result<Line> by_history(const data::Table& table, const Customers& customers,
                              const Options& options) {
  TRY_ASSIGN(const data::Column* history, column(table, options.covariate));
  experiment::PairedMoments moments[2];
  for (std::size_t i = 0; i < customers.rows.size(); ++i) {
    TRY_ASSIGN(const double before, number_in(*history, customers.rows[i]));
    moments[static_cast<std::size_t>(customers.arms[i])].add(before,
                                                             customers.revenue[i].dollars());
  }
  const auto adjusted = experiment::cuped(moments[0], moments[1]);
  Line line = line_of("less what '" + options.covariate + "' explains (CUPED)",
                      adjusted->adjusted.difference, adjusted->adjusted, options);
  line.remark = experiment::percent(1 - adjusted->variance_ratio, 1) + " less variance";
  return line;
}

base::Result<Line> by_strata(const data::Table& table, const Customers& customers,
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
  Line line = line_of("within groups of '" + options.strata + "'", stratified->total.difference,
                      stratified->total, options);
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

void print_arms(const ArmSummaries& arms, const Options& options) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, arm] :
       {std::pair(options.base, arms.base), std::pair(options.candidate, arms.candidate)}) {
    rows.push_back({name, base::format_count(arm.n), experiment::amount(arm.mean, options.words),
                    experiment::amount(arm.deviation, options.words),
                    base::format_fixed(arm.skew, 1)});
  }
  std::fputs(
      format_table({"arm", "customers", "per customer", "deviation", "skewness"}, rows).c_str(),
      stdout);
}

std::string p_text(double p) {
  constexpr double kSmall = 1e-4;
  if (p >= kSmall) return base::format_fixed(p, 4);
  char text[16];
  std::snprintf(text, sizeof text, "%.1e", p);
  return text;
}

void print_lines(const std::vector<Line>& lines, const Options& options) {
  std::vector<std::vector<std::string>> rows;
  for (const Line& line : lines) {
    rows.push_back({line.method, experiment::signed_amount(line.effect, options.words),
                    experiment::signed_amount(line.low, options.words),
                    experiment::signed_amount(line.high, options.words), p_text(line.p),
                    p_text(line.p_effect), line.remark});
  }
  const std::string level = experiment::percent(1 - options.alpha);
  std::printf(
      "\n%s",
      format_table({"estimated by", "effect", "at least (" + level + ")", "at most (" + level + ")",
                    "p, > 0", "p, > " + experiment::amount(options.effect, options.words), ""},
                   rows)
          .c_str());
}

nlohmann::json arm_json(const experiment::SampleSummary& arm) {
  return {{"customers", arm.n},
          {"mean", arm.mean},
          {"deviation", arm.deviation},
          {"skewness", arm.skew}};
}

void print_json(const ArmSummaries& arms, const std::vector<Line>& lines,
                const experiment::SampleRatio& ratio, const std::vector<std::string>& warnings) {
  nlohmann::json estimates = nlohmann::json::array();
  for (const Line& line : lines) {
    estimates.push_back({{"method", line.method},
                         {"effect", line.effect},
                         {"at_least", line.low},
                         {"at_most", line.high},
                         {"p", line.p},
                         {"p_effect", line.p_effect},
                         {"remark", line.remark}});
  }
  std::printf("%s\n", nlohmann::json{{"base", arm_json(arms.base)},
                                     {"candidate", arm_json(arms.candidate)},
                                     {"sample_ratio", {{"p", ratio.p}, {"alarm", ratio.alarm}}},
                                     {"estimates", estimates},
                                     {"warnings", warnings}}
                          .dump(2)
                          .c_str());
}

base::Result<void> run(const Options& options) {
  if (!(options.alpha > 0 && options.alpha < 0.5))
    return base::input_error("--alpha must lie above 0 and below 0.5");
  if (options.base_offer.empty() != options.candidate_offer.empty())
    return base::input_error("--base-offer and --candidate-offer belong together");
  if (options.base == options.candidate)
    return base::input_error("--base and --candidate name the same arm");
  TRY_ASSIGN(const data::Table table, data::read_csv(options.data));
  TRY_ASSIGN(const Customers customers, read_customers(table, options));
  const ArmSummaries arms = summaries_of(customers);

  std::vector<Line> lines;
  std::vector<std::string> warnings;
  const std::optional<Welch> welch = experiment::welch(arms.base, arms.candidate);
  lines.push_back(line_of("all customers, by arm", welch->difference, *welch, options));
  lines.back().remark = "z = " + base::format_fixed(welch->t(0), 2);
  if (!options.covariate.empty()) {
    TRY_ASSIGN(Line line, by_history(table, customers, options));
    lines.push_back(std::move(line));
  }
  if (!options.strata.empty()) {
    TRY_ASSIGN(Line line, by_strata(table, customers, options));
    lines.push_back(std::move(line));
  }
  std::string said;
  if (!options.base_offer.empty()) {
    TRY_ASSIGN(const auto analysis, by_disagreement(table, customers, options));
    if (analysis.by_disagreement) {
      lines.push_back(line_of("customers on whom the systems differ", analysis.estimate->effect,
                              *analysis.estimate, options));
      lines.back().remark = experiment::percent(analysis.estimate->share, 1) + " of customers";
    }
    said = experiment::sentence(analysis, options.alpha, options.words);
    for (const experiment::Alarm& alarm : analysis.health.alarms) warnings.push_back(alarm.message);
  }
  const std::int64_t counts[] = {arms.base.n, arms.candidate.n};
  const double weights[] = {1, options.ratio};
  const experiment::SampleRatio ratio = experiment::sample_ratio(counts, weights);
  if (ratio.alarm) {
    warnings.push_back(
        "the arms did not fill in the ratio 1 : " + base::format_double(options.ratio) +
        " (p = " + base::format_double(ratio.p) +
        "): something chose the customers, and no estimate can be trusted");
  }
  const experiment::SkewGate skew = experiment::skew_gate(arms.base, arms.candidate, options.alpha);
  if (skew.alarm) {
    warnings.push_back(
        "revenue is so skewed, and the arms so unequal, that the level of the test "
        "may be off by " +
        experiment::percent(skew.error, 2) + ": a cap fixed before the start (--cap) mends that");
  }
  if (options.json) {
    print_json(arms, lines, ratio, warnings);
    return {};
  }
  print_arms(arms, options);
  print_lines(lines, options);
  if (!said.empty()) std::printf("\n%s\n", said.c_str());
  std::printf("\nSample ratio: p = %s.\n", base::format_fixed(ratio.p, 3).c_str());
  for (const std::string& warning : warnings) std::printf("warning: %s\n", warning.c_str());
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

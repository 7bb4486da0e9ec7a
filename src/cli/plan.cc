// SPDX-License-Identifier: Apache-2.0
// provecho plan: whom to contact first where not everybody can be: so many offers, a budget, or
// agents with hours.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "base/output_file.h"
#include "cli/money.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "data/csv.h"
#include "learn/evaluate.h"
#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "profit/amounts.h"
#include "profit/capacity.h"

namespace cli {
namespace {

struct Options {
  std::string model, data, output, income_column, cost_column;
  MoneyOptions money;
  std::optional<std::int64_t> offers;
  std::optional<double> budget;
  profit::Agent agent;
  bool staff = false;
};

// What is known of each row before anybody is asked.
struct Prospects {
  std::vector<double> chances;  // Of an acceptance, or of one more than without the offer.
  std::string_view called;      // Which of the two.
  std::vector<double> incomes, costs, values;
};

base::Result<std::vector<double>> amounts(const data::Table& table, const std::string& column,
                                          double otherwise) {
  if (column.empty()) return std::vector<double>(table.rows(), otherwise);
  TRY_ASSIGN(const std::size_t at, table.index_of(column));
  const data::Column& found = table.columns()[at];
  if (!found.numeric() || found.missing() > 0) {
    return base::input_error("column '" + column + "' must hold a number in every row");
  }
  return found.numbers();
}

base::Result<Prospects> prospects_of(const Options& options, const profit::Economics& economics) {
  TRY_ASSIGN(const std::string text, base::read_file(options.model));
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) return base::input_error(options.model + ": " + document.error().message);
  const std::optional<std::string> positive = learn::offered_value(*document);
  if (!positive) {
    return base::input_error(options.model +
                             " has no output 'offer' that says which value it is about: train or "
                             "study writes one");
  }
  TRY_ASSIGN(const data::Table table, data::read_csv(options.data));
  TRY_ASSIGN(const learn::Scores scores, learn::score(*document, table, *positive));
  Prospects prospects;
  prospects.called = scores.uplifts.empty() ? "probability" : pmml::kUpliftOutput;
  prospects.chances = scores.keys();
  TRY_ASSIGN(prospects.incomes, amounts(table, options.income_column, economics.income));
  TRY_ASSIGN(prospects.costs, amounts(table, options.cost_column, economics.cost));
  // An offer that puts somebody off costs no less than one that changes nothing.
  std::vector<double> gains = prospects.chances;
  for (double& gain : gains) gain = std::max(gain, 0.0);
  TRY_ASSIGN(prospects.values, profit::expected_profits(gains, prospects.incomes, prospects.costs));
  return prospects;
}

base::Result<void> write_rows(const Options& options, const Prospects& prospects,
                              const std::vector<std::size_t>& rows) {
  if (options.output.empty()) return {};
  TRY_ASSIGN(base::OutputFile file, base::OutputFile::open(options.output));
  TRY(file.write("row," + std::string(prospects.called) + ",expected_profit\n"));
  for (const std::size_t row : rows) {
    TRY(file.write(std::to_string(row + 1) + "," + base::format_double(prospects.chances[row]) +
                   "," + base::format_double(prospects.values[row]) + "\n"));
  }
  return file.finish();
}

std::string amount(double value) { return base::format_fixed(value, 2); }
std::string count(std::size_t n) { return base::format_count(static_cast<std::int64_t>(n)); }

// What is said goes to standard error where the rows go to standard output.
std::FILE* words(const Options& options) { return options.output == "-" ? stderr : stdout; }

void print_allocation(const profit::Allocation& best, const std::string& one_more, std::FILE* out) {
  std::fprintf(out, "%s offers, expected profit %s", count(best.rows.size()).c_str(),
               amount(best.value).c_str());
  if (best.gap() > 0)
    std::fprintf(out, " (no choice brings more than %s)", amount(best.bound).c_str());
  std::fprintf(out, "\n%s would bring %s\n", one_more.c_str(), amount(best.shadow_price).c_str());
}

// So many rows from the most valuable down.
std::vector<std::size_t> best_rows(const std::vector<double>& values, std::int64_t most) {
  const auto best = profit::best_actions(values, most);
  return best ? best->rows : std::vector<std::size_t>();
}

void print_staff(const profit::StaffPlan& plan, std::FILE* out) {
  constexpr std::size_t kAround = 3;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < plan.staffings.size(); ++i) {
    const bool near = i + kAround >= plan.best && i <= plan.best + kAround;
    if (!near && i != 0 && i + 1 != plan.staffings.size()) continue;
    const profit::Staffing& staffing = plan.staffings[i];
    rows.push_back({base::format_count(staffing.agents), base::format_count(staffing.actions),
                    amount(staffing.value), amount(staffing.marginal_value),
                    amount(staffing.profit), i == plan.best ? "best" : ""});
  }
  std::fputs(
      format_table({"agents", "actions", "value", "of the last one", "after their cost", ""}, rows)
          .c_str(),
      out);
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const std::optional<profit::Economics> economics, read_money(options.money));
  if (!economics) {
    return base::input_error(
        "whom to contact first is a matter of money: give --q, or --income and --cost, or "
        "--old-precision and --roi");
  }
  const int ways = (options.offers ? 1 : 0) + (options.budget ? 1 : 0) + (options.staff ? 1 : 0);
  if (ways != 1) return base::input_error("give one of --offers, --budget and --hours");
  TRY_ASSIGN(const Prospects prospects, prospects_of(options, *economics));
  std::fprintf(words(options), "%s customers, %s of them worth an offer\n",
               count(prospects.values.size()).c_str(),
               base::format_count(std::ranges::count_if(prospects.values, [](double v) {
                 return v > 0;
               })).c_str());
  if (options.offers) {
    TRY_ASSIGN(const profit::Allocation best,
               profit::best_actions(prospects.values, *options.offers));
    print_allocation(best, "one offer more", words(options));
    return write_rows(options, prospects, best.rows);
  }
  if (options.budget) {
    TRY_ASSIGN(const profit::Allocation best,
               profit::best_within_budget(prospects.values, prospects.costs, *options.budget));
    print_allocation(best, "one unit of money more", words(options));
    return write_rows(options, prospects, best.rows);
  }
  TRY_ASSIGN(const profit::StaffPlan plan, profit::plan_staff(prospects.values, options.agent));
  print_staff(plan, words(options));
  return write_rows(options, prospects,
                    best_rows(prospects.values, plan.staffings[plan.best].actions));
}

}  // namespace

Run setup_plan(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("model", options->model, "PMML file with an output 'offer'")->required();
  command.add_option("data", options->data, "CSV file of customers; - for standard input")
      ->required();
  command.add_option("--offers", options->offers, "So many offers can be made")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--budget", options->budget, "So much may be spent on offers");
  CLI::Option* hours = command.add_option("--hours", options->agent.hours,
                                          "Agents act: hours that one of them works");
  command
      .add_option("--minutes", options->agent.minutes_per_action, "Minutes that one action takes")
      ->needs(hours);
  command.add_option("--agent-cost", options->agent.cost, "Cost of an agent for those hours")
      ->needs(hours);
  command.add_option("--income-column", options->income_column,
                     "Column of the income expected of each row, in place of --income");
  command.add_option("--cost-column", options->cost_column,
                     "Column of the cost of an offer to each row, in place of --cost");
  command.add_option("-o,--output", options->output,
                     "CSV file of the rows to contact, the best first, with p and p·i − c; of a "
                     "model of uplift u and u·i − c");
  add_money_options(command, options->money);
  return [options, hours] {
    options->staff = hours->count() > 0;
    return run(*options);
  };
}

}  // namespace cli

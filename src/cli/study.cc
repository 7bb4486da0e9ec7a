// SPDX-License-Identifier: Apache-2.0
// provecho study: many models of one table, ranked by the profit they would have earned, with the
// doubts about it; a report, the best models as PMML, and a file from which it goes on.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/figures.h"
#include "cli/money.h"
#include "cli/open_file.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/unlabelled.h"
#include "data/csv.h"
#include "report/html.h"
#include "report/tables.h"
#include "study/analysis.h"
#include "study/run.h"

namespace cli {
namespace {

struct Options {
  std::string data, validation, test, recipes, order = "shuffled", threshold = "best",
                                               method = "tpe";
  std::vector<std::string> text_columns, generations, learners, limits;
  std::size_t most_attributes = 36, search = 0;
  std::vector<double> roi_range;
  std::optional<double> q_at_least;
  MoneyOptions money;
  study::GroundOptions ground;
  study::RunOptions run;
  study::SearchOptions searching;
  study::AnalysisOptions analysis;
  bool open = false, json = false, list = false, drop_unlabelled = false;
};

base::Result<data::Table> read_table(const std::string& path, const Options& options) {
  TRY_ASSIGN(data::Table table, data::read_csv(path, {.text_columns = options.text_columns,
                                                      .threads = options.ground.threads}));
  return without_unlabelled(std::move(table), path, options.ground.target, options.drop_unlabelled);
}

// What the option holds: a share of the rows, or a file of its own.
base::Result<std::optional<data::Table>> share_or_table(const std::string& text,
                                                        const Options& options, double& share) {
  if (text.empty()) return std::optional<data::Table>();
  if (const auto number = base::parse_double(text)) {
    share = *number;
    return std::optional<data::Table>();
  }
  TRY_ASSIGN(data::Table table, read_table(text, options));
  return std::optional<data::Table>(std::move(table));
}

base::Result<std::vector<study::Recipe>> chosen_recipes(const Options& options,
                                                        std::size_t attributes) {
  std::vector<study::Recipe> recipes;
  const auto add = [&](std::vector<study::Recipe> more) {
    for (study::Recipe& recipe : more) recipes.push_back(std::move(recipe));
  };
  for (const std::string& generation : options.generations) {
    if (generation == "1") add(study::generation_one());
    if (generation == "3")
      add(study::generation_three(std::min(attributes, options.most_attributes)));
  }
  if (!options.recipes.empty()) {
    TRY_ASSIGN(const std::string text, base::read_file(options.recipes));
    TRY_ASSIGN(std::vector<study::Recipe> own, study::read_recipes(text, options.recipes));
    add(std::move(own));
  }
  if (recipes.empty() && options.search == 0) {
    return base::input_error(
        "there is nothing to train: name --generations, --recipes or --search");
  }
  return recipes;
}

// What a recipe may hold, for those who write their own.
void print_settings() {
  std::string learner = "-";
  for (const study::Setting& setting : study::settings()) {
    if (setting.learner != learner) {
      learner = setting.learner;
      std::printf("%s:\n", learner.empty() ? "every learner" : learner.c_str());
    }
    const std::string standard = study::describe(study::Point{{setting.name, setting.standard}});
    std::printf("  %s\n      %s\n", standard.c_str(), setting.what.c_str());
  }
  std::puts("\nThe recipes of generation 1, as a file for --recipes would hold them:");
  for (const study::Recipe& recipe : study::generation_one())
    std::printf("  %s\n", study::write_recipe(recipe).c_str());
}

std::string attributes(const study::Ground& ground) {
  const std::size_t count = ground.attributes().size();
  return std::to_string(count) + (count == 1 ? " attribute" : " attributes");
}

void print_ground(const study::Ground& ground, const Options& options) {
  const auto part = [](const study::Rows& rows) {
    return base::format_count(static_cast<std::int64_t>(rows.labels.values.size())) + " (" +
           base::format_count(rows.labels.positives) + " accepted)";
  };
  std::printf("%s: %s rows to train, %s to choose thresholds, %s to test; %s; q = %s\n",
              options.data.c_str(), part(ground.train()).c_str(), part(ground.validation()).c_str(),
              part(ground.test()).c_str(), attributes(ground).c_str(),
              base::format_fixed(ground.economics().q(), 2).c_str());
}

void print_rounds(const study::Ground& ground, const Options& options) {
  const study::Rows& rows = ground.train();
  std::printf("%s: %s rows (%s accepted); %s; %s; q = %s\n", options.data.c_str(),
              base::format_count(static_cast<std::int64_t>(rows.labels.values.size())).c_str(),
              base::format_count(rows.labels.positives).c_str(),
              study::describe(ground.options().evaluation).c_str(), attributes(ground).c_str(),
              base::format_fixed(ground.economics().q(), 2).c_str());
}

// Those of the first repeat; they are beside the rows told of before.
void print_controls(const study::Ground& ground) {
  std::size_t rows = ground.controls().labels.values.size();
  std::int64_t accepted = ground.controls().labels.positives;
  for (const study::Ground& round : ground.rounds()) {
    rows += round.controls().labels.values.size();
    accepted += round.controls().labels.positives;
  }
  std::printf("beside these, %s controls (%s accepted without an offer) to test\n",
              base::format_count(static_cast<std::int64_t>(rows)).c_str(),
              base::format_count(accepted).c_str());
}

std::string interval_text(const metric::Interval& interval) {
  return base::format_fixed(100 * interval.low, 1) + " … " +
         base::format_fixed(100 * interval.high, 1);
}

constexpr std::ptrdiff_t kUpliftColumn = 5;  // Where those of a control group stand.

std::vector<std::string> ranking_row(const study::Analysis& analysis, std::size_t place) {
  const study::Ranked& ranked = analysis.ranking[place];
  const study::Model& model = ranked.model;
  const metric::Confusion& c = model.test;
  const bool is_null = model.recipe.generation == study::kNullGeneration;
  std::string doubt;
  if (ranked.p_holm && *ranked.p_holm > 0.05) doubt = "as good as the first";
  std::vector<std::string> cells = {
      model.recipe.name,
      model.recipe.generation,
      format_percent(ranked.money.rap.estimate),
      interval_text(ranked.money.rap),
      format_percent(ranked.money.roi ? std::optional(ranked.money.roi->estimate) : std::nullopt,
                     0),
      format_percent(metric::precision(c)),
      format_percent(metric::recall(c)),
      format_figure(model.auc, 3),
      is_null ? "–" : base::format_fixed(model.seconds, 2) + " s",
      doubt};
  if (model.uplift) {
    const metric::Interval& profit = model.uplift->profit_per_customer;
    const auto& qini = model.uplift->coefficient;
    cells.insert(cells.begin() + kUpliftColumn,
                 {base::format_fixed(1000 * profit.estimate, 1),
                  base::format_fixed(1000 * profit.low, 1) + " … " +
                      base::format_fixed(1000 * profit.high, 1),
                  format_figure(qini ? std::optional(qini->estimate) : std::nullopt, 3)});
  }
  return cells;
}

void print_ranking(const study::Analysis& analysis) {
  constexpr std::size_t kShown = 15;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < analysis.ranking.size(); ++i) {
    const bool is_null = analysis.ranking[i].model.recipe.generation == study::kNullGeneration;
    if (i < kShown || is_null) rows.push_back(ranking_row(analysis, i));
  }
  std::vector<std::string> header = {"model",     "gen",    "RAP", "95 %",       "ROI",
                                     "precision", "recall", "AUC", "trained in", ""};
  if (!analysis.control.empty())
    header.insert(header.begin() + kUpliftColumn, {"beyond controls", "95 %", "Qini"});
  std::printf("\n%s\n", format_table(header, rows).c_str());
  if (analysis.ranking.size() > rows.size())
    std::printf("… and %zu more in the report.\n", analysis.ranking.size() - rows.size());
  if (!analysis.excluded.empty()) {
    std::printf("%zu models are outside of the limits: '%s' (%s)%s\n", analysis.excluded.size(),
                analysis.excluded.front().first.c_str(), analysis.excluded.front().second.c_str(),
                analysis.excluded.size() > 1 ? ", …" : "");
  }
  for (const auto& [name, reason] : analysis.failed)
    std::printf("no model '%s': %s\n", name.c_str(), reason.c_str());
}

base::Result<void> write_reports(const study::Analysis& analysis, const std::string& folder) {
  const auto in = [&](const char* file) { return (std::filesystem::path(folder) / file).string(); };
  TRY(base::write_file(in("report.html"), report::html(analysis)));
  TRY(base::write_file(in("ranking.csv"), report::csv(analysis)));
  TRY(base::write_file(in("report.json"), report::json(analysis)));
  return base::write_file(in("report.md"), report::markdown(analysis));
}

std::string signed_percent(double share) {
  return (share > 0 ? "+" : "") + format_percent(share, 0);
}

// What is supposed of the money, where it is more than a point.
base::Result<void> read_belief(Options& options) {
  study::Hypothesis& hypothesis = options.analysis.hypothesis;
  hypothesis.old_precision = options.money.old_precision;
  if (hypothesis.old_precision) hypothesis.roi = options.money.roi.value_or(0);
  const std::vector<double>& roi = options.roi_range;
  if (!roi.empty() && options.q_at_least)
    return base::input_error("give --roi-range or --q-at-least, not both");
  if (options.q_at_least) {
    TRY_ASSIGN(hypothesis.belief, profit::q_at_least(*options.q_at_least));
    hypothesis.belief_in_words = "an accepted offer earns at least " +
                                 base::format_double(*options.q_at_least) +
                                 " times what an offer costs";
    return {};
  }
  if (roi.empty()) return {};
  if ((roi.size() != 2 && roi.size() != 3) || !hypothesis.old_precision) {
    return base::input_error(
        "--roi-range takes the lowest and the highest return and perhaps the likeliest between "
        "them (-0.1,0.2 or -0.1,0,0.2), and needs --old-precision");
  }
  const profit::RoiRange range{roi.front(), roi.back()};
  if (roi.size() == 3) {
    TRY_ASSIGN(hypothesis.belief, profit::triangular_roi(range, roi[1], *hypothesis.old_precision));
  } else {
    TRY_ASSIGN(hypothesis.belief, profit::uniform_roi(range, *hypothesis.old_precision));
  }
  hypothesis.roi_range = range;
  hypothesis.belief_in_words = "the old system's return lies between " +
                               signed_percent(range.from) + " and " + signed_percent(range.to);
  if (roi.size() == 3) hypothesis.belief_in_words += ", most likely near " + signed_percent(roi[1]);
  return {};
}

base::Result<void> prepare(Options& options, const std::optional<profit::Economics>& economics) {
  if (!economics) {
    return base::input_error(
        "models are ranked by money: give --old-precision and --roi (a supposition about the old "
        "system), or --q, or --income and --cost");
  }
  options.ground.evaluation.order =
      options.order == "time" ? study::Order::kTime : study::Order::kShuffled;
  TRY_ASSIGN(options.run.threshold, study::threshold_rule_from(options.threshold));
  options.run.threads = options.ground.threads;
  if (options.run.folder.empty()) {
    if (options.data == "-")
      return base::input_error("--output says where the study of standard input is kept");
    options.run.folder = std::filesystem::path(options.data).stem().string() + "-study";
  }
  if (options.search > 0) {
    TRY_ASSIGN(options.searching.method, study::method_from(options.method));
    options.searching.trials = options.search;
    options.searching.seed = options.ground.seed;
    options.run.search = study::SearchPlan{options.learners, options.searching};
  }
  TRY(read_belief(options));
  for (const std::string& text : options.limits) {
    TRY_ASSIGN(profit::Limit limit, profit::parse_limit(text));
    options.analysis.limits.push_back(std::move(limit));
  }
  options.analysis.folder = options.run.folder;
  options.analysis.threshold = options.run.threshold;
  return {};
}

// Where a column holds the amounts, their mean stands for them in the economics.
base::Result<void> fill_mean(const data::Table& table, const std::string& column,
                             const char* option, std::optional<double>& amount) {
  if (column.empty()) return {};
  if (amount)
    return base::input_error(std::string(option) + " and " + option + "-column are two ways to " +
                             "say the same: give one");
  TRY_ASSIGN(const std::size_t at, table.index_of(column));
  const data::Column& found = table.columns()[at];
  if (!found.numeric() || found.missing() > 0)
    return base::input_error("column '" + column + "' must hold a number in every row");
  double sum = 0;
  for (const double value : found.numbers()) sum += value;
  amount = sum / static_cast<double>(table.rows());
  return {};
}

base::Result<std::optional<profit::Economics>> money_of(const data::Table& offers,
                                                        const Options& options) {
  MoneyOptions money = options.money;
  const bool by_row = !options.ground.income_column.empty() || !options.ground.cost_column.empty();
  if (by_row && (money.q || money.old_precision || money.roi)) {
    return base::input_error(
        "amounts of each row are money: give --income or --income-column, and --cost or "
        "--cost-column, in place of --q and --old-precision");
  }
  TRY(fill_mean(offers, options.ground.income_column, "--income", money.income));
  TRY(fill_mean(offers, options.ground.cost_column, "--cost", money.cost));
  return read_money(money);
}

base::Result<void> run(Options options) {
  if (options.list) {
    print_settings();
    return {};
  }
  const bool by_row = !options.ground.income_column.empty() || !options.ground.cost_column.empty();
  std::optional<profit::Economics> economics;
  if (!by_row) {
    // What is wrong with the options is said before a large file is read.
    TRY_ASSIGN(economics, read_money(options.money));
    TRY(prepare(options, economics));
  }
  if (options.ground.target.empty())
    return base::input_error("--target says which column holds whether the offer was accepted");
  study::Tables tables;
  TRY_ASSIGN(tables.offers, read_table(options.data, options));
  if (by_row) {
    TRY_ASSIGN(economics, money_of(tables.offers, options));
    TRY(prepare(options, economics));
  }
  TRY_ASSIGN(tables.validation, share_or_table(options.validation, options,
                                               options.ground.evaluation.validation_share));
  TRY_ASSIGN(tables.test,
             share_or_table(options.test, options, options.ground.evaluation.test_share));
  if (!options.test.empty() && options.ground.evaluation.folds > 0) {
    return base::input_error(
        "--folds tests on every row: leave --test away, or --folds to hold rows out");
  }
  TRY_ASSIGN(const study::Ground ground,
             study::Ground::prepare(std::move(tables), *economics, options.ground));
  if (!options.json) {
    ground.rounds().empty() ? print_ground(ground, options) : print_rounds(ground, options);
    if (!options.ground.control.empty()) print_controls(ground);
    for (const std::string& warning : ground.warnings())
      std::printf("warning: %s\n", warning.c_str());
  }
  TRY_ASSIGN(options.run.recipes, chosen_recipes(options, ground.attributes().size()));

  std::string note;
  const base::Progress line = progress_line("study", [&note] { return note; });
  TRY_ASSIGN(study::RunResult result,
             study::run(ground, options.run, stop_on_signal(), [&](const study::RunProgress& now) {
               if (!line) return;
               note =
                   now.best_rap ? "best RAP " + format_percent(now.best_rap) + ", " + now.best : "";
               line(static_cast<std::int64_t>(now.done), static_cast<std::int64_t>(now.total));
             }));
  if (result.resumed > 0 && !options.json)
    std::printf("%zu models were in %s already\n", result.resumed, options.run.folder.c_str());
  if (result.stopped) {
    return base::system_error("stopped after " + std::to_string(result.models.size()) +
                              " models; the same command goes on from there");
  }
  TRY_ASSIGN(const study::Analysis analysis,
             study::analyse(ground, std::move(result.models), options.analysis));
  TRY(write_reports(analysis, options.run.folder));
  if (options.json) {
    std::printf("%s\n", report::json(analysis).c_str());
  } else {
    print_ranking(analysis);
    std::printf("\n%s\n\nThe report is %s/report.html; the best models are in %s/models.\n",
                analysis.advice.c_str(), options.run.folder.c_str(), options.run.folder.c_str());
  }
  if (options.open) TRY(open_file(options.run.folder + "/report.html"));
  return {};
}

void add_data_options(CLI::App& command, Options& options) {
  command.add_option("data", options.data,
                     "CSV file of past offers with a header; - for standard input");
  command.add_option("--target", options.ground.target,
                     "Column that says whether the offer was accepted");
  command.add_option("--positive", options.ground.positive,
                     "Value of the target that means accepted (found for 0/1, yes/no, true/false, "
                     "sí/no, oui/non, ja/nein, …)");
  add_unlabelled_option(command, options.drop_unlabelled);
  command.add_option("--features", options.ground.features, "Columns to learn from (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--exclude", options.ground.exclude, "Columns to leave out")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--text", options.text_columns,
                  "Columns to read as text though they look like numbers")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--test", options.test,
                     "CSV file to test on, or the share of rows to hold out (default: 0.15)");
  command.add_option("--validation", options.validation,
                     "The same of the rows on which thresholds are chosen (default: 0.15)");
  command.add_option("--control", options.ground.control,
                     "COLUMN that is 1, or COLUMN=VALUE, for customers drawn by lot who got no "
                     "offer: measures what offers bring beyond what would have come anyway");
  command.add_option("--folds", options.ground.evaluation.folds,
                     "In place of --test: every row is tested once, by models of the other folds "
                     "(5 or 10, say); files then hold models of all rows");
  command
      .add_option("--repeats", options.ground.evaluation.repeats,
                  "All that so often, with other draws: how much of a figure was the draw's luck")
      ->capture_default_str();
  command
      .add_option("--order", options.order,
                  "shuffled, or time: the rows stand in the order of time, the last ones test")
      ->check(CLI::IsMember({"shuffled", "time"}))
      ->capture_default_str();
}

void add_model_options(CLI::App& command, Options& options) {
  options.generations = {"1", "3"};
  command
      .add_option(
          "--generations", options.generations,
          "1: 18 models of five families; 3: logistic regressions on 1, 2, … attributes; none")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"1", "3", "none"}))
      ->capture_default_str();
  command
      .add_option("--most-attributes", options.most_attributes,
                  "Where generation 3 ends, at the latest")
      ->capture_default_str();
  command.add_option("--recipes", options.recipes,
                     "JSON file of further models; --settings says what may stand in it");
  command.add_flag("--settings", options.list, "Lists what a recipe may hold, and ends");
  command.add_option("--search", options.search,
                     "So many further models, each chosen by those before");
  command
      .add_option("--method", options.method,
                  "How a search chooses: random, grid, tpe, halving or hyperband")
      ->check(CLI::IsMember({"random", "grid", "tpe", "halving", "hyperband"}))
      ->capture_default_str();
  options.learners = {std::string(study::kLogisticRegression), std::string(study::kDecisionTree),
                      std::string(study::kRandomForest), std::string(study::kGradientBoosting)};
  command.add_option("--learners", options.learners, "What a search chooses among")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      .add_option("--threshold", options.threshold,
                  "best: the most profitable on the validation rows; break-even: 1/q; half: 0.5")
      ->check(CLI::IsMember({"best", "break-even", "half"}))
      ->capture_default_str();
}

}  // namespace

Run setup_study(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  add_data_options(command, *options);
  add_model_options(command, *options);
  add_money_options(command, options->money);
  command
      .add_option("--income-column", options->ground.income_column,
                  "Column of the income expected of each row, in place of --income: models are "
                  "then ranked, and offers decided, by p·i − c")
      ->group("Money");
  command
      .add_option("--cost-column", options->ground.cost_column,
                  "Column of the cost of an offer to each row, in place of --cost")
      ->group("Money");
  command
      .add_option("--roi-range", options->roi_range,
                  "Where the old return may lie: lowest,highest or lowest,likeliest,highest; the "
                  "report then says how sure the choice is")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group("Money");
  command
      .add_option("--q-at-least", options->q_at_least,
                  "The same where no more is known than the least q")
      ->group("Money");
  command
      .add_option("--groups", options->analysis.groups,
                  "Columns by whose values the leaders' fairness is measured")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option(
          "--within", options->limits,
          "What a model must keep to be ranked: 'ns_a_row < 1000', 'parity_gap < 5%'; may be "
          "given several times")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  command.add_option("-o,--output", options->run.folder,
                     "Folder of the study (default: the data's name with -study)");
  command.add_option("--keep", options->run.keep, "So many of the best models are kept as PMML")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--seed", options->ground.seed, "Chooses rows, lots and proposals")
      ->capture_default_str();
  command
      .add_option("--threads", options->ground.threads,
                  "Models trained at a time; the figures are the same with any number")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_flag("--open", options->open, "Opens the report in the browser");
  command.add_flag("--json", options->json, "Prints the report as JSON");
  return [options] { return run(*options); };
}

}  // namespace cli

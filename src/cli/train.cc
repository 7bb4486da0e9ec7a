// SPDX-License-Identifier: Apache-2.0
// provecho train: from a CSV of past offers to a PMML file, with what it earns on rows it has not
// seen.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

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
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/unlabelled.h"
#include "cli/uplift_report.h"
#include "data/csv.h"
#include "learn/hold_out.h"
#include "pmml/write/write.h"

namespace cli {
namespace {

struct Options {
  std::string data, join, key, test = "0.3", test_join, output, report = "text", name, control;
  std::vector<std::string> text_columns;
  std::uint64_t seed = 1;
  bool drop_unlabelled = false;
  MoneyOptions money;
  learn::TrainOptions train;
};

base::Result<data::Table> read_joined(const std::string& path, const std::string& join,
                                      const Options& options) {
  const data::CsvOptions csv{.text_columns = {}, .threads = options.train.logistic.threads};
  data::CsvOptions own = csv;
  own.text_columns = options.text_columns;
  TRY_ASSIGN(data::Table table, data::read_csv(path, own));
  if (join.empty()) return table;
  TRY_ASSIGN(const data::Table other, data::read_csv(join, csv));
  base::Result<data::Table> joined = data::join(table, other, options.key);
  if (!joined) return base::input_error(path + " with " + join + ": " + joined.error().message);
  return joined;
}

base::Result<data::Table> read_table(const std::string& path, const std::string& join,
                                     const Options& options) {
  TRY_ASSIGN(data::Table table, read_joined(path, join, options));
  return without_unlabelled(std::move(table), path, options.train.target, options.drop_unlabelled);
}

void print_columns(const data::Table& table, const std::string& path) {
  std::printf("%s: %s rows, %zu columns\n", path.c_str(),
              base::format_count(static_cast<std::int64_t>(table.rows())).c_str(),
              table.columns().size());
  constexpr std::size_t kMostShown = 30;
  std::vector<std::vector<std::string>> rows;
  for (const data::Column& column :
       table.columns().first(std::min(kMostShown, table.columns().size()))) {
    const std::string values =
        column.numeric()
            ? ""
            : base::format_count(static_cast<std::int64_t>(column.categories().size()));
    rows.push_back({column.name(), std::string(data::name_of(column.type())), values,
                    base::format_count(static_cast<std::int64_t>(column.missing()))});
  }
  std::fputs(format_table({"column", "type", "values", "missing"}, rows).c_str(), stdout);
  if (table.columns().size() > kMostShown)
    std::printf("… and %zu more\n", table.columns().size() - kMostShown);
}

void print_notes(const std::vector<std::string>& notes,
                 const std::vector<learn::LeakWarning>& leaks) {
  for (const std::string& note : notes) std::printf("note: %s\n", note.c_str());
  for (const learn::LeakWarning& leak : leaks) {
    std::printf(
        "warning: column '%s' alone reaches an AUC of %s (the next best %s): if it is known only "
        "after the offer, "
        "leave it out with --exclude %s\n",
        leak.column.c_str(), base::format_fixed(leak.auc, 3).c_str(),
        base::format_fixed(leak.next_auc, 3).c_str(), leak.column.c_str());
  }
}

std::string count(std::size_t n) { return base::format_count(static_cast<std::int64_t>(n)); }

std::string percent(std::int64_t part, std::size_t whole) {
  return base::format_fixed(100 * static_cast<double>(part) / static_cast<double>(whole), 2) + " %";
}

void print_training(const learn::TrainedModel& model) {
  print_notes(model.notes, model.leaks);
  std::printf("trained on %s rows, %zu columns as %zu features, %s '%s'\n",
              count(model.rows).c_str(), model.features.size(), model.columns,
              percent(model.positives, model.rows).c_str(), model.positive.c_str());
  std::printf("%s after %d iterations: objective %s, gradient %s\n",
              model.fit.converged ? "converged" : "NOT converged", model.fit.iterations,
              base::format_fixed(model.fit.objective, 6).c_str(),
              base::format_double(model.fit.gradient_norm).c_str());
}

nlohmann::json leaks_json(const std::vector<learn::LeakWarning>& leaks) {
  nlohmann::json all = nlohmann::json::array();
  for (const learn::LeakWarning& leak : leaks)
    all.push_back({{"column", leak.column}, {"auc", leak.auc}, {"next_auc", leak.next_auc}});
  return all;
}

nlohmann::json report_json(const Options& options, const learn::TrainedAndTested& result,
                           const std::optional<profit::Economics>& economics) {
  const learn::TrainedModel& model = result.model;
  nlohmann::json nulls = nlohmann::json::array();
  for (const learn::Evaluation& evaluation : result.nulls)
    nulls.push_back(evaluation_json(evaluation));
  return {{"model", options.output},
          {"rows", model.rows},
          {"positives", model.positives},
          {"positive", model.positive},
          {"columns", model.features},
          {"features", model.columns},
          {"threshold", model.threshold},
          {"q", economics ? nlohmann::json(economics->q()) : nlohmann::json(nullptr)},
          {"fit",
           {{"objective", model.fit.objective},
            {"gradient", model.fit.gradient_norm},
            {"iterations", model.fit.iterations},
            {"converged", model.fit.converged}}},
          {"leaks", leaks_json(model.leaks)},
          {"notes", model.notes},
          {"test_rows", result.test_rows},
          {"test", evaluation_json(result.tested)},
          {"nulls", nulls}};
}

nlohmann::json uplift_json(const Options& options, const learn::TrainedAndTestedUplift& result,
                           const std::optional<profit::Economics>& economics) {
  const learn::TrainedUplift& model = result.model;
  return {{"model", options.output},
          {"rows", model.rows},
          {"controls", model.rows - model.treated},
          {"positives",
           {{"contacted", model.treated_positives}, {"controls", model.control_positives}}},
          {"positive", model.positive},
          {"columns", model.features},
          {"features", model.columns},
          {"threshold", model.threshold},
          {"q", economics ? nlohmann::json(economics->q()) : nlohmann::json(nullptr)},
          {"leaks", leaks_json(model.leaks)},
          {"notes", model.notes},
          {"test_rows", result.test_rows},
          {"test_controls", result.test_controls},
          {"ranking", beyond_controls_json(result.ranking)}};
}

void print_uplift(const Options& options, const learn::TrainedAndTestedUplift& result,
                  const std::optional<profit::Economics>& economics) {
  const learn::TrainedUplift& model = result.model;
  const std::size_t controls = model.rows - model.treated;
  print_notes(model.notes, model.leaks);
  std::printf(
      "trained on %s contacted (%s '%s') and %s controls (%s), %zu columns as %zu features\n",
      count(model.treated).c_str(), percent(model.treated_positives, model.treated).c_str(),
      model.positive.c_str(), count(controls).c_str(),
      percent(model.control_positives, controls).c_str(), model.features.size(), model.columns);
  std::printf(
      "\non %s held-out rows, %s of them controls, an offer where it adds more than %s to "
      "the probability%s; %s per 1,000 customers:\n",
      count(result.test_rows).c_str(), count(result.test_controls).c_str(),
      base::format_fixed(model.threshold, 4).c_str(),
      economics && !options.train.threshold
          ? (" (1/q, q = " + base::format_fixed(economics->q(), 2) + ")").c_str()
          : "",
      economics ? "money" : "acceptances");
  std::fputs(format_beyond_controls(result.ranking, result.test_rows, economics).c_str(), stdout);
  std::printf("\n%s\n", beyond_controls_sentence(result.ranking, economics).c_str());
  if (!economics)
    std::puts("no money was given (--q, or --income and --cost): offers cost nothing here");
  std::printf("saved as %s\n", options.output.c_str());
}

base::Result<void> run_uplift(const Options& options, const data::Table& table,
                              const data::Table* test, double test_share,
                              const std::optional<profit::Economics>& economics) {
  TRY_ASSIGN(const learn::ControlGroup group, learn::control_group(table, options.control));
  TRY_ASSIGN(
      const learn::TrainedAndTestedUplift result,
      learn::train_and_test_uplift(table, group, test, test_share, options.seed, options.train));
  TRY(base::write_file(options.output, pmml::write(result.model.document)));
  if (options.report == "json") {
    std::printf("%s\n", uplift_json(options, result, economics).dump(2).c_str());
  } else {
    print_uplift(options, result, economics);
  }
  return {};
}

base::Result<void> run(Options options) {
  if (options.join.empty() != options.key.empty())
    return base::input_error("--join and --on belong together");
  if (!options.test_join.empty() && options.join.empty())
    return base::input_error("--test-join needs --join");
  TRY_ASSIGN(const std::optional<profit::Economics> economics, read_money(options.money));
  options.train.economics = economics;
  options.train.name =
      options.name.empty() ? std::filesystem::path(options.output).stem().string() : options.name;
  if (!options.key.empty()) options.train.exclude.push_back(options.key);
  const bool json = options.report == "json";

  TRY_ASSIGN(const data::Table table, read_table(options.data, options.join, options));
  if (!json) print_columns(table, options.data);
  const std::optional<double> share = base::parse_double(options.test);
  std::optional<data::Table> test;
  if (!share) {
    TRY_ASSIGN(test, read_table(options.test, options.test_join, options));
  }
  if (!options.control.empty())
    return run_uplift(options, table, test ? &*test : nullptr, share.value_or(0), economics);
  TRY_ASSIGN(const learn::TrainedAndTested result,
             learn::train_and_test(table, test ? &*test : nullptr, share.value_or(0), options.seed,
                                   options.train));
  TRY(base::write_file(options.output, pmml::write(result.model.document)));
  if (json) {
    std::printf("%s\n", report_json(options, result, economics).dump(2).c_str());
    return {};
  }
  print_training(result.model);
  std::printf("\non %s held-out rows, an offer where the probability is above %s%s:\n",
              count(result.test_rows).c_str(),
              base::format_fixed(result.model.threshold, 4).c_str(),
              economics && !options.train.threshold
                  ? (" (1/q, q = " + base::format_fixed(economics->q(), 2) + ")").c_str()
                  : "");
  std::vector<learn::Evaluation> all = {result.tested};
  all.insert(all.end(), result.nulls.begin(), result.nulls.end());
  std::fputs(format_evaluations(all, economics).c_str(), stdout);
  if (!economics)
    std::puts(
        "no money was given (--q, or --income and --cost, or --old-precision and --roi): RAP is "
        "not known");
  std::printf("saved as %s\n", options.output.c_str());
  return {};
}

}  // namespace

Run setup_train(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("data", options->data, "CSV file with a header; - for standard input")
      ->required();
  command
      .add_option("--target", options->train.target,
                  "Column that says whether the offer was accepted")
      ->required();
  command.add_option("--positive", options->train.positive,
                     "Value of the target that means accepted (found for 0/1, yes/no, true/false, "
                     "sí/no, oui/non, ja/nein, …)");
  add_unlabelled_option(command, options->drop_unlabelled);
  command.add_option("--join", options->join, "CSV file whose columns are added, matched by --on");
  command.add_option("--on", options->key, "Key column of --join; not a feature");
  command.add_option("--features", options->train.features, "Columns to learn from (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--exclude", options->train.exclude, "Columns to leave out")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--text", options->text_columns,
                  "Columns to read as text though they look like numbers")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--test", options->test, "CSV file to test on, or the share of rows to hold out")
      ->capture_default_str();
  command.add_option("--test-join", options->test_join, "CSV file joined to the test file by --on");
  command
      .add_option("--c", options->train.logistic.c, "Strength of the data against the L2 penalty")
      ->capture_default_str();
  command.add_option("--control", options->control,
                     "COLUMN (1: control) or COLUMN=VALUE of customers who, by lot, got no offer: "
                     "learns what an offer changes, and whom it pays to make one");
  command.add_option("--threshold", options->train.threshold,
                     "Offer above this probability (default: 1/q, or 0.5 without money; with "
                     "--control above this difference of two, default 1/q or 0)");
  command.add_option("--seed", options->seed, "Chooses the held-out rows")->capture_default_str();
  command
      .add_option("--threads", options->train.logistic.threads,
                  "Threads; the model is the same with any number")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--name", options->name, "The model's name (default: the output file's)");
  command.add_option("-o,--output", options->output, "PMML file to write")->required();
  command.add_option("--report", options->report, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_money_options(command, options->money);
  return [options] { return run(*options); };
}

}  // namespace cli

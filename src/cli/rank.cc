// SPDX-License-Identifier: Apache-2.0
// provecho rank: PMML models side by side, by what they would have earned on held-out rows.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/figures.h"
#include "cli/money.h"
#include "cli/subcommand.h"
#include "cli/unlabelled.h"
#include "cli/uplift_report.h"
#include "data/csv.h"
#include "learn/beyond_controls.h"
#include "learn/control_group.h"
#include "learn/evaluate.h"
#include "pmml/read/read.h"

namespace cli {
namespace {

struct Options {
  std::vector<std::string> models;
  std::string test, join, key, target, positive, control;
  std::uint64_t seed = 1;
  MoneyOptions money;
  bool json = false, drop_unlabelled = false;
};

base::Result<pmml::Document> read_model(const std::string& path) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) return base::Error{document.error().kind, path + ": " + document.error().message};
  return document;
}

base::Result<data::Table> read_joined(const Options& options) {
  TRY_ASSIGN(data::Table table, data::read_csv(options.test));
  if (options.join.empty()) return table;
  TRY_ASSIGN(const data::Table other, data::read_csv(options.join));
  return data::join(table, other, options.key);
}

base::Result<data::Table> read_rows(const Options& options) {
  TRY_ASSIGN(data::Table table, read_joined(options));
  return without_unlabelled(std::move(table), options.test, options.target,
                            options.drop_unlabelled);
}

base::Result<void> rank_with_controls(const Options& options,
                                      std::span<const learn::Candidate> candidates,
                                      const data::Table& table,
                                      const profit::Economics& economics) {
  TRY_ASSIGN(const learn::ControlGroup group, learn::control_group(table, options.control));
  TRY_ASSIGN(const std::vector<std::uint8_t> treated, learn::treated_of(table, group));
  TRY_ASSIGN(const std::string positive, learn::common_positive(candidates, options.positive));
  TRY_ASSIGN(const learn::Labels labels, learn::read_labels(table, options.target, positive));
  TRY_ASSIGN(
      const std::vector<learn::BeyondControls> ranking,
      learn::rank_beyond_controls(candidates, {&table, &labels, treated}, economics, options.seed));
  const auto controls = std::ranges::count(treated, std::uint8_t{0});
  if (options.json) {
    const nlohmann::json result = {{"q", economics.q()},
                                   {"rows", table.rows()},
                                   {"controls", controls},
                                   {"ranking", beyond_controls_json(ranking)}};
    std::printf("%s\n", result.dump(2).c_str());
    return {};
  }
  std::printf("%s rows, %s of them controls, q = %s; money is per 1,000 customers\n",
              base::format_count(static_cast<std::int64_t>(table.rows())).c_str(),
              base::format_count(controls).c_str(), base::format_fixed(economics.q(), 2).c_str());
  std::fputs(format_beyond_controls(ranking, table.rows(), economics).c_str(), stdout);
  std::printf("\n%s\n", beyond_controls_sentence(ranking, economics).c_str());
  return {};
}

base::Result<void> run(const Options& options) {
  if (options.join.empty() != options.key.empty())
    return base::input_error("--join and --on belong together");
  TRY_ASSIGN(const std::optional<profit::Economics> economics, read_money(options.money));
  if (!economics) {
    return base::input_error(
        "models are ranked by money: give --q, or --income and --cost, or --old-precision and "
        "--roi");
  }
  std::vector<pmml::Document> documents;
  for (const std::string& path : options.models) {
    TRY_ASSIGN(pmml::Document document, read_model(path));
    documents.push_back(std::move(document));
  }
  std::vector<learn::Candidate> candidates;
  for (std::size_t i = 0; i < documents.size(); ++i)
    candidates.push_back({options.models[i], &documents[i]});
  TRY_ASSIGN(const data::Table table, read_rows(options));
  if (!options.control.empty()) return rank_with_controls(options, candidates, table, *economics);
  TRY_ASSIGN(const std::vector<learn::Evaluation> ranked,
             learn::rank(candidates, table, options.target, *economics, options.positive));
  if (options.json) {
    nlohmann::json models = nlohmann::json::array();
    for (const learn::Evaluation& evaluation : ranked)
      models.push_back(evaluation_json(evaluation));
    std::printf("%s\n",
                nlohmann::json{{"q", economics->q()}, {"rows", table.rows()}, {"ranking", models}}
                    .dump(2)
                    .c_str());
    return {};
  }
  std::printf("%s rows, q = %s\n",
              base::format_count(static_cast<std::int64_t>(table.rows())).c_str(),
              base::format_fixed(economics->q(), 2).c_str());
  std::fputs(format_evaluations(ranked, economics).c_str(), stdout);
  return {};
}

}  // namespace

Run setup_rank(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("models", options->models, "PMML files")->required();
  command.add_option("--test", options->test, "CSV file of rows that no model was trained on")
      ->required();
  command
      .add_option("--target", options->target, "Column that says whether the offer was accepted")
      ->required();
  command.add_option("--positive", options->positive,
                     "Value of the target that means accepted (default: the models')");
  add_unlabelled_option(command, options->drop_unlabelled);
  command.add_option("--join", options->join, "CSV file whose columns are added, matched by --on");
  command.add_option("--on", options->key, "Key column of --join");
  command.add_option("--control", options->control,
                     "COLUMN (1: control) or COLUMN=VALUE of customers who, by lot, got no offer: "
                     "ranks by what offers bring beyond what would have come anyway");
  command.add_option("--seed", options->seed, "Of the resampling behind Qini's intervals")
      ->capture_default_str();
  command.add_flag("--json", options->json, "Print JSON");
  add_money_options(command, options->money);
  return [options] { return run(*options); };
}

}  // namespace cli

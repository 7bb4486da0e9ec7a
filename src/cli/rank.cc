// SPDX-License-Identifier: Apache-2.0
// provecho rank: PMML models side by side, by what they would have earned on held-out rows.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/figures.h"
#include "cli/money.h"
#include "cli/subcommand.h"
#include "data/csv.h"
#include "learn/evaluate.h"
#include "pmml/read/read.h"

namespace cli {
namespace {

struct Options {
  std::vector<std::string> models;
  std::string test, join, key, target, positive;
  MoneyOptions money;
  bool json = false;
};

base::Result<pmml::Document> read_model(const std::string& path) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) return base::Error{document.error().kind, path + ": " + document.error().message};
  return document;
}

base::Result<data::Table> read_rows(const Options& options) {
  TRY_ASSIGN(data::Table table, data::read_csv(options.test));
  if (options.join.empty()) return table;
  TRY_ASSIGN(const data::Table other, data::read_csv(options.join));
  return data::join(table, other, options.key);
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
  command.add_option("--join", options->join, "CSV file whose columns are added, matched by --on");
  command.add_option("--on", options->key, "Key column of --join");
  command.add_flag("--json", options->json, "Print JSON");
  add_money_options(command, options->money);
  return [options] { return run(*options); };
}

}  // namespace cli

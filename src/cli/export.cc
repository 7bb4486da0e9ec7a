// SPDX-License-Identifier: Apache-2.0
// provecho export: the recorded sessions of an experiment as CSV, from its store. Of a platform
// that runs, GET /v1/experiments/N/export.csv gives the same.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <optional>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "base/number.h"
#include "cli/subcommand.h"
#include "trial/postgres_store.h"
#include "trial/session_csv.h"
#include "trial/sqlite_store.h"

namespace cli {
namespace {

struct Options {
  std::string folder = ".provecho/serve";
  std::string store;
  std::optional<std::int64_t> experiment;
  std::string output = "-";
};

base::Result<std::unique_ptr<trial::Store>> open_store(const Options& options) {
  if (!options.store.empty()) return trial::open_postgres({.url = options.store});
  const std::string path = options.folder + "/provecho.db";
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return base::input_error("there is no store '" + path + "': name its --folder, or its --store");
  return trial::open_sqlite({.path = path});
}

// The one named, or the last that has started.
base::Result<trial::ExperimentRow> choose(trial::Store& store, const Options& options) {
  TRY_ASSIGN(const std::vector<trial::ExperimentRow> rows, store.experiments());
  std::optional<trial::ExperimentRow> chosen;
  for (const trial::ExperimentRow& row : rows) {
    const bool named = options.experiment && row.id.value() == *options.experiment;
    const bool started = !options.experiment && row.started_at != base::Timestamp(0);
    if (named || started) chosen = row;
  }
  if (chosen) return *chosen;
  return base::input_error(options.experiment
                               ? "there is no experiment " + std::to_string(*options.experiment)
                               : "no experiment of this store has started");
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options));
  TRY_ASSIGN(const trial::ExperimentRow row, choose(*store, options));
  TRY_ASSIGN(base::OutputFile file, base::OutputFile::open(options.output));
  TRY(file.write(trial::session_csv_header()));
  std::int64_t sessions = 0;
  std::string text;
  base::Result<void> written;
  constexpr std::size_t kBlock = 1 << 16;
  TRY(store->each_session(row.id, [&](const trial::SessionRow& session) {
    ++sessions;
    trial::append_session_csv(session, row.plan.fallback_show, text);
    if (text.size() < kBlock || !written) return;
    written = file.write(text);
    text.clear();
  }));
  TRY(written);
  TRY(file.write(text));
  TRY(file.finish());
  std::fprintf(stderr, "%s sessions of experiment %lld, '%s'\n",
               base::format_count(sessions).c_str(), static_cast<long long>(row.id.value()),
               row.plan.name.c_str());
  return {};
}

}  // namespace

Run setup_export(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "For provecho aa, measure, value and analyse. While a platform runs over the store, ask it "
      "instead:\n  curl http://127.0.0.1:8080/v1/experiments/1/export.csv");
  command.add_option("--folder", options->folder, "Where the store is kept")->capture_default_str();
  command.add_option("--store", options->store, "The store on a PostgreSQL server")
      ->type_name("postgresql://…");
  command.add_option("--experiment", options->experiment,
                     "Its number (default: the last that has started)");
  command.add_option("-o,--output", options->output, "CSV file; - for standard output")
      ->capture_default_str();
  return [options] { return run(*options); };
}

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/store_options.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <system_error>
#include <vector>

#include "trial/postgres_store.h"
#include "trial/sqlite_store.h"

namespace cli {

void add_store_options(CLI::App& command, StoreOptions& options) {
  command.add_option("--folder", options.folder, "Where the store is kept")->capture_default_str();
  command.add_option("--store", options.store, "The store on a PostgreSQL server")
      ->type_name("postgresql://…");
  command.add_option("--experiment", options.experiment,
                     "Its number (default: the last that has started)");
}

base::Result<std::unique_ptr<trial::Store>> open_store(const StoreOptions& options) {
  if (!options.store.empty()) return trial::open_postgres({.url = options.store});
  const std::string path = options.folder + "/provecho.db";
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return base::input_error("there is no store '" + path + "': name its --folder, or its --store");
  return trial::open_sqlite({.path = path});
}

base::Result<trial::ExperimentRow> choose_experiment(trial::Store& store,
                                                     const StoreOptions& options) {
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

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// A store that no platform runs over, and one experiment of it, as options of a subcommand.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "trial/store.h"

namespace CLI {
class App;
}

namespace cli {

struct StoreOptions {
  std::string folder = ".provecho/serve";
  std::string store;  // "postgresql://…"; empty: the file in the folder.
  std::optional<std::int64_t> experiment;
};

void add_store_options(CLI::App& command, StoreOptions& options);

base::Result<std::unique_ptr<trial::Store>> open_store(const StoreOptions& options);

// The experiment named, or the last that has started.
base::Result<trial::ExperimentRow> choose_experiment(trial::Store& store,
                                                     const StoreOptions& options);

}  // namespace cli

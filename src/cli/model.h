// SPDX-License-Identifier: Apache-2.0
// The subcommands of `provecho model`, each in the file of its name.
#pragma once
#include "cli/subcommand.h"

namespace cli {

Run setup_model_show(CLI::App& command);
Run setup_model_check(CLI::App& command);
Run setup_model_diff(CLI::App& command);

}  // namespace cli

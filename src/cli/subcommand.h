// SPDX-License-Identifier: Apache-2.0
// A subcommand is one file: setup_<name> declares its options on the command it is given and
// returns what runs once they are parsed. Exit codes: 0 done, 1 the system failed, 2 the input is
// wrong (an Error's kind says which).
#pragma once
#include <functional>

#include "base/result.h"

namespace CLI {
class App;
}

namespace cli {

using Run = std::function<base::Result<void>()>;

Run setup_design(CLI::App& command);
Run setup_train(CLI::App& command);
Run setup_score(CLI::App& command);
Run setup_model(CLI::App& command);
Run setup_study(CLI::App& command);
Run setup_rank(CLI::App& command);
Run setup_plan(CLI::App& command);
Run setup_enrich(CLI::App& command);
Run setup_decide(CLI::App& command);
Run setup_shop(CLI::App& command);
Run setup_serve(CLI::App& command);
Run setup_user(CLI::App& command);
Run setup_export(CLI::App& command);
Run setup_verify(CLI::App& command);
Run setup_analyse(CLI::App& command);
Run setup_aa(CLI::App& command);
Run setup_measure(CLI::App& command);
Run setup_value(CLI::App& command);
Run setup_demo(CLI::App& command);

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// provecho model: what is in a PMML file, whether it is right, how two of them differ.
#include "cli/model.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace cli {

Run setup_model(CLI::App& command) {
  command.require_subcommand(1);
  const auto chosen = std::make_shared<Run>();  // Shared by the callbacks below and the answer.
  const auto add = [&](const char* name, const char* description, Run (*setup)(CLI::App&)) {
    CLI::App* const sub = command.add_subcommand(name, description);
    const Run run = setup(*sub);
    sub->callback([chosen, run] { *chosen = run; });
  };
  add("show", "Print what is in a model: inputs, outputs, size", setup_model_show);
  add("check", "Say whether a model can be scored, and whether its results are the expected ones",
      setup_model_check);
  add("diff", "Score rows by two models and say where they differ", setup_model_diff);
  return [chosen] { return (*chosen)(); };
}

}  // namespace cli

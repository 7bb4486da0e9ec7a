// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <cstdio>

#include "cli/subcommand.h"

namespace {

struct Subcommand {
  const char* name;
  const char* description;
  cli::Run (*setup)(CLI::App&);
};

// In the order of the way: what it is for, then each part of it.
constexpr Subcommand kSubcommands[] = {
    {"design", "how many customers an A/B test needs, and what it will say", cli::setup_design},
    {"shop", "A simulated shop whose truth is known: its files, its truth, its traffic", cli::setup_shop},
    {"train", "train a model from a CSV of past offers", cli::setup_train},
    {"rank", "compare models by what they would have earned", cli::setup_rank},
    {nullptr, nullptr, nullptr},
};

int exit_code(const base::Error& error) { return error.kind == base::ErrorKind::kInput ? 2 : 1; }

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"provecho: choose whom to make an offer to, by profit; serve it on Kafka; prove it by an A/B test"};
  app.set_version_flag("--version", "provecho " PROVECHO_VERSION);
  app.require_subcommand(1);
  cli::Run run;
  for (const Subcommand& subcommand : kSubcommands) {
    if (subcommand.name == nullptr) continue;
    CLI::App* command = app.add_subcommand(subcommand.name, subcommand.description);
    cli::Run this_run = subcommand.setup(*command);
    command->callback([&run, this_run] { run = this_run; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const base::Result<void> result = run();
  if (result) return 0;
  std::fprintf(stderr, "provecho: %s\n", result.error().message.c_str());
  return exit_code(result.error());
}

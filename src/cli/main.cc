// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "cli/subcommand.h"

namespace {

struct Subcommand {
  const char* name;
  const char* description;
  cli::Run (*setup)(CLI::App&);
};

// In the order of the way: what it is for, then each part of it.
constexpr Subcommand kSubcommands[] = {
    {"demo", "the whole way in one process: shop data, two models, live decisions, verdict",
     cli::setup_demo},
    {"design", "how many customers an A/B test needs, and what it will say", cli::setup_design},
    {"shop", "a simulated shop whose truth is known: its files, its truth, its traffic",
     cli::setup_shop},
    {"train", "train a model from a CSV of past offers", cli::setup_train},
    {"study", "train many models, choose by profit, say how sure that is", cli::setup_study},
    {"rank", "compare models by what they would have earned", cli::setup_rank},
    {"plan", "whom to contact first: so many offers, a budget, agents with hours", cli::setup_plan},
    {"score", "score the rows of a CSV by a model, of any size", cli::setup_score},
    {"model", "what is in a model, whether it is right, how two differ", cli::setup_model},
    {"enrich",
     "write what is known of each sampled customer on its topic: one of the two pipelines",
     cli::setup_enrich},
    {"decide",
     "join both topics by customer, score the model, publish each decision with its token",
     cli::setup_decide},
    {"serve", "the experiment platform: its topics, its store, its page", cli::setup_serve},
    {"user", "who may use the platform, with which role and token", cli::setup_user},
    {"export", "the recorded sessions of an experiment as CSV", cli::setup_export},
    {"verify", "replay an experiment from its records: the same verdict, to the bit",
     cli::setup_verify},
    {"analyse", "what a finished A/B test in a CSV shows", cli::setup_analyse},
    {"aa", "whether assignment and verdict keep their alpha on recorded customers", cli::setup_aa},
    {"measure", "what an experiment says of the q with which its candidate was chosen",
     cli::setup_measure},
    {"value", "what a model that was never run would have brought", cli::setup_value},
};

bool is_subcommand(std::string_view name) {
  return std::ranges::any_of(kSubcommands,
                             [&](const Subcommand& known) { return known.name == name; });
}

int exit_code(const base::Error& error) { return error.kind == base::ErrorKind::kInput ? 2 : 1; }

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "provecho: choose whom to make an offer to, by profit; serve it on Kafka; prove it by an A/B "
      "test"};
  app.set_version_flag("--version", "provecho " PROVECHO_VERSION);
  app.require_subcommand(1);
  std::string log_level = "warning";
  app.add_option("--log", log_level,
                 "What the loops log to standard error: debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  cli::Run run;
  for (const Subcommand& subcommand : kSubcommands) {
    CLI::App* command = app.add_subcommand(subcommand.name, subcommand.description);
    cli::Run this_run = subcommand.setup(*command);
    command->callback([&run, this_run] { run = this_run; });
  }
  if (argc == 1) {
    std::fprintf(stderr, "%s", app.help().c_str());
    return 2;
  }
  if (argv[1][0] != '-' && !is_subcommand(argv[1])) {
    std::fprintf(stderr, "provecho: there is no subcommand '%s'; provecho --help lists them\n",
                 argv[1]);
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  spdlog::set_default_logger(spdlog::stderr_logger_mt("provecho"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(log_level));
  const base::Result<void> result = run();
  if (result) return 0;
  std::fflush(stdout);  // What was said before the error is read before it.
  std::fprintf(stderr, "provecho: %s\n", result.error().message.c_str());
  return exit_code(result.error());
}

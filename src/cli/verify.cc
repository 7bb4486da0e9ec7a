// SPDX-License-Identifier: Apache-2.0
// provecho verify: replays an experiment from its records; the verdict must come out again, to the
// bit.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/number.h"
#include "cli/store_options.h"
#include "cli/subcommand.h"
#include "trial/trial.h"

namespace cli {
namespace {

base::Result<void> run(const StoreOptions& options) {
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options));
  TRY_ASSIGN(const trial::ExperimentRow row, choose_experiment(*store, options));
  TRY_ASSIGN(const std::unique_ptr<trial::Trial> trial,
             trial::Trial::open(*store, row.id, base::SystemClock().now()));
  TRY(trial->verify());
  const auto progress = trial->latest();
  std::printf("Experiment %lld, '%s', is %s. Plan %s is the one that was started.\n",
              static_cast<long long>(row.id.value()), row.plan.name.c_str(),
              std::string(trial::name(row.state)).c_str(), row.plan_hash.substr(0, 12).c_str());
  std::printf("%s sessions counted again: every figure is the same.\n",
              base::format_count(progress->sessions).c_str());
  if (progress->frozen)
    std::printf("Judged anew, to the bit: %s\n", progress->sentence.c_str());
  else
    std::printf("No verdict has been issued.\n");
  return {};
}

}  // namespace

Run setup_verify(CLI::App& command) {
  const auto options = std::make_shared<StoreOptions>();
  command.footer("While a platform runs over the store it holds it: verify a copy, or afterwards.");
  add_store_options(command, *options);
  return [options] { return run(*options); };
}

}  // namespace cli

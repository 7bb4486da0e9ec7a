// SPDX-License-Identifier: Apache-2.0
// provecho export: the recorded sessions of an experiment as CSV, from its store. Of a platform
// that runs, GET /v1/experiments/N/export.csv gives the same.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "base/output_file.h"
#include "base/number.h"
#include "cli/store_options.h"
#include "cli/subcommand.h"
#include "trial/session_csv.h"

namespace cli {
namespace {

struct Options {
  StoreOptions where;
  std::string output = "-";
  std::optional<int> candidate;  // From 1.
};

// Base and one candidate, as if there were no other.
base::Result<void> keep_one(const Options& options, trial::Plan& plan) {
  if (!options.candidate) return {};
  if (*options.candidate < 1 || *options.candidate > std::ssize(plan.further_candidates) + 1) {
    return base::input_error("--candidate " + std::to_string(*options.candidate) +
                             ": the experiment has " + std::to_string(trial::candidates_of(plan)));
  }
  plan.further_candidates.clear();
  return {};
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options.where));
  TRY_ASSIGN(trial::ExperimentRow row, choose_experiment(*store, options.where));
  TRY(keep_one(options, row.plan));
  TRY_ASSIGN(base::OutputFile file, base::OutputFile::open(options.output));
  TRY(file.write(trial::session_csv_header(row.plan)));
  std::int64_t sessions = 0;
  std::string text;
  base::Result<void> written;
  constexpr std::size_t kBlock = 1 << 16;
  TRY(store->each_session(row.id, [&](const trial::SessionRow& session) {
    if (!options.candidate) {
      trial::append_session_csv(session, row.plan, text);
    } else if (const auto pair =
                   trial::against_base(session, static_cast<event::System>(*options.candidate))) {
      trial::append_session_csv(*pair, row.plan, text);
    } else {
      return;
    }
    ++sessions;
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
  add_store_options(command, options->where);
  command.add_option("-o,--output", options->output, "CSV file; - for standard output")
      ->capture_default_str();
  command.add_option("--candidate", options->candidate,
                     "Of several, only this one and base, as if there were no other: 1, 2, …");
  return [options] { return run(*options); };
}

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// provecho aa: does the whole way from assignment to verdict keep its alpha on these customers?
// Base's recorded sessions are assigned anew many times; as nothing differs, wins are false.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/sessions.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "experiment/aa_calibration.h"
#include "experiment/money_words.h"

namespace cli {
namespace {

using experiment::Calibration;

struct Options {
  std::string sessions, output;
  std::int64_t runs = 1000;
  std::uint64_t seed = 1;
  double alpha = 0.05, ratio = 1;
  int sides = 1, looks = 1;
  bool by_disagreement = false, json = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

experiment::PlannedDesign plan_of(const Options& options) {
  experiment::PlannedDesign plan;
  plan.design.alpha = options.alpha;
  plan.design.effect_per_customer = 1;  // Of no account: nothing differs.
  plan.design.deviation = 1;
  plan.design.ratio = options.ratio;
  plan.design.sides = options.sides == 2 ? experiment::Sides::kTwo : experiment::Sides::kOne;
  plan.looks = options.looks;
  if (options.by_disagreement) plan.disagreement = experiment::ExpectedDisagreement{0.5, 1, {}};
  return plan;
}

nlohmann::ordered_json json_of(const Calibration& c, const Options& options) {
  return {{"format", "provecho-calibration"},
          {"version", 1},
          {"customers", c.customers},
          {"runs", c.runs},
          {"seed", options.seed},
          {"method", c.plan.disagreement ? "disagreement" : "everybody"},
          {"looks", c.plan.looks},
          {"level", c.level},
          {"better", c.better},
          {"worse", c.worse},
          {"no_verdict", c.no_verdict},
          {"fell_back", c.fell_back},
          {"accepted", {{"low", c.accepted.low}, {"high", c.accepted.high}}},
          {"distance", c.distance},
          {"uniformity_p", c.uniformity_p},
          {"histogram", c.histogram},
          {"passed", c.passed}};
}

// Twenty bars; each should be as long as the others.
void print_histogram(const Calibration& c) {
  const std::int64_t most = *std::max_element(c.histogram.begin(), c.histogram.end());
  constexpr std::int64_t kWidth = 50;
  std::printf("\np-values, of no gain:\n");
  for (std::size_t i = 0; i < c.histogram.size(); ++i) {
    const std::int64_t n = c.histogram[i];
    const double from = static_cast<double>(i) / static_cast<double>(c.histogram.size());
    std::printf(
        "  from %.2f %6lld %s\n", from, static_cast<long long>(n),
        std::string(static_cast<std::size_t>(most > 0 ? n * kWidth / most : 0), '#').c_str());
  }
}

void print(const Calibration& c) {
  const auto judged = static_cast<double>(c.runs - c.no_verdict);
  std::printf("%s customers served by base alone, assigned anew %s times, %s in the base arm%s\n",
              base::format_count(c.customers).c_str(), base::format_count(c.runs).c_str(),
              base::format_count(c.plan.customers).c_str(),
              c.plan.disagreement ? ", compared where the systems differ" : "");
  std::printf("false wins    %s of %s = %s; a sound way has %s to %s (alpha %s)\n",
              base::format_count(c.better).c_str(),
              base::format_count(c.runs - c.no_verdict).c_str(),
              experiment::percent(static_cast<double>(c.better) / judged, 1).c_str(),
              base::format_count(c.accepted.low).c_str(),
              base::format_count(c.accepted.high).c_str(), experiment::percent(c.level).c_str());
  std::printf("called worse  %s\n", base::format_count(c.worse).c_str());
  std::printf("no verdict    %s (health alarms)\n", base::format_count(c.no_verdict).c_str());
  if (c.plan.disagreement)
    std::printf("fell back     %s (to everybody)\n", base::format_count(c.fell_back).c_str());
  if (c.plan.looks == 1)
    std::printf("uniform       p = %s (Kolmogorov)\n",
                base::format_fixed(c.uniformity_p, 3).c_str());
  if (c.plan.looks == 1) print_histogram(c);
  std::printf("\n%s\n", c.passed ? "PASSED: alpha is what it says on these customers."
                                 : "FAILED: alpha is not what it says on these customers; no "
                                   "verdict of this way should be believed.");
}

base::Result<void> run(const Options& options) {
  TRY_ASSIGN(const RecordedSessions sessions, read_sessions(options.sessions));
  std::vector<experiment::LoggedCustomer> log;
  for (const RecordedSession& session : sessions.rows) {
    if (session.arm != experiment::Arm::kBase) continue;
    log.push_back(
        {session.customer, session.revenue, session.base_offers, session.candidate_offers});
  }
  const base::Progress line = progress_line("assigning anew");
  const auto progress = [&](std::int64_t done) {
    if (line) line(done, options.runs);
  };
  TRY_ASSIGN(const Calibration calibration,
             experiment::calibrate(log, plan_of(options), options.runs, options.seed,
                                   options.threads, progress));
  const std::string json = json_of(calibration, options).dump(2) + "\n";
  if (!options.output.empty()) TRY(base::write_file(options.output, json));
  if (options.json)
    std::fputs(json.c_str(), stdout);
  else
    print(calibration);
  if (!calibration.passed) return base::system_error("the calibration failed");
  return {};
}

}  // namespace

Run setup_aa(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.footer(
      "Every logged customer was served by base, so whoever is assigned to which arm makes no "
      "difference: an\nexperiment that is sound finds one in a share alpha of the runs, within "
      "binomial bounds that it leaves with a\nchance of 0.1 %. Exit code 1 where it does not. "
      "`provecho serve` shows FOLDER/calibration.json on its page:\n  provecho export --folder F "
      "-o sessions.csv && provecho aa sessions.csv -o F/calibration.json");
  command
      .add_option("sessions", options->sessions,
                  "Recorded sessions (provecho export); only base's arm is used")
      ->required();
  command.add_option("--runs", options->runs, "How often they are assigned anew")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command.add_option("--seed", options->seed, "Of the assignments")->capture_default_str();
  command.add_option("--alpha", options->alpha, "As planned")->capture_default_str();
  command.add_option("--sides", options->sides, "As planned")
      ->check(CLI::IsMember({1, 2}))
      ->capture_default_str();
  command.add_option("--ratio", options->ratio, "As planned")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--looks", options->looks, "As planned")
      ->check(CLI::Range(1, experiment::kMostLooks))
      ->capture_default_str();
  command.add_flag("--by-disagreement", options->by_disagreement,
                   "Compare only customers on whom the systems differ");
  command.add_option("--threads", options->threads, "Work side by side")
      ->check(CLI::Range(1, 1024));
  command.add_option("-o,--output", options->output, "Also writes the result here, as JSON");
  command.add_flag("--json", options->json, "Print JSON");
  return [options] { return run(*options); };
}

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// The whole story in one process: shop data → two models → a platform on its brokers → customers →
// a verdict.
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/number.h"
#include "cli/demo_models.h"
#include "cli/kafka_storefront.h"
#include "cli/running_platform.h"
#include "cli/running_system.h"
#include "cli/subcommand.h"
#include "cli/terminal.h"
#include "cli/verdict_report.h"
#include "experiment/forecast.h"
#include "experiment/planned_design.h"
#include "pmml/write/write.h"
#include "shop/directory.h"
#include "shop/model_decider.h"
#include "shop/simulator.h"
#include "trial/sqlite_store.h"
#include "trial/token.h"

namespace cli {
namespace {

// Sessions a second that a person can watch on the page: the designed experiment takes some twenty
// seconds.
constexpr double kWatchableRate = 500;

struct DemoOptions {
  std::string folder = ".provecho/demo";
  bool fresh = false;
  bool once = false;
  std::string host = "127.0.0.1";
  std::optional<std::uint16_t> port;
  TransportOptions transport;
  std::int64_t training_rows = 335'000;
  std::int64_t held_out_rows = 165'000;
  std::uint64_t seed = 2019;
  experiment::Design design{.effect_per_customer = 0.70, .deviation = 15};
  std::optional<std::int64_t> customers;
  std::int64_t dry_run = 0;  // Customers of a dry run before the experiment; 0: none.
  int looks = 1;
  std::int64_t deadline_ms = 2'000;
  std::int64_t open_limit = 500;
  std::optional<double> rate;
  shop::Money money;
};

// What an interrupted run has left: the sessions that the platform holds no end of, and the first
// that never was.
struct Resumption {
  trial::ExperimentRow experiment;
  std::int64_t first_session = 1;
  std::vector<std::int64_t> reopen;
};

void heading(int number, const char* text) { std::printf("\n%d  %s\n", number, text); }

base::Result<std::optional<Resumption>> interrupted_run(const std::string& folder) {
  const std::string path = folder + "/provecho.db";
  if (!std::filesystem::exists(path)) return std::optional<Resumption>{};
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, trial::open_sqlite({.path = path}));
  TRY_ASSIGN(const std::vector<trial::ExperimentRow> rows, store->experiments());
  for (const trial::ExperimentRow& row : rows) {
    if (!trial::alive(row.state)) continue;
    Resumption resumption{.experiment = row, .first_session = 1, .reopen = {}};
    std::set<std::int64_t> closed;
    TRY(store->each_session(row.id, [&](const trial::SessionRow& session) {
      const std::int64_t id = session.session.value();
      if (session.closing != trial::Closing::kOpen) closed.insert(id);
      resumption.first_session = std::max(resumption.first_session, id + 1);
    }));
    // A session that was announced but is unknown to the store died with the broker's memory: it is
    // announced again.
    for (std::int64_t id = 1; id < resumption.first_session; ++id) {
      if (!closed.contains(id)) resumption.reopen.push_back(id);
    }
    return std::optional(std::move(resumption));
  }
  return std::optional<Resumption>{};
}

// Only what a demo has written: the folder may be anybody's.
void remove_earlier_run(const std::string& folder) {
  std::error_code ignored;
  for (const char* name : {"train.csv", "held-out.csv", "base.pmml", "candidate.pmml",
                           "provecho.db", "provecho.db-wal", "provecho.db-shm", "kafka"}) {
    std::filesystem::remove_all(folder + "/" + name, ignored);
  }
}

trial::Plan plan_of(const DemoOptions& options, const DemoModels& models,
                    experiment::PlannedDesign design) {
  trial::Plan plan;
  plan.name = "Show the new category?";
  plan.hypothesis =
      "Knowing what a customer has bought before, the candidate earns more than the base, which "
      "knows age and sex.";
  plan.base = {"base: age and sex", trial::sha256_hex(pmml::write(models.base))};
  plan.candidate = {"candidate: age, sex and purchases",
                    trial::sha256_hex(pmml::write(models.candidate))};
  plan.design = std::move(design);
  plan.decision_deadline_ms = options.deadline_ms;
  plan.environment = "demo";
  return plan;
}

base::Result<trial::StartedTokens> start(const trial::Plan& plan, trial::Desk& desk,
                                         trial::ExperimentId* id) {
  const trial::StartCheck check = desk.check_start(plan);
  if (!check.may_start()) {
    std::string why = check.coherence.sentence;
    for (const std::string& problem : check.problems) why += (why.empty() ? "" : "\n  ") + problem;
    return base::input_error("this experiment cannot start: " + why);
  }
  std::printf("Started with %s customers%s: %s\n",
              base::format_count(plan.design.customers).c_str(),
              plan.design.dry_run ? "" : " an arm", check.coherence.sentence.c_str());
  TRY_ASSIGN(*id, desk.create(plan, "demo"));
  TRY_ASSIGN(trial::StartedTokens tokens, desk.start(*id, "demo"));
  std::printf("The candidate's token, shown once: %s\n", tokens.candidate.c_str());
  return tokens;
}

// The experiment as a person would configure it: first with fewer customers than the promise takes,
// which is refused. `forecast`: of a dry run that came before.
base::Result<trial::StartedTokens> configure(const DemoOptions& options, const DemoModels& models,
                                             const std::optional<experiment::Forecast>& forecast,
                                             trial::Desk& desk, trial::ExperimentId* id) {
  experiment::PlannedDesign design{.design = options.design};
  if (forecast) design = forecast->suggested;
  design.looks = options.looks;
  design.customers_per_day.reset();  // A simulated day is as long as one likes.
  TRY_ASSIGN(const std::int64_t needed, experiment::customers_needed(design));
  if (!options.customers) {
    design.customers = needed * 7 / 8;
    const trial::StartCheck hasty = desk.check_start(plan_of(options, models, design));
    std::printf("Asked for with %s customers an arm, it is refused:\n  %s\n",
                base::format_count(needed * 7 / 8).c_str(), hasty.coherence.sentence.c_str());
  }
  design.customers = options.customers.value_or(needed);
  return start(plan_of(options, models, design), desk, id);
}

// Drives the shop until every customer that the experiment needs has come and gone, and moves on to
// the first session that never was.
base::Result<void> let_customers_come(const DemoOptions& options, Resumption& resumption,
                                      RunningPlatform& platform, const RunningSystem& candidate,
                                      const std::stop_token& stop) {
  TRY_ASSIGN(const std::unique_ptr<KafkaStorefront> storefront,
             KafkaStorefront::connect(platform.transport(), {}));
  shop::SimulatorOptions simulation;
  simulation.seed = options.seed + 1;
  simulation.open_limit = options.open_limit;
  simulation.sessions_per_second = options.rate.value_or(options.once ? 0 : kWatchableRate);
  simulation.first_session = resumption.first_session;
  simulation.reopen = resumption.reopen;
  const base::Progress progress = progress_line("customers");
  base::Result<void> failed;
  const auto enrolled = [&] {
    const auto now = platform.desk().latest(resumption.experiment.id);
    if (now == nullptr) return false;
    if (!trial::alive(now->experiment.state)) return true;
    // Only of a plan that compares everybody at one look is the end known before it comes.
    const experiment::PlannedDesign& plan = now->experiment.plan.design;
    return !plan.disagreement && plan.looks == 1 && now->arms[0].enrolled >= now->arms[0].target &&
           now->arms[1].enrolled >= now->arms[1].target;
  };
  std::stop_source ended;
  const std::stop_callback forward(stop, [&ended] { ended.request_stop(); });
  shop::Simulator simulator(simulation, options.money, *storefront, platform.clock());
  const auto look = [&](const shop::Traffic&) {
    if (const auto now = platform.desk().latest(resumption.experiment.id);
        now != nullptr && progress) {
      const std::int64_t target = now->arms[0].target + now->arms[1].target;
      progress(std::min(now->arms[0].closed + now->arms[1].closed, target), target);
    }
    for (auto healthy : {platform.health(), candidate.health()}) {
      if (!healthy && failed) {
        failed = std::move(healthy);
        ended.request_stop();
      }
    }
  };
  TRY_ASSIGN(const shop::Traffic traffic, simulator.run(ended.get_token(), enrolled, look));
  resumption.first_session += traffic.opened;
  resumption.reopen.clear();
  return failed;
}

// The last records are on their way when the last session has closed.
base::Result<std::shared_ptr<const trial::Progress>> wait_for_verdict(RunningPlatform& platform,
                                                                      trial::ExperimentId id,
                                                                      const std::stop_token& stop) {
  for (;;) {
    TRY(platform.health());
    TRY_ASSIGN(std::shared_ptr<const trial::Progress> progress, platform.desk().progress(id));
    if (!trial::alive(progress->experiment.state) || stop.stop_requested()) return progress;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

// One experiment from its first customer to its end, or to Ctrl-C.
base::Result<std::shared_ptr<const trial::Progress>> live(
    const DemoOptions& options, Resumption& where, const std::string& token,
    const DemoModels& models, RunningPlatform& platform, const std::stop_token& stop) {
  stream::DecideOptions decide;
  decide.tokens = {token};
  decide.group = "provecho-candidate";
  decide.membership = kafka::Membership::kAlone;
  TRY_ASSIGN(const std::unique_ptr<RunningSystem> candidate,
             RunningSystem::start(platform.transport(), models.candidate, std::move(decide),
                                  platform.clock()));
  const auto opening = std::chrono::steady_clock::now();
  TRY(let_customers_come(options, where, platform, *candidate, stop));
  TRY_ASSIGN(std::shared_ptr<const trial::Progress> progress,
             wait_for_verdict(platform, where.experiment.id, stop));
  TRY(candidate->stop());
  if (trial::alive(progress->experiment.state)) {
    std::printf("\nInterrupted before the verdict. The same command goes on from here.\n");
  } else {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - opening;
    std::printf("%s sessions in %.1f s\n", base::format_count(progress->sessions).c_str(),
                passed.count());
  }
  return progress;
}

base::Result<void> print_truth(const DemoOptions& options, const DemoModels& models) {
  TRY_ASSIGN(const shop::Decider base, shop::model_decider(models.base, 0.5));
  TRY_ASSIGN(const shop::Decider candidate, shop::model_decider(models.candidate, 0.5));
  const shop::SampledReach sampled = shop::sampled_reach(
      shop::Population(options.seed + 1), shop::kFirstLiveUuid, 200'000, base, candidate);
  std::printf(
      "The simulated shop knows the truth, which the verdict never saw: %+.2f $ per customer.\n",
      shop::gain(options.money, sampled.base, sampled.candidate));
  return {};
}

base::Result<void> run(const DemoOptions& options) {
  const std::stop_token stop = stop_on_signal();
  // Opened even for a fresh start: a run that is still up holds its store, and keeps it.
  TRY_ASSIGN(std::optional<Resumption> resumption, interrupted_run(options.folder));
  if (options.fresh) resumption.reset();
  if (!resumption) remove_earlier_run(options.folder);
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) {
    return base::input_error("cannot make the folder '" + options.folder + "': " + error.message());
  }

  heading(1, "Two systems from the shop's past customers");
  DemoModels models;
  if (resumption) {
    std::printf("An earlier run was interrupted: its experiment goes on (--fresh starts over).\n");
    TRY_ASSIGN(models, read_demo_models(options.folder));
  } else {
    DemoModelOptions training{.folder = options.folder,
                              .training_rows = options.training_rows,
                              .held_out_rows = options.held_out_rows,
                              .seed = options.seed,
                              .money = options.money};
    TRY_ASSIGN(models, train_demo_models(training));
  }

  heading(2, "The platform");
  const shop::Directory customers{shop::Population(options.seed + 1)};
  RunningPlatformOptions house{.folder = options.folder,
                               .host = options.host,
                               .port = options.port.value_or(8080),
                               .any_port_if_taken = !options.port,
                               .transport = options.transport,
                               .customers = &customers,
                               .base = &models.base};
  TRY_ASSIGN(const std::unique_ptr<RunningPlatform> platform, RunningPlatform::start(house));
  std::printf("Topics:  %s\nPage:    %s\n", platform->transport().describe().c_str(),
              platform->page().c_str());

  trial::Desk& desk = platform->desk();
  std::optional<experiment::Forecast> forecast;
  int step = 3;
  std::string token;
  Resumption where;
  if (resumption) {
    where = *std::move(resumption);
    heading(step++, "The experiment goes on");
    TRY_ASSIGN(token, desk.issue_token(where.experiment.id, event::System::kCandidate, "demo"));
    std::printf(
        "%s sessions are settled, %s open ones are taken up.\n",
        base::format_count(where.first_session - 1 - static_cast<std::int64_t>(where.reopen.size()))
            .c_str(),
        base::format_count(static_cast<std::int64_t>(where.reopen.size())).c_str());
  } else if (options.dry_run > 0) {
    heading(step++, "A dry run: both systems decide, base serves everybody");
    experiment::PlannedDesign design{.design = options.design, .customers = options.dry_run};
    design.dry_run = true;
    TRY_ASSIGN(const trial::StartedTokens tokens,
               start(plan_of(options, models, design), desk, &where.experiment.id));
    where.experiment.plan.design = design;
    token = tokens.candidate;
  }
  std::shared_ptr<const trial::Progress> progress;
  if (where.experiment.plan.design.dry_run) {
    TRY_ASSIGN(progress, live(options, where, token, models, *platform, stop));
    if (trial::alive(progress->experiment.state)) return platform->stop();
    forecast = progress->forecast;
    if (forecast) std::printf("Forecast: %s\n", forecast->sentence.c_str());
    where.experiment = {};
    token.clear();
  }
  if (token.empty()) {
    heading(step++, "The experiment");
    TRY_ASSIGN(const trial::StartedTokens tokens,
               configure(options, models, forecast, desk, &where.experiment.id));
    token = tokens.candidate;
  }

  heading(step++,
          "Customers come; both systems decide for each of them, the assigned one is executed");
  TRY_ASSIGN(progress, live(options, where, token, models, *platform, stop));
  if (trial::alive(progress->experiment.state)) return platform->stop();

  heading(step++, "The verdict");
  print_verdict(*progress);
  TRY(print_truth(options, models));

  if (!options.once) {
    std::printf("\nThe page stays up at %s until you press Ctrl-C.\n", platform->page().c_str());
    std::fflush(stdout);
    while (!stop.stop_requested()) {
      TRY(platform->health());
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  return platform->stop();
}

}  // namespace

Run setup_demo(CLI::App& command) {
  auto options = std::make_shared<DemoOptions>();
  DemoOptions& o = *options;
  command.footer(
      "Starts everything in one process and needs nothing beside it. Interrupted (Ctrl-C, or "
      "killed), it goes on where it was.");
  command.add_flag("--once", o.once, "Exit at the verdict instead of keeping the page up");
  command.add_flag("--fresh", o.fresh, "Start over, even if an earlier run was interrupted");
  command
      .add_option("--folder", o.folder,
                  "Where data, models and the store are kept; replaced by a new run")
      ->capture_default_str();
  command.add_option("--host", o.host, "Address of the page")->capture_default_str();
  command.add_option("--port", o.port,
                     "Port of the page; 0 takes any free one [8080, or any if that is taken]");
  add_platform_options(command, o.transport);
  command.add_option("--rows", o.training_rows, "Past customers to learn from")
      ->capture_default_str()
      ->check(CLI::Range(1'000, 50'000'000));
  command.add_option("--held-out", o.held_out_rows, "Past customers to compare on")
      ->capture_default_str()
      ->check(CLI::Range(1'000, 50'000'000));
  command.add_option("--seed", o.seed, "Of the shop's population")->capture_default_str();
  command.add_option("--alpha", o.design.alpha, "Chance of calling a candidate better that is not")
      ->capture_default_str();
  command
      .add_option("--power", o.design.power,
                  "Chance of calling one better that is better by the effect")
      ->capture_default_str();
  command.add_option("--effect", o.design.effect_per_customer, "Gain per customer worth having, $")
      ->capture_default_str();
  command
      .add_option("--deviation", o.design.deviation,
                  "Standard deviation of revenue per customer, $")
      ->capture_default_str();
  command.add_option("--customers", o.customers,
                     "Customers an arm [as many as the numbers above need]");
  command
      .add_option("--dry-run", o.dry_run,
                  "Customers of a dry run before the experiment, which then compares only those on "
                  "whom the systems differ")
      ->check(CLI::Range(100, 10'000'000));
  command.add_option("--looks", o.looks, "Planned looks at which the experiment may end early")
      ->capture_default_str()
      ->check(CLI::Range(1, experiment::kMostLooks));
  command
      .add_option("--deadline-ms", o.deadline_ms,
                  "Time for a decision; then the fallback (do not show)")
      ->capture_default_str();
  command.add_option("--open", o.open_limit, "Sessions open at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 2'000));
  command.add_option("--rate", o.rate,
                     "Sessions a second at most; 0: as fast as they close [500, so that one can "
                     "watch; 0 with --once]");
  return [options] { return run(*options); };
}

}  // namespace cli

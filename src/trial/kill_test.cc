// SPDX-License-Identifier: Apache-2.0
// A process that lives an experiment is killed with SIGKILL again and again, at random moments, and
// started again. Its inputs come again, either from a little before where the last commit stood (at
// least once) or from the position that the commit itself kept. At the end every figure equals that
// of a life without interruption, to the bit. So too where the database's server is what is killed.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/number.h"
#include "base/random.h"
#include "trial/registry.h"
#include "trial/sqlite_store.h"
#include "trial/store_bed_test.h"
#include "trial/verdict_text.h"

namespace trial {
namespace {

constexpr std::uint64_t kSeed = 20191118;
constexpr std::int64_t kCustomersPerArm = 2000;
constexpr int kKills = 60;
constexpr int kServerKills = 12;
constexpr std::int64_t kBatch = 50;  // Inputs of one commit.

Plan plan() {
  Plan plan;
  plan.name = "killed";
  plan.base = {.id = "base", .model_digest = ""};
  plan.candidate = {.id = "candidate", .model_digest = ""};
  plan.design.design.effect_per_customer = 2;
  plan.design.design.deviation = 15;
  plan.design.customers = kCustomersPerArm;
  plan.decision_deadline_ms = 500;
  plan.salt = "kill-test";
  return plan;
}

enum class Source {
  kAtLeastOnce,  // Remembers by itself how far it was read, and repeats a little.
  kPositioned,   // Goes on at the position in the store.
};

// One input of the script.
struct Step {
  enum Kind { kOpen, kBase, kCandidate, kRevenue, kTick } kind;
  std::int64_t customer = 0;
  std::int64_t session = 0;
  bool show = false;
  std::int64_t cents = 0;
  base::Timestamp at;
};

// Customers come; systems decide, sometimes too late or never; sessions end, some never. What an
// at-least-once source repeats is judged by how things stand then, so its script leaves out what
// time may make right or wrong: second visits (a repeated decision would be taken for the later
// visit's) and shops that report revenue before they are told what to do.
std::vector<Step> script(Source source) {
  const bool harsh = source == Source::kPositioned;
  base::Random random(kSeed);
  std::vector<Step> steps;
  base::Timestamp now(1'700'000'000'000'000);
  const auto step = [&](Step::Kind kind, std::int64_t customer, std::int64_t session, bool show,
                        std::int64_t cents) {
    now = now + base::Duration(100 + static_cast<std::int64_t>(random.below(2000)));
    steps.push_back({kind, customer, session, show, cents, now});
  };
  std::int64_t session = 0;
  for (std::int64_t customer = 1; customer <= 2 * kCustomersPerArm + 400; ++customer) {
    const int visits = harsh && random.bernoulli(0.1) ? 2 : 1;
    for (int visit = 0; visit < visits; ++visit) {
      step(Step::kOpen, customer, ++session, false, 0);
      bool silent = random.bernoulli(0.02);
      if (!silent) step(Step::kBase, customer, session, random.bernoulli(0.3), 0);
      if (random.bernoulli(0.02)) {
        now = now + base::Duration(600'000);
        step(Step::kTick, 0, 0, false, 0);
      }
      if (random.bernoulli(0.02))
        silent = true;
      else
        step(Step::kCandidate, customer, session, random.bernoulli(0.5), 0);
      if (harsh ? random.bernoulli(0.05) : silent) {
        now = now + base::Duration(600'000);
        step(Step::kTick, 0, 0, false, 0);
      }
      if (!random.bernoulli(0.03))
        step(Step::kRevenue, customer, session, false,
             static_cast<std::int64_t>(random.below(9000)));
    }
  }
  now = now + base::Duration(3'600'000'000);
  step(Step::kTick, 0, 0, false, 0);  // Everything that is still open ends.
  return steps;
}

void apply(Trial& trial, const StartedTokens& tokens, const Step& step) {
  trial.expire(step.at);
  const event::CustomerId customer(step.customer);
  const event::SessionId session(step.session);
  switch (step.kind) {
    case Step::kOpen:
      trial.open_session({customer, session}, step.at);
      break;
    case Step::kBase:
      trial.record_decision(event::System::kBase, {customer, step.show, tokens.base}, step.at);
      break;
    case Step::kCandidate:
      trial.record_decision(event::System::kCandidate, {customer, step.show, tokens.candidate},
                            step.at);
      break;
    case Step::kRevenue:
      trial.record_revenue({customer, session, base::Cents(step.cents), false}, step.at);
      break;
    case Step::kTick:
      break;
  }
  trial.clear_outbox();
}

// Everything that must not depend on interruptions: the figures, the series, the verdict, every
// stored session.
std::string figures(Store& store, ExperimentId id) {
  auto trial = Trial::open(store, id, base::Timestamp(1));
  if (!trial) return trial.error().message;
  if (const auto counted = (*trial)->recount(); !counted) return counted.error().message;
  const Progress progress = (*trial)->progress(base::Timestamp(1));
  std::string text =
      std::string(name(progress.experiment.state)) + "\n" + verdict_text(progress.verdict);
  for (std::size_t i = 0; i < 2; ++i) {
    const ArmProgress& arm = progress.arms[i];
    const SystemProgress& system = progress.systems[i];
    for (const std::int64_t figure :
         {arm.enrolled, arm.closed, arm.total.value(), arm.shown, system.decisions, system.late,
          system.missing, system.shown, system.timeouts}) {
      text += std::to_string(figure) + " ";
    }
    text += base::format_double(system.latency_p99_ms) + "\n";
  }
  for (const SeriesPoint& point : progress.series) {
    text += std::to_string(point.customers_closed) + " " + base::format_double(point.estimate) +
            " " + base::format_double(point.lower) + "\n";
  }
  std::int64_t sessions = 0;
  std::uint64_t fingerprint = 0;
  EXPECT_TRUE(store.each_session(id, [&](const SessionRow& row) {
    ++sessions;
    for (const std::int64_t value :
         {row.session.value(), row.customer.value(), row.opened_at.micros(),
          row.executed_at.micros(), row.closed_at.micros(), row.revenue.value(),
          row.words[0].latency.count(), row.words[1].latency.count(),
          static_cast<std::int64_t>(row.counted) + 2 * static_cast<std::int64_t>(row.arm) +
              4 * static_cast<std::int64_t>(row.executed) +
              16 * static_cast<std::int64_t>(row.reason) +
              64 * static_cast<std::int64_t>(row.words[0].word) +
              256 * static_cast<std::int64_t>(row.words[1].word) +
              1024 * static_cast<std::int64_t>(row.closing)}) {
      fingerprint = base::mix64(fingerprint ^ static_cast<std::uint64_t>(value));
    }
  }));
  return text + std::to_string(sessions) + " sessions, fingerprint " + std::to_string(fingerprint);
}

// How far the child has come, in memory that outlives it.
struct Shared {
  std::atomic<std::int64_t> committed{0};
};

[[noreturn]] void live(const StoreBed& bed, const std::vector<Step>& steps,
                       const StartedTokens& tokens, Source source, Shared& shared) {
  auto store = bed.open();
  if (!store) _exit(2);
  auto registry = Registry::open(**store, base::Timestamp(1));
  if (!registry || (*registry)->live().empty()) _exit(3);
  Trial& trial = *(*registry)->live().all().front();
  const auto count = static_cast<std::int64_t>(steps.size());
  std::int64_t next = source == Source::kPositioned ? trial.position("script").value_or(0)
                                                    : shared.committed.load();
  while (next < count) {
    const std::int64_t end = std::min(next + kBatch, count);
    for (; next < end; ++next) apply(trial, tokens, steps[static_cast<std::size_t>(next)]);
    trial.set_position("script", next);
    if (!trial.commit()) _exit(4);
    // Killed between these two lines, the at-least-once source repeats all of this batch.
    shared.committed = next;
  }
  _exit(0);
}

class Killed : public ::testing::TestWithParam<std::tuple<Database, Source>> {
 protected:
  void SetUp() override {
    if (!bed.missing().empty()) GTEST_SKIP() << bed.missing();
    ASSERT_TRUE(bed.ready()) << "the PostgreSQL server does not start";
  }

  // What an uninterrupted life ends with.
  void live_calmly() {
    auto calm = open_sqlite({});
    ASSERT_TRUE(calm);
    auto registry = Registry::open(**calm, base::Timestamp(1));
    id = *(*registry)->create(plan(), {"test", base::Timestamp(1)});
    const StartedTokens calm_tokens = *(*registry)->start(id, {"test", base::Timestamp(2)});
    std::int64_t in_batch = 0;
    for (const Step& step : steps) {
      apply(*(*registry)->live().all().front(), calm_tokens, step);
      if (++in_batch % kBatch != 0) continue;
      ASSERT_TRUE((*registry)->live().commit());
    }
    ASSERT_TRUE((*registry)->live().commit());
    expected = figures(**calm, id);
    ASSERT_EQ(expected.substr(0, 8), "complete") << expected;
  }

  void begin() {
    auto store = bed.open();
    ASSERT_TRUE(store) << store.error().message;
    auto registry = Registry::open(**store, base::Timestamp(1));
    ASSERT_EQ(*(*registry)->create(plan(), {"test", base::Timestamp(1)}), id);
    tokens = *(*registry)->start(id, {"test", base::Timestamp(2)});
  }

  void expect_the_same() {
    auto store = bed.open();
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(figures(**store, id), expected);
  }

  const Source source = std::get<1>(GetParam());
  const std::vector<Step> steps = script(source);
  const StoreBed bed{std::get<0>(GetParam())};
  ExperimentId id;
  StartedTokens tokens;
  std::string expected;
};

TEST_P(Killed, ends_with_the_figures_of_an_uninterrupted_life) {
  live_calmly();
  begin();
  if (HasFatalFailure()) return;
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  Shared& shared = *new (memory) Shared;
  base::Random random(kSeed, 1);
  const auto count = static_cast<std::int64_t>(steps.size());
  int kills = 0;
  int status = 0;
  for (bool done = false; !done;) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) live(bed, steps, tokens, source, shared);
    if (kills < kKills) {
      // Dies somewhere in the next part of the script: the moment within it is the scheduler's.
      const std::int64_t goal = std::min(count * (kills + 1) / (kKills + 1), count - kBatch);
      while (shared.committed < goal && ::waitpid(child, &status, WNOHANG) == 0) {
        const timespec pause{0, static_cast<long>(random.below(200'000))};
        ::nanosleep(&pause, nullptr);
      }
      const timespec moment{0, static_cast<long>(random.below(2'000'000))};
      ::nanosleep(&moment, nullptr);
      ::kill(child, SIGKILL);
      ++kills;
    }
    ::waitpid(child, &status, 0);
    done = WIFEXITED(status);
    if (done) {
      ASSERT_EQ(WEXITSTATUS(status), 0);
    }
    // A source that remembers less than was stored: it repeats up to three batches.
    shared.committed = std::max<std::int64_t>(
        0, shared.committed - static_cast<std::int64_t>(random.below(3 * kBatch)));
  }
  EXPECT_GE(kills, 50);
  expect_the_same();
  ::munmap(memory, sizeof(Shared));
}

INSTANTIATE_TEST_SUITE_P(
    often, Killed,
    ::testing::Combine(::testing::Values(Database::kSqlite, Database::kPostgres),
                       ::testing::Values(Source::kAtLeastOnce, Source::kPositioned)),
    [](const auto& test) {
      return name_of(std::get<0>(test.param)) + (std::get<1>(test.param) == Source::kPositioned
                                                     ? "_with_its_position_kept"
                                                     : "_with_inputs_repeated");
    });

// The platform lives on, its server does not: killed with all its processes at random moments of
// the load, while a commit is under way or none is, and started again. A commit that failed is
// asked for again.
class ServerKilled : public Killed {};

TEST_P(ServerKilled, ends_with_the_figures_of_an_uninterrupted_life) {
  live_calmly();
  begin();
  if (HasFatalFailure()) return;
  auto store = bed.open();
  ASSERT_TRUE(store) << store.error().message;
  auto registry = Registry::open(**store, base::Timestamp(1));
  ASSERT_TRUE(registry);
  Trial& trial = *(*registry)->live().all().front();

  std::atomic<int> kills = 0;
  // A server ends with the thread that started it, so this one stays.
  std::jthread killer([&](const std::stop_token& over) {
    base::Random random(kSeed, 2);
    for (bool up = true; up && kills < kServerKills;) {
      const timespec moment{0, static_cast<long>(random.below(60'000'000))};
      ::nanosleep(&moment, nullptr);
      bed.server().kill();
      up = bed.server().restart();
      ++kills;
    }
    while (!over.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  std::int64_t failed = 0;
  std::int64_t in_batch = 0;
  const auto commit = [&] {
    bool written = false;
    for (int attempt = 0; attempt < 20 && !written; ++attempt) {
      written = trial.commit().has_value();
      failed += written ? 0 : 1;
    }
    return written;
  };
  bool all = true;
  for (std::size_t i = 0; i < steps.size() && all; ++i) {
    // The script does not end before the kills do.
    while (kills < kServerKills * static_cast<int>(i) / static_cast<int>(steps.size()))
      std::this_thread::yield();
    apply(trial, tokens, steps[i]);
    if (++in_batch % kBatch == 0) all = commit();
  }
  all = all && commit();
  EXPECT_TRUE(all);
  EXPECT_EQ(kills, kServerKills);
  EXPECT_GE(failed, 1);  // Some kill hit a commit; how many is the scheduler's.
  registry->reset();
  store->reset();
  expect_the_same();
}

INSTANTIATE_TEST_SUITE_P(often, ServerKilled,
                         ::testing::Values(std::tuple(Database::kPostgres, Source::kPositioned)),
                         [](const auto&) { return "PostgreSQL"; });

}  // namespace
}  // namespace trial

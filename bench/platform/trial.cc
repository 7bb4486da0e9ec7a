// SPDX-License-Identifier: Apache-2.0
// An experiment of so many customers, lived in one thread on a real store: sessions a second beside
// what the store alone takes, memory a customer, and how long a verdict takes beside a recount.
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "trial/forwarding_store_test.h"
#include "trial/postgres_store.h"
#include "trial/registry.h"
#include "trial/sqlite_store.h"

namespace {

using trial::ExperimentId;

struct Options {
  std::vector<std::int64_t> customers{10'000, 100'000, 1'000'000};
  std::string folder = "/tmp/provecho-bench-trial";
  std::string postgres;
  std::int64_t generated = 0;
};

constexpr std::int64_t kTurn = 1000;  // Sessions of one commit.

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

base::Result<std::unique_ptr<trial::Store>> open_store(const Options& options,
                                                       const std::string& name) {
  if (!options.postgres.empty()) return trial::open_postgres({.url = options.postgres});
  const std::string path = options.folder + "/" + name + ".db";
  for (const char* end : {"", "-wal", "-shm", "-writer"}) std::filesystem::remove(path + end);
  return trial::open_sqlite({.path = path});
}

trial::Plan plan_of(std::int64_t customers) {
  trial::Plan plan;
  plan.name = "bench";
  plan.base = {.id = "base", .model_digest = ""};
  plan.candidate = {.id = "candidate", .model_digest = ""};
  plan.design.design.effect_per_customer = 15;
  plan.design.design.deviation = 15;
  plan.design.customers = customers;  // An arm: it stays open to the end.
  plan.decision_deadline_ms = 60'000;
  return plan;
}

struct Figures {
  double clock_rate = 0, processor_rate = 0, store_rate = 0;
  double bytes = 0;                             // A customer.
  double verdict = 0, recount = 0, reopen = 0;  // Seconds.
};

// Turns of kTurn: new customers, both decisions for those of the last turn, the money of those
// before. One commit a turn.
base::Result<void> live(trial::Trial& trial, const trial::StartedTokens& tokens,
                        std::int64_t customers, base::Timestamp& now) {
  for (std::int64_t first = 1; first <= customers + 2 * kTurn; first += kTurn) {
    now = now + base::Duration(10'000);
    for (std::int64_t i = first; i < first + kTurn; ++i) {
      const event::CustomerId opened(i), decided(i - kTurn), paid(i - 2 * kTurn);
      if (i <= customers) trial.open_session({opened, event::SessionId(i)}, now);
      if (decided.value() >= 1 && decided.value() <= customers) {
        const bool base_shows = i % 2 == 0;
        const bool candidate_shows = i % 3 == 0;
        trial.record_decision(event::System::kBase, {decided, base_shows, tokens.base}, now);
        trial.record_decision(event::System::kCandidate,
                              {decided, candidate_shows, tokens.candidate}, now);
      }
      if (paid.value() >= 1 && paid.value() <= customers) {
        trial.record_revenue(
            {paid, event::SessionId(paid.value()), base::Cents(i % 5000), i % 3 == 0}, now);
      }
    }
    TRY(trial.commit());
    trial.clear_outbox();
  }
  return {};
}

// What the store alone takes for the same rows: each written when opened, decided and closed.
base::Result<double> store_alone(const Options& options, trial::Store& lived, ExperimentId id,
                                 std::int64_t customers) {
  std::vector<trial::SessionRow> rows;
  TRY(lived.each_session(id, [&](const trial::SessionRow& row) { rows.push_back(row); }));
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options, "alone"));
  TRY_ASSIGN(const ExperimentId fresh,
             store->create(plan_of(customers),
                           {.at = base::Timestamp(1), .who = "bench", .action = "created"}));
  const auto turn = static_cast<std::size_t>(kTurn);
  const double start = clock_seconds();
  for (std::size_t first = 0; first < rows.size() + 2 * turn; first += turn) {
    std::vector<trial::SessionRow> batch;
    for (std::size_t behind = 0; behind <= 2; ++behind) {
      if (first < behind * turn) continue;
      const std::size_t from = first - behind * turn;
      for (std::size_t i = from; i < std::min(rows.size(), from + turn); ++i)
        batch.push_back(rows[i]);
    }
    TRY(store->write(fresh, {.sessions = batch}));
  }
  return static_cast<double>(customers) / (clock_seconds() - start);
}

base::Result<Figures> measure(const Options& options, std::int64_t customers) {
  Figures figures;
  TRY_ASSIGN(const std::unique_ptr<trial::Store> store, open_store(options, "lived"));
  base::Timestamp now(1'700'000'000'000'000);
  TRY_ASSIGN(const std::unique_ptr<trial::Registry> registry, trial::Registry::open(*store, now));
  for (const auto& left : registry->live().all()) {
    if (trial::alive(left->state())) TRY(registry->abort(left->id(), "bench", {"bench", now}));
  }
  TRY_ASSIGN(const ExperimentId id, registry->create(plan_of(customers), {"bench", now}));
  TRY_ASSIGN(const trial::StartedTokens tokens, registry->start(id, {"bench", now}));
  trial::Trial& trial = *registry->live().find(id);
  const double resident = resident_bytes();
  const double clock = clock_seconds(), processor = processor_seconds();
  TRY(live(trial, tokens, customers, now));
  const auto n = static_cast<double>(customers);
  figures.clock_rate = n / (clock_seconds() - clock);
  figures.processor_rate = n / (processor_seconds() - processor);
  figures.bytes = (resident_bytes() - resident) / n;

  constexpr int kTimes = 50;
  double start = clock_seconds();
  for (int i = 0; i < kTimes; ++i) {
    if (trial.progress(now).arms[0].closed == 0) return base::system_error("nobody was recorded");
  }
  figures.verdict = (clock_seconds() - start) / kTimes;
  start = clock_seconds();
  TRY(trial.recount());
  figures.recount = clock_seconds() - start;
  start = clock_seconds();
  TRY_ASSIGN(const auto again, trial::Trial::open(*store, id, now));
  figures.reopen = clock_seconds() - start;
  if (options.postgres.empty()) {
    TRY_ASSIGN(figures.store_rate, store_alone(options, *store, id, customers));
  }
  return figures;
}

// As if so many closed sessions were stored: what a verdict takes does not depend on the disk.
class Generated : public trial::ForwardingStore {
 public:
  Generated(std::unique_ptr<trial::Store> store, std::int64_t sessions)
      : ForwardingStore(std::move(store)), sessions_(sessions) {}
  base::Result<void> each_session(
      ExperimentId /*id*/, const std::function<void(const trial::SessionRow&)>& visit) override {
    trial::SessionRow row;
    row.counted = true;
    row.executed = trial::Word::kShow;
    row.closing = trial::Closing::kRevenue;
    for (std::int64_t i = 1; i <= sessions_; ++i) {
      row.session = event::SessionId(i);
      row.customer = event::CustomerId(i);
      row.arm = i % 2 == 0 ? event::System::kBase : event::System::kCandidate;
      row.opened_at = row.executed_at = row.closed_at = base::Timestamp(1'700'000'000'000'000 + i);
      row.words[0] = {i % 3 == 0 ? trial::Word::kShow : trial::Word::kHide, false, {}};
      row.words[1] = {i % 5 == 0 ? trial::Word::kShow : trial::Word::kHide, false, {}};
      row.revenue = base::Cents(i % 5000);
      visit(row);
    }
    return {};
  }

 private:
  const std::int64_t sessions_;
};

// An experiment whose customers are long in: it is judged.
base::Result<void> judge_generated(const Options& options) {
  TRY_ASSIGN(std::unique_ptr<trial::Store> empty, trial::open_sqlite({.path = ":memory:"}));
  Generated store(std::move(empty), options.generated);
  const base::Timestamp now(1'700'000'000'000'000);
  ExperimentId id{};
  {
    TRY_ASSIGN(const std::unique_ptr<trial::Registry> registry, trial::Registry::open(store, now));
    TRY_ASSIGN(id, registry->create(plan_of(1000), {"bench", now}));
    TRY(registry->start(id, {"bench", now}));
  }
  double start = clock_seconds();
  TRY_ASSIGN(const auto trial, trial::Trial::open(store, id, now));
  const double opened = clock_seconds() - start;
  start = clock_seconds();
  TRY(trial->commit());
  const double judged = clock_seconds() - start;
  start = clock_seconds();
  const trial::Progress progress = trial->progress(now);
  const double shown = clock_seconds() - start;
  start = clock_seconds();
  TRY(trial->recount());
  std::printf(
      "%lld customers, counted in %.0f s: the verdict is judged and stored in %.1f ms, shown in "
      "%.1f ms; the recount, equal, takes %.0f s; %.0f bytes a customer\n%s\n",
      static_cast<long long>(progress.arms[0].closed + progress.arms[1].closed), opened,
      1000 * judged, 1000 * shown, clock_seconds() - start,
      resident_bytes() / static_cast<double>(options.generated), progress.sentence.c_str());
  return {};
}

base::Result<void> run(const Options& options) {
  if (options.generated > 0) return judge_generated(options);
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return base::input_error("cannot make '" + options.folder + "': " + error.message());
  std::printf(
      "| customers | sessions/s, by the clock | of processor time | store alone, sessions/s | "
      "bytes "
      "a customer | progress and verdict | recount, equal | taken up again |\n"
      "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (const std::int64_t customers : options.customers) {
    TRY_ASSIGN(const Figures f, measure(options, customers));
    std::printf("| %lld | %.0f | %.0f | %.0f | %.0f | %.3f ms | %.2f s | %.2f s |\n",
                static_cast<long long>(customers), f.clock_rate, f.processor_rate, f.store_rate,
                f.bytes, 1000 * f.verdict, f.recount, f.reopen);
    std::fflush(stdout);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"An experiment lived on a real store: rates, memory, time to a verdict"};
  app.add_option("--customers", options.customers, "One experiment of each size")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--folder", options.folder, "Where the SQLite files are made")
      ->capture_default_str();
  app.add_option("--generated", options.generated,
                 "Instead: the verdict over so many customers who are not stored anywhere");
  app.add_option("--store", options.postgres, "Lives on this PostgreSQL server instead")
      ->type_name("postgresql://…");
  CLI11_PARSE(app, argc, argv);
  if (const auto done = run(options); !done) {
    std::fprintf(stderr, "bench_trial: %s\n", done.error().message.c_str());
    return done.error().kind == base::ErrorKind::kInput ? 2 : 1;
  }
  return 0;
}

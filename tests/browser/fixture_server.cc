// SPDX-License-Identifier: Apache-2.0
// The platform's page over an in-memory store, with customers who come when the test says so.
// Prints its address, then obeys lines on standard input and answers each with one line:
//   advance N [GAIN]   until N customers in all of the experiment started last are closed; an offer
//                      shown to who likes it earns 3 GAIN dollars (default 0.9), to others it costs
//                      GAIN
//   timeouts SHARE     the share of the candidate's decisions that stay away from now on
//   duplicate          repeats the last revenue
//   quit
#include <atomic>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "http/service.h"
#include "trial/desk.h"
#include "trial/sqlite_store.h"

namespace {

// Remembers the tokens that a start gives away, as the owners of the two systems would.
class RememberingDesk final : public trial::Desk {
 public:
  explicit RememberingDesk(trial::LockedDesk& desk) : desk_(desk) {}
  using trial::Desk::latest;
  std::vector<std::shared_ptr<const trial::Progress>> latest() override { return desk_.latest(); }
  void open_session(const event::Session& session, Opened done) override {
    desk_.open_session(session, std::move(done));
  }
  void record_revenue(const event::Revenue& revenue, Recorded done) override {
    desk_.record_revenue(revenue, std::move(done));
  }

  [[nodiscard]] trial::StartedTokens tokens() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
  }

 private:
  void run(const Errand& errand) override {
    static_cast<void>(
        desk_.ask([&](trial::Registry& registry, base::Timestamp now) -> base::Result<void> {
          errand(&registry, now);
          return {};
        }));
  }
  void on_started(trial::ExperimentId, const trial::StartedTokens& tokens) override {
    const std::lock_guard lock(mutex_);
    tokens_ = tokens;
  }

  trial::LockedDesk& desk_;
  mutable std::mutex mutex_;
  trial::StartedTokens tokens_;
};

// A shop of 4,320 customers a day.
constexpr std::chrono::seconds kBetweenCustomers{20};

// Customers with a taste of their own: the base shows at random, the candidate those who like the
// offer, further candidates at random too. What they spent before goes along with what they spend.
class Customers {
 public:
  Customers(trial::LockedDesk& desk, RememberingDesk& tokens, base::ManualClock& clock)
      : desk_(desk), tokens_(tokens), clock_(clock) {}

  base::Result<std::int64_t> advance(std::int64_t target, double gain) {
    for (;;) {
      const auto live = desk_.latest();
      const auto progress = live.empty() ? nullptr : live.back();
      std::int64_t closed = 0;
      if (progress)
        for (const trial::ArmProgress& arm : progress->arms) closed += arm.closed;
      if (!progress || closed >= target || progress->experiment.state != trial::State::kRunning)
        return closed;
      visits_.clear();
      for (int i = 0; i < 20; ++i) TRY(come());
      TRY(pay(gain));
    }
  }

  void starve_candidate(double share) { starve_ = share; }
  void repeat_last() {
    desk_.record_revenue(last_, [](auto) {});
  }

 private:
  struct Visit {
    event::CustomerId customer;
    event::SessionId session;
    bool likes = false;
    double mood = 0;
  };

  base::Result<void> come() {
    const event::CustomerId customer(++customer_);
    const event::SessionId session(customer_);
    const bool likes = random_.bernoulli(0.3);
    const bool base_shows = random_.bernoulli(0.4);
    const double mood = random_.normal();
    clock_.advance(kBetweenCustomers);
    TRY_ASSIGN(const base::Cents before,
               base::cents_from_dollars(std::max(0.0, 20 + 12 * mood + 9 * past_.normal())));
    desk_.open_session({customer, session, before}, [](auto) {});
    const trial::StartedTokens tokens = tokens_.tokens();
    clock_.advance(std::chrono::milliseconds(8 + static_cast<int>(random_.below(20))));
    TRY(desk_.record_decision(event::System::kBase, {customer, base_shows, tokens.base}));
    const bool late = random_.bernoulli(starve_);
    if (!late)
      TRY(desk_.record_decision(event::System::kCandidate, {customer, likes, tokens.candidate}));
    for (const std::string& token : tokens.further_candidates)
      TRY(desk_.record_decision(event::System::kCandidate,
                                {customer, further_.bernoulli(0.4), token}));
    if (late) clock_.advance(std::chrono::seconds(1));
    visits_.push_back({customer, session, likes, mood});
    return {};
  }

  // All who have come and were sampled. What was executed is asked for once, as each question has
  // the figures computed and sent to the page anew.
  base::Result<void> pay(double gain) {
    TRY_ASSIGN(const auto rows, rows_of_visits());
    for (std::size_t i = 0; i < visits_.size(); ++i) {
      if (!rows[i]) continue;
      const auto& [customer, session, likes, mood] = visits_[i];
      const bool shown = rows[i]->executed == trial::Word::kShow;
      const double spent = std::max(0.0, 20 + 15 * mood + (shown ? (likes ? 3 * gain : -gain) : 0));
      TRY_ASSIGN(const base::Cents revenue, base::cents_from_dollars(spent));
      last_ = {customer, session, revenue, shown && likes && random_.bernoulli(0.6)};
      desk_.record_revenue(last_, [](auto) {});
    }
    return desk_.tick();
  }

  using Rows = std::vector<std::optional<trial::SessionRow>>;
  base::Result<Rows> rows_of_visits() {
    return desk_.ask([&](trial::Registry& registry, base::Timestamp now) -> base::Result<Rows> {
      registry.live().expire(now);
      Rows rows(visits_.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& trial : registry.live().all()) {
          TRY_ASSIGN(const auto row, trial->session(visits_[i].session));
          if (row) rows[i] = row;
        }
      }
      return rows;
    });
  }

  trial::LockedDesk& desk_;
  RememberingDesk& tokens_;
  base::ManualClock& clock_;
  base::Random random_{7};
  base::Random past_{8};
  base::Random further_{9};
  std::int64_t customer_ = 400'000;
  std::vector<Visit> visits_;
  double starve_ = 0;
  event::Revenue last_;
};

base::Result<std::string> obey(Customers& customers, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  if (command == "advance") {
    std::int64_t target = 0;
    double gain = 0.9;
    words >> target >> gain;
    TRY_ASSIGN(const std::int64_t closed, customers.advance(target, gain));
    return "closed " + std::to_string(closed);
  }
  if (command == "timeouts") {
    double share = 0;
    words >> share;
    customers.starve_candidate(share);
    return std::string("timeouts");
  }
  if (command == "duplicate") {
    customers.repeat_last();
    return std::string("duplicated");
  }
  return base::input_error("unknown command '" + line + "'");
}

// Stands in for the report of a study.
constexpr const char* kStudy =
    "<!doctype html><html lang=\"en\"><title>Study</title><h1>Ranking of the models</h1></html>";

base::Result<void> run(std::uint16_t port) {
  base::ManualClock clock(base::Timestamp(1'790'000'000'000'000));
  TRY_ASSIGN(const auto store, trial::open_sqlite({.path = ":memory:"}));
  TRY_ASSIGN(const auto desk, trial::open_locked_desk(*store, clock));
  RememberingDesk remembering(*desk);
  const auto status = [] {
    return http::PlatformStatus{.transport = "in-process broker: for trying out",
                                .durable_transport = false,
                                .addresses = {"127.0.0.1:19093", "127.0.0.1:29093"},
                                .trouble = "",
                                .counters = {{"records_total", 0.0}}};
  };
  TRY_ASSIGN(const auto service, http::Service::start({.server = {.port = port}, .study = kStudy},
                                                      remembering, status));
  std::cout << "listening " << service->address() << std::endl;
  Customers customers(*desk, remembering, clock);
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    const auto answer = obey(customers, line);
    std::cout << (answer ? *answer : "error " + answer.error().message) << std::endl;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto done =
      run(argc > 1 ? static_cast<std::uint16_t>(std::stoi(argv[1])) : std::uint16_t{0});
  if (!done) std::cerr << done.error().message << '\n';
  return done ? 0 : 1;
}

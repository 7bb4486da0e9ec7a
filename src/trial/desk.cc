// SPDX-License-Identifier: Apache-2.0
#include "trial/desk.h"

#include <mutex>
#include <utility>

namespace trial {
namespace {

class OneLock final : public LockedDesk {
 public:
  OneLock(std::unique_ptr<Registry> registry, const base::Clock& clock)
      : registry_(std::move(registry)), clock_(clock) {}

  std::vector<std::shared_ptr<const Progress>> latest() override {
    const std::lock_guard lock(latest_mutex_);
    return latest_;
  }

  void open_session(const event::Session& session, Opened done) override {
    done(record<Opening>(
        [&](Trials& trials) { return trials.open_session(session, clock_.now()); }));
  }
  void record_revenue(const event::Revenue& revenue, Recorded done) override {
    done(record<RevenueOutcome>(
        [&](Trials& trials) { return trials.record_revenue(revenue, clock_.now()); }));
  }
  base::Result<DecisionOutcome> record_decision(event::System topic,
                                                const event::Prediction& prediction) override {
    return record<DecisionOutcome>(
        [&](Trials& trials) { return trials.record_decision(topic, prediction, clock_.now()); });
  }

  base::Result<void> tick() override {
    const std::lock_guard lock(mutex_);
    Trials& trials = registry_->live();
    trials.expire(clock_.now());
    TRY(trials.commit());
    trials.clear_outboxes();
    show();
    return {};
  }

 private:
  void run(const Errand& errand) override {
    const std::lock_guard lock(mutex_);
    errand(registry_.get(), clock_.now());
    // What cannot be stored now is stored with the next record, which says so.
    if (registry_->live().commit()) registry_->live().clear_outboxes();
    show();
  }

  template <class Outcome, class Take>
  base::Result<Outcome> record(Take take) {
    const std::lock_guard lock(mutex_);
    Trials& trials = registry_->live();
    if (trials.empty()) return base::input_error("no experiment has started: start one first");
    trials.expire(clock_.now());
    const Outcome outcome = take(trials);
    TRY(trials.commit());
    trials.clear_outboxes();
    return outcome;
  }

  void show() {
    registry_->live().publish_progress(clock_.now());
    auto fresh = registry_->live().latest();
    const std::lock_guard lock(latest_mutex_);
    latest_.swap(fresh);
  }

  std::mutex mutex_;  // Of everything but latest_.
  std::unique_ptr<Registry> registry_;
  const base::Clock& clock_;
  std::mutex latest_mutex_;
  std::vector<std::shared_ptr<const Progress>> latest_;
};

}  // namespace

base::Result<ExperimentId> Desk::create(const Plan& plan, const std::string& who) {
  return ask([&](Registry& registry, base::Timestamp now) {
    return registry.create(plan, {who, now});
  });
}

base::Result<void> Desk::change(ExperimentId id, const Plan& plan, const std::string& who) {
  return ask([&](Registry& registry, base::Timestamp now) {
    return registry.change(id, plan, {who, now});
  });
}

StartCheck Desk::check_start(const Plan& plan) {
  auto check = ask([&](Registry& registry, base::Timestamp) -> base::Result<StartCheck> {
    return registry.check_start(plan);
  });
  if (check) return *std::move(check);
  return {.problems = {check.error().message}, .coherence = {}};
}

base::Result<StartedTokens> Desk::start(ExperimentId id, const std::string& who) {
  TRY(ask([&](Registry& registry, base::Timestamp now) -> base::Result<void> {
    registry.live().settle_ended(now);
    return {};
  }));
  TRY_ASSIGN(StartedTokens tokens, ask([&](Registry& registry, base::Timestamp now) {
               return registry.start(id, {who, now});
             }));
  on_started(id, tokens);
  return tokens;
}

void Desk::on_started(ExperimentId, const StartedTokens&) {}

base::Result<std::string> Desk::issue_token(ExperimentId id, event::System system,
                                            const std::string& who) {
  return ask([&](Registry& registry, base::Timestamp now) {
    return registry.issue_token(id, system, {who, now});
  });
}

base::Result<void> Desk::abort(ExperimentId id, const std::string& reason, const std::string& who) {
  return ask([&](Registry& registry, base::Timestamp now) {
    return registry.abort(id, reason, {who, now});
  });
}

base::Result<void> Desk::conclude(ExperimentId id, const std::string& who) {
  return ask([&](Registry& registry, base::Timestamp now) {
    return registry.conclude(id, {who, now});
  });
}

base::Result<std::vector<ExperimentRow>> Desk::experiments() {
  return ask([](Registry& registry, base::Timestamp) { return registry.experiments(); });
}

base::Result<std::optional<ExperimentRow>> Desk::experiment(ExperimentId id) {
  return ask([&](Registry& registry, base::Timestamp) { return registry.experiment(id); });
}

base::Result<std::shared_ptr<const Progress>> Desk::progress(ExperimentId id) {
  return ask([&](Registry& registry, base::Timestamp now) { return registry.progress(id, now); });
}

base::Result<std::optional<SessionRow>> Desk::session(event::SessionId session) {
  return ask([&](Registry& registry, base::Timestamp) -> base::Result<std::optional<SessionRow>> {
    for (const auto& trial : registry.live().all()) {
      TRY_ASSIGN(const std::optional<SessionRow> row, trial->session(session));
      if (row) return row;
    }
    return std::optional<SessionRow>();
  });
}

std::shared_ptr<const Progress> Desk::latest(ExperimentId id) {
  for (auto& progress : latest()) {
    if (progress->experiment.id == id) return std::move(progress);
  }
  return nullptr;
}

base::Result<std::unique_ptr<LockedDesk>> open_locked_desk(Store& store, const base::Clock& clock) {
  TRY_ASSIGN(std::unique_ptr<Registry> registry, Registry::open(store, clock.now()));
  auto desk = std::make_unique<OneLock>(std::move(registry), clock);
  TRY(desk->tick());
  return std::unique_ptr<LockedDesk>(std::move(desk));
}

}  // namespace trial

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

  base::Result<ExperimentId> create(const Plan& plan) override {
    const std::lock_guard lock(mutex_);
    return registry_->create(plan, clock_.now());
  }
  base::Result<void> change(ExperimentId id, const Plan& plan) override {
    const std::lock_guard lock(mutex_);
    return registry_->change(id, plan);
  }
  StartCheck check_start(const Plan& plan) override {
    const std::lock_guard lock(mutex_);
    return registry_->check_start(plan);
  }
  base::Result<StartedTokens> start(ExperimentId id) override {
    const std::lock_guard lock(mutex_);
    auto tokens = registry_->start(id, clock_.now());
    show();
    return tokens;
  }
  base::Result<std::string> issue_token(ExperimentId id, event::System system) override {
    const std::lock_guard lock(mutex_);
    return registry_->issue_token(id, system, clock_.now());
  }
  base::Result<void> abort(ExperimentId id, std::string reason) override {
    const std::lock_guard lock(mutex_);
    auto done = registry_->abort(id, std::move(reason), clock_.now());
    show();
    return done;
  }
  base::Result<void> conclude(ExperimentId id) override {
    const std::lock_guard lock(mutex_);
    auto done = registry_->conclude(id);
    show();
    return done;
  }
  base::Result<std::vector<ExperimentRow>> experiments() override {
    const std::lock_guard lock(mutex_);
    return registry_->experiments();
  }
  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) override {
    const std::lock_guard lock(mutex_);
    return registry_->experiment(id);
  }
  base::Result<std::shared_ptr<const Progress>> progress(ExperimentId id) override {
    const std::lock_guard lock(mutex_);
    return registry_->progress(id, clock_.now());
  }
  base::Result<std::optional<SessionRow>> session(event::SessionId session) override {
    const std::lock_guard lock(mutex_);
    if (registry_->live() == nullptr) return std::optional<SessionRow>();
    return registry_->live()->session(session);
  }

  std::shared_ptr<const Progress> latest() override {
    const std::lock_guard lock(latest_mutex_);
    return latest_;
  }

  void open_session(const event::Session& session, Opened done) override {
    done(record<OpenOutcome>(
        [&](Trial& trial) { return trial.open_session(session, clock_.now()); }));
  }
  void record_revenue(const event::Revenue& revenue, Recorded done) override {
    done(record<RevenueOutcome>(
        [&](Trial& trial) { return trial.record_revenue(revenue, clock_.now()); }));
  }
  base::Result<DecisionOutcome> record_decision(event::System topic,
                                                const event::Prediction& prediction) override {
    return record<DecisionOutcome>(
        [&](Trial& trial) { return trial.record_decision(topic, prediction, clock_.now()); });
  }

  base::Result<void> tick() override {
    const std::lock_guard lock(mutex_);
    Trial* trial = registry_->live();
    if (trial == nullptr) return {};
    trial->expire(clock_.now());
    TRY(trial->commit());
    trial->clear_outbox();
    show();
    return {};
  }

 private:
  template <class Outcome, class Take>
  base::Result<Outcome> record(Take take) {
    const std::lock_guard lock(mutex_);
    Trial* trial = registry_->live();
    if (trial == nullptr) return base::input_error("no experiment has started: start one first");
    trial->expire(clock_.now());
    const Outcome outcome = take(*trial);
    TRY(trial->commit());
    trial->clear_outbox();
    return outcome;
  }

  void show() {
    Trial* trial = registry_->live();
    if (trial == nullptr) return;
    trial->publish_progress(clock_.now());
    auto fresh = trial->latest();
    const std::lock_guard lock(latest_mutex_);
    latest_.swap(fresh);
  }

  std::mutex mutex_;  // Of everything but latest_.
  std::unique_ptr<Registry> registry_;
  const base::Clock& clock_;
  std::mutex latest_mutex_;
  std::shared_ptr<const Progress> latest_;
};

}  // namespace

base::Result<std::unique_ptr<LockedDesk>> open_locked_desk(Store& store, const base::Clock& clock) {
  TRY_ASSIGN(std::unique_ptr<Registry> registry, Registry::open(store, clock.now()));
  auto desk = std::make_unique<OneLock>(std::move(registry), clock);
  TRY(desk->tick());
  return std::unique_ptr<LockedDesk>(std::move(desk));
}

}  // namespace trial

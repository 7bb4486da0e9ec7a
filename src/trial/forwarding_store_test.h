// SPDX-License-Identifier: Apache-2.0
// A store in front of another one, for tests that break it: hands everything on.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trial/store.h"

namespace trial {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  [[nodiscard]] std::string name() const override { return store_->name(); }
  base::Result<ExperimentId> create(const Plan& plan, const AuditRow& created) override {
    return store_->create(plan, created);
  }
  base::Result<std::vector<ExperimentRow>> experiments() override { return store_->experiments(); }
  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) override {
    return store_->experiment(id);
  }
  base::Result<std::optional<TokenRow>> token(const std::string& id) override {
    return store_->token(id);
  }
  base::Result<std::vector<TokenRow>> tokens(ExperimentId id) override {
    return store_->tokens(id);
  }
  using Store::write;
  base::Result<void> write(std::span<const ExperimentBatch> batches) override {
    return store_->write(batches);
  }
  base::Result<std::optional<SessionRow>> session(ExperimentId id,
                                                  event::SessionId session) override {
    return store_->session(id, session);
  }
  base::Result<std::optional<SessionRange>> session_range(ExperimentId id) override {
    return store_->session_range(id);
  }
  base::Result<void> each_session(ExperimentId id,
                                  const std::function<void(const SessionRow&)>& visit) override {
    return store_->each_session(id, visit);
  }
  base::Result<std::vector<SessionRow>> sessions(ExperimentId id,
                                                 const SessionPage& page) override {
    return store_->sessions(id, page);
  }
  base::Result<std::vector<CounterRow>> counters(ExperimentId id) override {
    return store_->counters(id);
  }
  base::Result<std::vector<PositionRow>> positions(ExperimentId id) override {
    return store_->positions(id);
  }
  base::Result<std::vector<SeriesPoint>> series(ExperimentId id) override {
    return store_->series(id);
  }
  base::Result<std::vector<LookRow>> looks(ExperimentId id) override { return store_->looks(id); }
  base::Result<std::vector<AuditRow>> audit(ExperimentId id) override { return store_->audit(id); }
  base::Result<std::optional<VerdictRow>> verdict(ExperimentId id) override {
    return store_->verdict(id);
  }
  base::Result<std::vector<UserRow>> users() override { return store_->users(); }
  Webhooks& webhooks() override { return store_->webhooks(); }
  Callers& callers() override { return store_->callers(); }
  base::Result<void> write_user(const UserRow& user) override { return store_->write_user(user); }

 private:
  const std::unique_ptr<Store> store_;
};

}  // namespace trial

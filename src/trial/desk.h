// SPDX-License-Identifier: Apache-2.0
// The front desk: everything that people and shops may ask of the experiments, from any thread. The
// running platform implements it by its loop; open_locked_desk() by a lock, for a program without
// topics.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/message.h"
#include "trial/registry.h"

namespace trial {

class Desk {
 public:
  virtual ~Desk() = default;

  // These block until done (milliseconds).
  virtual base::Result<ExperimentId> create(const Plan& plan) = 0;
  virtual base::Result<void> change(ExperimentId id, const Plan& plan) = 0;
  virtual StartCheck check_start(const Plan& plan) = 0;
  virtual base::Result<StartedTokens> start(ExperimentId id) = 0;
  virtual base::Result<std::string> issue_token(ExperimentId id, event::System system) = 0;
  virtual base::Result<void> abort(ExperimentId id, std::string reason) = 0;
  virtual base::Result<void> conclude(ExperimentId id) = 0;
  virtual base::Result<std::vector<ExperimentRow>> experiments() = 0;
  virtual base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) = 0;
  virtual base::Result<std::shared_ptr<const Progress>> progress(ExperimentId id) = 0;
  virtual base::Result<std::optional<SessionRow>> session(
      event::SessionId session) = 0;  // Of the live experiment.

  // The live experiment's last published progress, at most a few hundred milliseconds old; null
  // before the first start. Never blocks.
  virtual std::shared_ptr<const Progress> latest() = 0;

  // As if the record had come by its topic. `done` is called once, from any thread, after the
  // outcome is durable; it must not block nor call the desk. An error: the store failed, or the
  // desk is stopping.
  using Opened = std::function<void(base::Result<OpenOutcome>)>;
  using Recorded = std::function<void(base::Result<RevenueOutcome>)>;
  virtual void open_session(const event::Session& session, Opened done) = 0;
  virtual void record_revenue(const event::Revenue& revenue, Recorded done) = 0;
};

// A desk of its own over a store: one lock, one commit a call. Decisions come by record_decision().
class LockedDesk : public Desk {
 public:
  virtual base::Result<DecisionOutcome> record_decision(event::System topic,
                                                        const event::Prediction& prediction) = 0;
  // Time-outs, and a fresh latest().
  virtual base::Result<void> tick() = 0;
};

// The store and the clock outlive the desk.
base::Result<std::unique_ptr<LockedDesk>> open_locked_desk(Store& store, const base::Clock& clock);

}  // namespace trial

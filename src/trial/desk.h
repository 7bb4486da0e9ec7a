// SPDX-License-Identifier: Apache-2.0
// The front desk: everything that people and shops may ask of the experiments, from any thread. The
// running platform implements it by its loop; open_locked_desk() by a lock, for a program without
// topics.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/message.h"
#include "trial/registry.h"

namespace trial {

class Desk {
 public:
  virtual ~Desk() = default;

  // Runs a question where the experiments are kept, between two records, and waits for its answer
  // (milliseconds); what it has changed is durable then. The question returns a Result; the desk's
  // own error says that it is stopping.
  template <class Question>
  auto ask(Question question) -> std::invoke_result_t<Question, Registry&, base::Timestamp>;

  // The questions that are asked in many places. `who` stands in the audit log.
  base::Result<ExperimentId> create(const Plan& plan, const std::string& who);
  base::Result<void> change(ExperimentId id, const Plan& plan, const std::string& who);
  StartCheck check_start(const Plan& plan);
  // Repeat visits of an experiment that has ended may still wait for a decision; they get it before
  // their trial goes.
  base::Result<StartedTokens> start(ExperimentId id, const std::string& who);
  base::Result<std::string> issue_token(ExperimentId id, event::System system,
                                        const std::string& who);
  base::Result<void> abort(ExperimentId id, const std::string& reason, const std::string& who);
  base::Result<void> conclude(ExperimentId id, const std::string& who);
  base::Result<std::vector<ExperimentRow>> experiments();
  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id);
  base::Result<std::shared_ptr<const Progress>> progress(ExperimentId id);
  base::Result<std::optional<SessionRow>> session(event::SessionId session);  // Of the live ones.

  // The live experiments' last published progress, at most a few hundred milliseconds old, in the
  // order of their starts; none before the first start. Never blocks.
  virtual std::vector<std::shared_ptr<const Progress>> latest() = 0;
  std::shared_ptr<const Progress> latest(ExperimentId id);  // Null: not among them.

  // As if the record had come by its topic. `done` is called once, from any thread, after the
  // outcome is durable; it must not block nor call the desk. An error: the store failed, or the
  // desk is stopping.
  using Opened = std::function<void(base::Result<Opening>)>;
  using Recorded = std::function<void(base::Result<RevenueOutcome>)>;
  virtual void open_session(const event::Session& session, Opened done) = 0;
  virtual void record_revenue(const event::Revenue& revenue, Recorded done) = 0;

 protected:
  // Runs it once with the registry, or with null where the desk is stopping; returns afterwards.
  using Errand = std::function<void(Registry*, base::Timestamp now)>;
  virtual void run(const Errand& errand) = 0;
  // Of start(), before its answer.
  virtual void on_started(ExperimentId id, const StartedTokens& tokens);
};

template <class Question>
auto Desk::ask(Question question) -> std::invoke_result_t<Question, Registry&, base::Timestamp> {
  std::optional<std::invoke_result_t<Question, Registry&, base::Timestamp>> answer;
  run([&](Registry* registry, base::Timestamp now) {
    if (registry != nullptr) answer.emplace(question(*registry, now));
  });
  if (answer) return *std::move(answer);
  return base::system_error("the platform is stopping: ask again when it runs");
}

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

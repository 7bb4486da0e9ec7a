// SPDX-License-Identifier: Apache-2.0
// All experiments of one store, and the one that is live. The topics carry no experiment, so one
// runs at a time. Single-threaded, as the store; desk.h is the same for many threads.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "experiment/coherence.h"
#include "trial/store.h"
#include "trial/trial.h"

namespace trial {

// Whether an experiment may start, as data for a page: nothing in `problems` and a coherent design
// mean yes.
struct StartCheck {
  std::vector<std::string> problems;  // Each says what is wrong and what would be right.
  experiment::Coherence coherence;    // The design's reasons and computed repairs.
  [[nodiscard]] bool may_start() const;
};

// Shown once; only digests are kept.
struct StartedTokens {
  std::string base;
  std::string candidate;
};

class Registry {
 public:
  // Takes up the experiment that was running or completed last, if any. The store outlives the
  // registry.
  static base::Result<std::unique_ptr<Registry>> open(Store& store, base::Timestamp now);

  base::Result<ExperimentId> create(const Plan& plan, base::Timestamp now);
  // Replaces a draft's plan; refused in any other state.
  base::Result<void> change(ExperimentId id, const Plan& plan);
  [[nodiscard]] StartCheck check_start(const Plan& plan) const;
  // Freezes and hashes the plan, issues the tokens, makes it the live trial. Refused while
  // incoherent (the error lists the reasons), while another runs, or unless a draft.
  base::Result<StartedTokens> start(ExperimentId id, base::Timestamp now);
  // A further token for a system of a running experiment; those issued before stay good. For a
  // system that lost its own, or that starts anew with the platform it runs in.
  base::Result<std::string> issue_token(ExperimentId id, event::System system, base::Timestamp now);
  base::Result<void> abort(ExperimentId id, std::string reason, base::Timestamp now);
  base::Result<void> conclude(ExperimentId id);  // Takes note of a verdict.

  base::Result<std::vector<ExperimentRow>> experiments();
  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id);
  // Of any experiment that has started: the live one's as of now, an earlier one's as it ended.
  base::Result<std::shared_ptr<const Progress>> progress(ExperimentId id, base::Timestamp now);

  [[nodiscard]] Trial* live() { return live_.get(); }  // Null before the first start.

 private:
  base::Result<ExperimentRow> find(ExperimentId id);
  explicit Registry(Store& store) : store_(store) {}
  Store& store_;
  std::unique_ptr<Trial> live_;
};

}  // namespace trial

// SPDX-License-Identifier: Apache-2.0
// All experiments of one store, and those that are live. Several run at the same time, each with
// customers of its own: an experiment takes its sampling share of all customers out of those that
// no running one holds. Single-threaded, as the store; desk.h is the same for many threads.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "experiment/coherence.h"
#include "trial/store.h"
#include "trial/trials.h"

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
  std::vector<std::string> further_candidates{};  // The second's and on.
};

class Registry {
 public:
  // Takes up the experiments that run, or else the one that was started last, if any. The store
  // outlives the registry.
  static base::Result<std::unique_ptr<Registry>> open(Store& store, base::Timestamp now);

  // Whatever changes an experiment stands in its audit log under the caller's name.
  base::Result<ExperimentId> create(const Plan& plan, const Caller& caller);
  // Replaces a draft's plan; refused once it has started. A validated one is a draft again.
  base::Result<void> change(ExperimentId id, const Plan& plan, const Caller& caller);
  [[nodiscard]] StartCheck check_start(const Plan& plan) const;
  // Draft → validated, if the plan may start (who holds the customers does not matter yet).
  base::Result<void> validate(ExperimentId id, const Caller& caller);
  // Freezes and hashes the plan, issues the tokens, takes its customers, makes it a live trial:
  // durable and live when it returns, or a draft as before. Refused while incoherent (the error
  // lists the reasons), while others hold too many customers, or unless a draft or validated.
  base::Result<StartedTokens> start(ExperimentId id, const Caller& caller);
  base::Result<void> pause(ExperimentId id, const Caller& caller);
  base::Result<void> resume(ExperimentId id, const Caller& caller);
  base::Result<void> ramp(ExperimentId id, double sampling_share, const Caller& caller);
  // A further token for a system of a running experiment; those issued before stay good until they
  // are revoked. For a system that lost its own, or that starts anew with the platform it runs in.
  base::Result<std::string> issue_token(ExperimentId id, event::System system,
                                        const Caller& caller);
  base::Result<void> revoke_token(ExperimentId id, const std::string& token, const Caller& caller);
  base::Result<std::vector<TokenRow>> tokens(ExperimentId id);
  // Stops without a verdict, at once: the kill switch. Open sessions get the fallback.
  base::Result<void> abort(ExperimentId id, std::string reason, const Caller& caller);
  base::Result<void> conclude(ExperimentId id, const Caller& caller);  // Takes note of a verdict.
  base::Result<std::vector<AuditRow>> audit(ExperimentId id);

  base::Result<std::vector<ExperimentRow>> experiments();
  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id);
  // Of any experiment that has started: the live one's as of now, an earlier one's as it ended.
  base::Result<std::shared_ptr<const Progress>> progress(ExperimentId id, base::Timestamp now);

  // The fallback of a session that no experiment has ever taken; nothing: one has. Asks the store
  // for a session only where an earlier experiment has such ids: a shop that counts up pays for
  // one experiment, however many there were.
  base::Result<std::optional<bool>> left_out(const event::Session& session);

  [[nodiscard]] Trials& live() { return live_; }
  [[nodiscard]] const Trials& live() const { return live_; }
  // For what is kept beside the experiments (users.h) and for reading rows in pages. Experiments
  // change by the functions above alone.
  [[nodiscard]] Store& store() { return store_; }

 private:
  base::Result<ExperimentRow> find(ExperimentId id);
  base::Result<Trial*> find_live(ExperimentId id, std::string_view what);
  base::Result<void> write(const ExperimentRow& row, const Caller& caller, std::string_view action,
                           std::string detail);
  base::Result<experiment::Slots> allocate(double share) const;
  // One that took sessions and takes no more.
  struct Earlier {
    ExperimentId id;
    SessionRange sessions;
  };
  base::Result<std::vector<Earlier>> earlier();
  // A start of which nobody knows whether it was stored. The caller was told that it has not taken
  // place.
  struct DoubtfulStart {
    ExperimentRow before;
    std::vector<TokenRow> tokens;
    AuditRow entry;
    std::string why;
  };
  base::Result<void> store_start(const ExperimentRow& row, DoubtfulStart start);
  // Makes true what callers were told, once the store answers again. Whatever reads experiments
  // calls it first.
  base::Result<void> take_back_doubtful();
  explicit Registry(Store& store) : store_(store), live_(store) {}
  Store& store_;
  Trials live_;
  std::vector<DoubtfulStart> doubtful_;
  std::optional<std::vector<Earlier>> earlier_;  // Read when first asked for, until a start.
};

}  // namespace trial

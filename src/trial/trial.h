// SPDX-License-Identifier: Apache-2.0
// One experiment being lived. It takes the records of the topics one at a time, each with the time
// of its arrival, says what became of each, and keeps what has to be published (outbox) and stored
// (commit) until it is told to.
//
//   trial.open_session({customer, session}, now);      // → kSampled
//   trial.record_decision(System::kCandidate, prediction, now);
//   trial.expire(now);                                 // time-outs; call it now and then
//   TRY(trial.commit());                               // one transaction for all of the above
//   publish(trial.outbox()); trial.clear_outbox();     // only after the commit: what is published
//   is known to the store
//
// The order of customers and the times handed in decide everything: the same inputs give the same
// figures, bit for bit, however often the process was killed and its last uncommitted inputs handed
// in again.
//
// Threads: one thread calls everything; any thread may call latest().
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/message.h"
#include "trial/outcome.h"
#include "trial/progress.h"
#include "trial/store.h"

namespace trial {

// What the outside has to be told, in order, after a commit.
struct Outbox {
  std::vector<event::Session> sampled;  // → topic_sampled
  std::vector<event::Decision>
      decisions;  // → topic_decision: executed ones, and the fallback for the unsampled.
};

// Who asks for something, and when.
struct Caller {
  std::string who;
  base::Timestamp at;
};

class Trial {
 public:
  // Takes up an experiment that is running, complete or later, from its store, which outlives the
  // trial: counts every stored session once more (about a second a million). Refuses a draft.
  static base::Result<std::unique_ptr<Trial>> open(Store& store, ExperimentId id,
                                                   base::Timestamp now);
  // One that starts now, whom nobody has visited: asks the store nothing, so that what starts can
  // be ready before it is durable. The caller stores the row and the tokens before it hands in
  // the first record.
  static base::Result<std::unique_ptr<Trial>> begin(Store& store, const ExperimentRow& row,
                                                    std::vector<TokenRow> tokens);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  OpenOutcome open_session(const event::Session& session, base::Timestamp now);

  // `topic` is kBase or kCandidate: by base's or the candidates' topic, and the token must be one
  // of theirs. Which session is meant: the customer's oldest open one that this system has not
  // decided yet. `elsewhere`: the customer is enrolled in another live experiment.
  DecisionOutcome record_decision(event::System topic, const event::Prediction& prediction,
                                  base::Timestamp now, bool elsewhere = false);

  RevenueOutcome record_revenue(const event::Revenue& revenue, base::Timestamp now);

  // Executes the fallback where the deadline has passed and closes sessions whose end has not come.
  void expire(base::Timestamp now);

  // Executes the fallback at once wherever no decision has been executed yet: nobody is left
  // waiting.
  void settle(base::Timestamp now);

  // When expire() has something to do next; nothing while nothing is open.
  [[nodiscard]] std::optional<base::Timestamp> next_expiry() const;

  // Counts a record that never became an event (event::reason()), or anything else worth a counter.
  // Rejected records are counted at least once: one that is read again after a crash is counted
  // again.
  void count(std::string_view topic, std::string_view outcome, std::int64_t by = 1);

  // How far a source of records has been read, kept by the same commit as what came of them: a
  // reader that goes on there after a crash repeats nothing. (The wire names the customer of a
  // decision, not the session: a decision that is repeated while a later visit of the customer is
  // open would be taken for that visit's.)
  void set_position(std::string_view source, std::int64_t next);
  [[nodiscard]] std::optional<std::int64_t> position(std::string_view source) const;

  [[nodiscard]] const Outbox& outbox() const;
  void clear_outbox();

  // Puts everything into the outbox that may not have been heard: sampled sessions without all
  // decisions, and executed sessions that are still open. Call it once after open(); receivers take
  // repeats.
  void republish();

  // From now on decisions may carry this token of the experiment, which the store holds already.
  void admit_token(const TokenRow& token);
  // And with this one no longer.
  void revoke_token(const std::string& token, base::Timestamp now);

  // Makes everything so far durable, in one transaction, and issues the verdict when it is due.
  // After an error nothing is lost: try again, or stop.
  base::Result<void> commit();
  // The same in two halves, for a transaction that others share: what to write, null where nothing
  // has changed (borrowed until the next of these calls), and that it is written.
  base::Result<const Batch*> prepare_commit();
  void note_committed();

  // Each is durable when it returns, in the audit log under the caller's name, or has not taken
  // place: then the error says why.
  // Settles and stops without a verdict: the kill switch. Refused unless running or paused.
  base::Result<void> abort(std::string reason, const Caller& caller);
  base::Result<void> conclude(const Caller& caller);  // Complete → concluded.
  base::Result<void> pause(const Caller& caller);     // Running → paused,
  base::Result<void> resume(const Caller& caller);    // and back.
  // Samples more customers from now on; those sampled stay, in their arms. Above the share of now,
  // up to 1. `slots`: those of before and more.
  base::Result<void> ramp(double sampling_share, experiment::Slots slots, const Caller& caller);

  [[nodiscard]] State state() const;
  [[nodiscard]] ExperimentId id() const;
  [[nodiscard]] const Plan& plan() const;
  [[nodiscard]] const experiment::Slots& slots() const;

  // What tells whom a record concerns.
  [[nodiscard]] bool enrolled(event::CustomerId customer) const;
  [[nodiscard]] bool issued(std::string_view token) const;       // Whatever its secret.
  [[nodiscard]] bool knows(event::SessionId session) const;      // In memory or in the store.
  [[nodiscard]] bool waits_for(event::SessionId session) const;  // In memory.

  // One sampled session, from memory or the store.
  [[nodiscard]] base::Result<std::optional<SessionRow>> session(event::SessionId session) const;

  // Computed now.
  [[nodiscard]] Progress progress(base::Timestamp now) const;
  // Hands a fresh progress to readers; latest() returns the last one handed over, never null.
  void publish_progress(base::Timestamp now);
  [[nodiscard]] std::shared_ptr<const Progress> latest()
      const;  // Shared: readers outlive the next publication.

  // Counts everything again from the store and compares with what was kept incrementally; the error
  // names the first figure that differs. Call it right after a commit.
  base::Result<void> recount() const;

  // Replays the experiment from its records: recount(), the plan against the hash made at the
  // start, and, once issued, the verdict judged anew against the stored one, to the bit. The error
  // names what differs.
  base::Result<void> verify() const;

 private:
  Trial();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trial

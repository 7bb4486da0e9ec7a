// SPDX-License-Identifier: Apache-2.0
// Where experiments and their sessions are kept. The trial keeps what it needs in memory and hands
// over what changed, one Batch for one commit: all of it is durable when write() returns, or none
// of it. One writer, one thread; a second implementation (another database) passes the same tests
//.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "experiment/traffic.h"
#include "trial/callers.h"
#include "trial/experiment_id.h"
#include "trial/plan.h"
#include "trial/session_row.h"
#include "trial/state.h"
#include "trial/token.h"
#include "trial/user.h"
#include "trial/webhooks.h"

namespace trial {

struct ExperimentRow {
  ExperimentId id;
  Plan plan;
  State state = State::kDraft;
  std::string plan_hash;  // Empty until the start.
  std::string reason;     // Why it was aborted; else empty.
  base::Timestamp created_at;
  base::Timestamp started_at;        // 0 until then; so below.
  base::Timestamp ended_at;          // Complete or aborted.
  base::Timestamp validated_at;      // Of a validated one; 0 once it is a draft again.
  base::Timestamp paused_at;         // While it is paused.
  base::Timestamp harmed_at;         // The stop for harm was reached: nobody new is enrolled.
  std::size_t harmed_candidate = 0;  // By whom, from 0; of one that was.
  double sampling_share = 1;         // Now; the plan's at the start, only ever raised.
  experiment::Slots slots;           // The customers it may sample, its own while it is alive; none
                                     // before the start.
};

struct TokenRow {
  std::string id;
  ExperimentId experiment;
  event::System system =
      event::System::kCandidate;  // Its scope: to write this system's decisions ("ingest").
  Digest digest{};
  base::Timestamp issued_at = {};
  base::Timestamp revoked_at = {};  // 0: good.
};

// A planned look that did not end the experiment.
struct LookRow {
  int number = 1;
  base::Timestamp at;
  double information = 0;
  double z = 0;      // The bound that was not crossed,
  double level = 0;  // and its one-sided p-value.
  friend bool operator==(const LookRow&, const LookRow&) = default;
};

// Who did what to an experiment; never changed, never removed.
struct AuditRow {
  std::int64_t number = 0;  // 1, 2, 3 … of the experiment.
  base::Timestamp at;
  std::string who;     // A user's name, "platform", …
  std::string action;  // "created", "changed", "validated", "started", "paused", …
  std::string detail;  // What exactly, for a person; may be empty.
  friend bool operator==(const AuditRow&, const AuditRow&) = default;
};

struct CounterRow {
  std::string
      topic;  // The topic's role: "session", "base_prediction", "student_prediction", "revenue".
  std::string outcome;  // outcome.h or event::reason().
  std::int64_t count = 0;
};

// One point of the chart: what was known when so many customers were closed.
struct SeriesPoint {
  base::Timestamp at;
  std::int64_t customers_closed = 0;  // Of all arms.
  std::size_t candidate = 0;          // Which is compared with base, from 0.
  double estimate = 0;                // Candidate minus base, in shop currency per customer.
  double lower =
      0;  // Always-valid bounds (experiment/always_valid.h), each at the verdict's level.
  double upper = 0;
  friend bool operator==(const SeriesPoint&, const SeriesPoint&) = default;
};

struct VerdictRow {
  base::Timestamp issued_at;
  std::string plan_hash;
  std::string word;     // As experiment spells it.
  std::string figures;  // All figures, one "key = value" a line, exact (verdict_text.h).
  friend bool operator==(const VerdictRow&, const VerdictRow&) = default;
};

// How far a source of records has been read; kept with what was read, so that a restart can go on
// exactly there.
struct PositionRow {
  std::string source;     // Whatever the reader calls it: "group/topic/partition".
  std::int64_t next = 0;  // The first record that the store has not seen.
};

// What one commit makes durable.
struct Batch {
  std::span<const SessionRow> sessions = {};  // Inserted, or replaced by session id.
  std::span<const CounterRow> counters = {};  // Absolute counts, replaced.
  std::span<const SeriesPoint> series =
      {};  // Appended; a point with the same customers_closed and candidate is replaced.
  std::span<const PositionRow> positions = {};  // Replaced by source.
  const ExperimentRow* experiment =
      nullptr;  // Its state, hash, reason and times; the plan only while a draft.
  std::span<const TokenRow> tokens = {};  // Inserted, or replaced by id.
  std::span<const LookRow> looks = {};    // Inserted.
  std::span<const AuditRow> audit = {};   // Appended; their numbers are given here.
  const VerdictRow* verdict = nullptr;    // Inserted; a second one is refused.
};

// One experiment's part of a commit.
struct ExperimentBatch {
  ExperimentId id;
  Batch batch;
};

// The smallest and the greatest id of an experiment's sessions.
struct SessionRange {
  event::SessionId first;
  event::SessionId last;
};

// A page of an experiment's sessions, in the order of their ids.
struct SessionPage {
  std::optional<event::SessionId> after = {};  // Empty: from the first.
  std::int64_t limit = 1000;
  bool counted_only = false;
};

class Store {
 public:
  virtual ~Store() = default;

  // As people know it: the file, or the server's address without its password.
  [[nodiscard]] virtual std::string name() const = 0;

  // A new draft with the first row of its log, whose time is the draft's; its id is 1, 2, 3 …
  virtual base::Result<ExperimentId> create(const Plan& plan, const AuditRow& created) = 0;
  virtual base::Result<std::vector<ExperimentRow>> experiments() = 0;  // By id.
  virtual base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) = 0;
  virtual base::Result<std::optional<TokenRow>> token(const std::string& id) = 0;
  virtual base::Result<std::vector<TokenRow>> tokens(ExperimentId id) = 0;

  // All or nothing; after an error nothing of it is stored and the same batches may be tried again.
  virtual base::Result<void> write(std::span<const ExperimentBatch> batches) = 0;
  base::Result<void> write(ExperimentId id, const Batch& batch) {
    const ExperimentBatch one{id, batch};
    return write(std::span(&one, 1));
  }

  virtual base::Result<std::optional<SessionRow>> session(ExperimentId id,
                                                          event::SessionId session) = 0;
  // Empty: it has none. As quick as one session.
  virtual base::Result<std::optional<SessionRange>> session_range(ExperimentId id) = 0;
  // In the order of session ids. The visitor must not use the store.
  virtual base::Result<void> each_session(ExperimentId id,
                                          const std::function<void(const SessionRow&)>& visit) = 0;
  virtual base::Result<std::vector<SessionRow>> sessions(ExperimentId id,
                                                         const SessionPage& page) = 0;
  virtual base::Result<std::vector<CounterRow>> counters(ExperimentId id) = 0;
  virtual base::Result<std::vector<PositionRow>> positions(ExperimentId id) = 0;
  virtual base::Result<std::vector<SeriesPoint>> series(
      ExperimentId id) = 0;  // By customers_closed, then candidate.
  virtual base::Result<std::vector<LookRow>> looks(ExperimentId id) = 0;   // By number.
  virtual base::Result<std::vector<AuditRow>> audit(ExperimentId id) = 0;  // By number.
  virtual base::Result<std::optional<VerdictRow>> verdict(ExperimentId id) = 0;

  virtual base::Result<std::vector<UserRow>> users() = 0;          // By creation.
  virtual Webhooks& webhooks() = 0;                                // Of this store, as long as it.
  virtual Callers& callers() = 0;                                  // So too.
  virtual base::Result<void> write_user(const UserRow& user) = 0;  // Inserted, or revoked by id.
};

}  // namespace trial

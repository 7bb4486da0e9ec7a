// SPDX-License-Identifier: Apache-2.0
// What a trial knows, shared by the files that implement it: trial.cc takes records,
// trial_commit.cc stores and judges, trial_progress.cc shows.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "experiment/assignment.h"
#include "experiment/candidates_verdict.h"
#include "experiment/checks.h"
#include "experiment/traffic.h"
#include "trial/detail/counters.h"
#include "trial/detail/customer_arms.h"
#include "trial/detail/open_sessions.h"
#include "trial/detail/tally.h"
#include "trial/detail/token_desk.h"
#include "trial/trial.h"

namespace trial {

// Customers planned in base's arm and in each candidate's; in a dry run all are base's.
inline experiment::Customers targets_of(const Plan& plan) {
  if (plan.design.dry_run) return {plan.design.customers, 0};
  return experiment::arms(plan.design.customers, plan.design.design.ratio);
}

struct Trial::Impl {
  Impl(Store& the_store, ExperimentRow the_row, std::vector<TokenRow> tokens)
      : store(the_store),
        row(std::move(the_row)),
        token_desk(the_store, row.id, std::move(tokens)),
        targets(targets_of(row.plan)),
        open(systems_of(row.plan)),
        tally(row.plan) {}

  // trial.cc
  OpenOutcome open_session(const event::Session& session, base::Timestamp now);
  DecisionOutcome record_decision(event::System topic, const event::Prediction& prediction,
                                  base::Timestamp now, bool elsewhere);
  RevenueOutcome record_revenue(const event::Revenue& revenue, base::Timestamp now);
  void expire(base::Timestamp now);
  void enrol(const event::Session& session, event::System arm, bool counted, base::Timestamp now);
  void execute(detail::OpenSession& session, const SessionRow& executed);
  [[nodiscard]] SessionRow with_fallback(SessionRow session, base::Timestamp now) const;
  void close(detail::OpenSession& session, Closing closing, base::Cents revenue, bool accepted,
             base::Timestamp now);
  void tell(const SessionRow& executed);
  void tell_unsampled(const event::Session& session);
  [[nodiscard]] std::optional<SessionRow> find(event::SessionId session);
  [[nodiscard]] bool enrolment_full() const;
  [[nodiscard]] bool sampled(event::CustomerId customer) const;
  [[nodiscard]] event::System arm_of(event::CustomerId customer) const;
  [[nodiscard]] base::Timestamp deadline(const SessionRow& session) const;

  // trial_commit.cc
  base::Result<void> load(base::Timestamp now);
  base::Result<const Batch*> prepare_commit();
  void note_committed();
  void take_look();
  [[nodiscard]] base::Result<ExperimentRow> row_as(State to) const;
  base::Result<void> change(ExperimentRow changed, const Caller& caller, std::string_view action,
                            std::string detail, std::span<const SessionRow> sessions = {});
  void add_series_point(base::Timestamp at);
  void stop_if_harmed(std::span<const experiment::Evidence> now, base::Timestamp at);
  void note_alarms(base::Timestamp at);
  // Of candidate k, from 0.
  [[nodiscard]] experiment::Evidence evidence(std::size_t k,
                                              std::vector<experiment::Alarm> alarms) const;
  [[nodiscard]] std::vector<experiment::Check> checks() const;
  // Of candidate k with these rows; takes milliseconds now and then.
  [[nodiscard]] experiment::Check bootstrap_check(std::size_t k,
                                                  const experiment::DisagreementRows& rows) const;
  [[nodiscard]] bool due() const;
  base::Result<void> make_assignment();
  void note(const Caller& caller, std::string_view action, std::string detail);
  [[nodiscard]] std::int64_t series_step() const;
  [[nodiscard]] base::Result<experiment::CandidatesVerdict> judge() const;
  [[nodiscard]] std::string sentence(const experiment::CandidatesVerdict& verdict) const;

  Store& store;
  ExperimentRow row;
  experiment::Assignment assignment =
      *experiment::Assignment::make("none");  // Of arms; who is sampled say row.slots.
  detail::TokenDesk token_desk;
  experiment::Customers targets;

  detail::CustomerArms customers;
  detail::OpenSessions open;
  detail::Counters counters;
  detail::Tally tally;
  std::map<std::string, std::int64_t, std::less<>> positions;
  std::int64_t newest_session =
      INT64_MIN;                // No session above it was ever stored: nothing to look up.
  base::Timestamp last_closed;  // Of counted sessions.
  std::vector<SeriesPoint> series;
  std::size_t series_stored = 0;  // Points of the above that the store has.
  std::vector<LookRow> looks;     // Taken, without an end.
  std::size_t looks_stored = 0;   // Of these.
  bool over = false;              // The verdict is due with the next commit, or issued.
  std::vector<AuditRow> audit;    // Not stored yet.
  std::set<std::string, std::less<>> alarms_noted;       // Codes of checks.
  std::optional<experiment::CandidatesVerdict> verdict;  // The issued one.
  Outbox outbox;
  bool row_changed = false;
  std::optional<base::Error>
      failure;  // Of the store, met where there was no way to say so: the next commit does.

  // What prepare_commit() has put together and note_committed() takes over.
  struct Pending {
    std::vector<SessionRow> sessions;
    std::vector<CounterRow> counters;
    std::vector<PositionRow> positions;
    ExperimentRow row;
    std::vector<AuditRow> audit;
    std::optional<VerdictRow> issued;
    experiment::CandidatesVerdict judged;
    Batch batch;
  };
  Pending pending;

  // Memory of bootstrap_check(), which the loop's thread alone calls.
  struct Resampled {
    std::int64_t customers = -1;
    experiment::Check check;
  };
  mutable std::vector<Resampled> resampled;

  mutable std::mutex latest_mutex;
  std::shared_ptr<const Progress> latest;
};

}  // namespace trial

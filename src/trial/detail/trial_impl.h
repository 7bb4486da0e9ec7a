// SPDX-License-Identifier: Apache-2.0
// What a trial knows, shared by the files that implement it: trial.cc takes records,
// trial_commit.cc stores and judges, trial_progress.cc shows.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "experiment/assignment.h"
#include "trial/detail/counters.h"
#include "trial/detail/customer_arms.h"
#include "trial/detail/open_sessions.h"
#include "trial/detail/tally.h"
#include "trial/detail/token_desk.h"
#include "trial/trial.h"

namespace trial {

struct Trial::Impl {
  Impl(Store& the_store, ExperimentRow the_row, experiment::Assignment the_assignment,
       std::vector<TokenRow> tokens)
      : store(the_store),
        row(std::move(the_row)),
        assignment(std::move(the_assignment)),
        token_desk(the_store, row.id, std::move(tokens)),
        targets(experiment::arms(row.plan.design.customers, row.plan.design.design.ratio)),
        tally(row.plan.fallback_show) {}

  // trial.cc
  OpenOutcome open_session(const event::Session& session, base::Timestamp now);
  DecisionOutcome record_decision(event::System topic, const event::Prediction& prediction,
                                  base::Timestamp now);
  RevenueOutcome record_revenue(const event::Revenue& revenue, base::Timestamp now);
  void expire(base::Timestamp now);
  void enrol(const event::Session& session, event::System arm, bool counted, base::Timestamp now);
  void execute(detail::OpenSession& session, Word word, event::DecisionReason reason,
               base::Timestamp now);
  void close(detail::OpenSession& session, Closing closing, base::Cents revenue, bool accepted,
             base::Timestamp now);
  void tell(const SessionRow& executed);
  void tell_unsampled(const event::Session& session);
  [[nodiscard]] std::optional<SessionRow> find(event::SessionId session);
  [[nodiscard]] bool enrolment_full() const;
  [[nodiscard]] base::Timestamp deadline(const SessionRow& session) const;

  // trial_commit.cc
  base::Result<void> load(base::Timestamp now);
  base::Result<void> commit();
  base::Result<VerdictRow> issue_verdict(experiment::Verdict& verdict) const;
  void add_series_point(base::Timestamp at);
  [[nodiscard]] std::int64_t series_step() const;
  [[nodiscard]] base::Result<experiment::Verdict> judge() const;

  Store& store;
  ExperimentRow row;
  experiment::Assignment assignment;
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
  std::size_t series_stored = 0;               // Points of the above that the store has.
  std::optional<experiment::Verdict> verdict;  // The issued one.
  Outbox outbox;
  bool row_changed = false;
  std::optional<base::Error>
      failure;  // Of the store, met where there was no way to say so: the next commit does.
  std::vector<SessionRow> batch;  // Memory of commit().

  mutable std::mutex latest_mutex;
  std::shared_ptr<const Progress> latest;
};

}  // namespace trial

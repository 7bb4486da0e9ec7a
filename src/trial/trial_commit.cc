// SPDX-License-Identifier: Apache-2.0
// How a trial is taken up, made durable and judged.
#include <algorithm>

#include "experiment/verdict.h"
#include "trial/detail/alarms.h"
#include "trial/detail/trial_impl.h"
#include "trial/verdict_text.h"

namespace trial {

using detail::OpenSession;

// A new point every so many closed customers. Arms overshoot their target a little, so a fifth of
// the room is kept free.
std::int64_t Trial::Impl::series_step() const {
  constexpr std::int64_t kPoints = kMaxSeriesPoints * 4 / 5;
  return std::max<std::int64_t>(1, (targets.total() + kPoints - 1) / kPoints);
}

void Trial::Impl::add_series_point(base::Timestamp at) {
  if (static_cast<std::int64_t>(series.size()) >= kMaxSeriesPoints) return;
  const auto welch =
      experiment::welch(tally.arms[0].revenue.summary(), tally.arms[1].revenue.summary());
  if (!welch) return;
  const double level = experiment::one_sided_alpha(row.plan.design.design);
  series.push_back({.at = at,
                    .customers_closed = tally.closed_customers(),
                    .estimate = welch->difference,
                    .lower = welch->lower(level),
                    .upper = welch->upper(level)});
}

base::Result<experiment::Verdict> Trial::Impl::judge() const {
  return experiment::judge(row.plan.design,
                           {.base = tally.arms[0].revenue.summary(),
                            .candidate = tally.arms[1].revenue.summary(),
                            .assigned = {tally.arms[0].enrolled, tally.arms[1].enrolled},
                            .alarms = detail::alarms(tally)});
}

base::Result<std::unique_ptr<Trial>> Trial::open(Store& store, ExperimentId id,
                                                 base::Timestamp now) {
  TRY_ASSIGN(std::optional<ExperimentRow> row, store.experiment(id));
  if (!row) return base::input_error("there is no experiment " + std::to_string(id.value()));
  if (row->started_at == base::Timestamp(0)) {
    return base::input_error("experiment " + std::to_string(id.value()) + " has not started");
  }
  const Plan& plan = row->plan;
  std::string salt = plan.salt.empty() ? plan.name + "#" + std::to_string(id.value()) : plan.salt;
  TRY_ASSIGN(
      experiment::Assignment assignment,
      experiment::Assignment::make(std::move(salt), plan.sampling_share, plan.design.design.ratio));
  TRY_ASSIGN(std::vector<TokenRow> tokens, store.tokens(id));
  std::unique_ptr<Trial> trial(new Trial);
  trial->impl_ =
      std::make_unique<Impl>(store, *std::move(row), std::move(assignment), std::move(tokens));
  TRY(trial->impl_->load(now));
  trial->publish_progress(now);
  return trial;
}

base::Result<void> Trial::Impl::load(base::Timestamp now) {
  std::vector<SessionRow> still_open;
  TRY(store.each_session(row.id, [&](const SessionRow& session) {
    newest_session = std::max(newest_session, session.session.value());
    if (session.counted) {
      customers.insert(session.customer, session.arm);
      if (session.closing != Closing::kOpen) last_closed = std::max(last_closed, session.closed_at);
    }
    tally.replay(session);
    const bool unheard = session.of(event::System::kBase).word == Word::kNone ||
                         session.of(event::System::kCandidate).word == Word::kNone;
    if (session.closing == Closing::kOpen || (unheard && now <= deadline(session)))
      still_open.push_back(session);
  }));
  std::sort(still_open.begin(), still_open.end(), [](const SessionRow& a, const SessionRow& b) {
    return std::pair(a.opened_at, a.session) < std::pair(b.opened_at, b.session);
  });
  for (const SessionRow& session : still_open) open.add(session);
  TRY_ASSIGN(const std::vector<CounterRow> counted, store.counters(row.id));
  counters.load(counted);
  TRY_ASSIGN(const std::vector<PositionRow> read, store.positions(row.id));
  for (const PositionRow& position : read) positions[position.source] = position.next;
  TRY_ASSIGN(series, store.series(row.id));
  series_stored = series.size();
  TRY_ASSIGN(const std::optional<VerdictRow> issued, store.verdict(row.id));
  if (issued) {
    TRY_ASSIGN(verdict, parse_verdict(issued->figures));
  }
  return {};
}

base::Result<VerdictRow> Trial::Impl::issue_verdict(experiment::Verdict& out) const {
  TRY_ASSIGN(out, judge());
  return VerdictRow{.issued_at = last_closed,
                    .plan_hash = row.plan_hash,
                    .word = std::string(experiment::word(out.word)),
                    .figures = verdict_text(out)};
}

base::Result<void> Trial::Impl::commit() {
  if (failure) return *failure;
  const bool complete = row.state == State::kRunning && enrolment_full() &&
                        tally.closed_customers() == tally.enrolled_customers() &&
                        open.awaiting() == 0;
  if (!complete && !row_changed && open.dirty().empty() && !counters.any_changed() &&
      series_stored == series.size())
    return {};

  batch.clear();
  for (const OpenSession* session : open.dirty()) batch.push_back(session->row);
  const std::vector<CounterRow> counts = counters.changed();
  std::vector<PositionRow> read;  // All of them: a handful.
  for (const auto& [source, position] : positions) read.push_back({source, position});
  ExperimentRow next = row;
  VerdictRow verdict_row;
  experiment::Verdict issued;
  if (complete) {
    next.state = State::kComplete;
    next.ended_at = last_closed;
    TRY_ASSIGN(verdict_row, issue_verdict(issued));
  }
  TRY(store.write(row.id, {.sessions = batch,
                           .counters = counts,
                           .series = std::span(series).subspan(series_stored),
                           .positions = read,
                           .experiment = complete || row_changed ? &next : nullptr,
                           .tokens = {},
                           .verdict = complete ? &verdict_row : nullptr}));
  row = std::move(next);
  row_changed = false;
  if (complete) verdict = std::move(issued);
  open.stored();
  counters.stored();
  series_stored = series.size();
  return {};
}

Trial::Trial() = default;
Trial::~Trial() = default;

base::Result<void> Trial::commit() { return impl_->commit(); }

base::Result<void> Trial::abort(std::string reason, base::Timestamp now) {
  ExperimentRow& row = impl_->row;
  if (!may_become(row.state, State::kAborted)) {
    return base::input_error("experiment " + std::to_string(row.id.value()) + " is " +
                             std::string(name(row.state)) +
                             ": only a draft or a running one can be aborted");
  }
  settle(now);
  row.state = State::kAborted;
  row.reason = std::move(reason);
  row.ended_at = now;
  impl_->row_changed = true;
  return {};
}

base::Result<void> Trial::conclude() {
  ExperimentRow& row = impl_->row;
  if (!may_become(row.state, State::kConcluded)) {
    return base::input_error("experiment " + std::to_string(row.id.value()) + " is " +
                             std::string(name(row.state)) +
                             ": only a complete one can be concluded");
  }
  row.state = State::kConcluded;
  impl_->row_changed = true;
  return {};
}

}  // namespace trial

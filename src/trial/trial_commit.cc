// SPDX-License-Identifier: Apache-2.0
// How a trial is taken up, made durable and judged.
#include <algorithm>
#include <span>
#include <utility>

#include "base/number.h"
#include "experiment/verdict.h"
#include "trial/detail/audit_log.h"
#include "trial/detail/record_checks.h"
#include "trial/detail/trial_impl.h"
#include "trial/verdict_text.h"

namespace trial {

using detail::OpenSession;

namespace {

// Its detail begins with the check's code and a colon.
constexpr std::string_view kHealthAlarm = "health_alarm";

}  // namespace

// A new point every so many closed customers. Arms overshoot their target a little, so a fifth of
// the room is kept free.
std::int64_t Trial::Impl::series_step() const {
  constexpr std::int64_t kPoints = kMaxSeriesPoints * 4 / 5;
  const std::int64_t all =
      row.plan.design.dry_run ? targets.total() : experiment::customers_in_all(row.plan.design);
  return std::max<std::int64_t>(1, (all + kPoints - 1) / kPoints);
}

// Each alarm once: whoever listens to the log hears of it while something can still be done.
void Trial::Impl::note_alarms(base::Timestamp at) {
  for (const experiment::Check& check : checks()) {
    if (check.lamp != experiment::Lamp::kAlarm || !alarms_noted.insert(check.code).second) continue;
    note({"platform", at}, kHealthAlarm, check.code + ": " + check.message);
  }
}

// Everybody goes to base, however the other candidates do.
void Trial::Impl::stop_if_harmed(std::span<const experiment::Evidence> now, base::Timestamp at) {
  if (row.harmed_at != base::Timestamp(0)) return;
  const experiment::PlannedDesign& plan = row.plan.design;
  const auto harmful = experiment::harmful(plan, now);
  if (!harmful) return;
  row.harmed_at = at;
  row.harmed_candidate = *harmful;
  note({"platform", at}, "stopped_for_harm",
       system_of(row.plan, event::candidate(*harmful)).id + ": " +
           experiment::sentence_of_harm(plan, *experiment::harm_band(plan, now[*harmful])) +
           ", after " + base::format_count(tally.closed_customers()) + " customers");
}

// Also the moments at which is asked for alarms, and whether a candidate does harm: an
// always-valid question may be asked at any of them.
void Trial::Impl::add_series_point(base::Timestamp at) {
  const experiment::PlannedDesign& plan = row.plan.design;
  note_alarms(at);
  if (plan.dry_run) return;
  std::vector<experiment::Evidence> now;
  for (std::size_t k = 0; k < candidates_of(row.plan); ++k) now.push_back(evidence(k, {}));
  stop_if_harmed(now, at);
  // Long past its plan an experiment is still asked for harm, and drawn no further.
  if (static_cast<std::int64_t>(series.size()) >= kMaxSeriesPoints * plan.candidates) return;
  for (std::size_t k = 0; k < now.size(); ++k) {
    const auto band = experiment::always_valid_band(plan, now[k]);
    if (!band) continue;
    series.push_back({.at = at,
                      .customers_closed = tally.closed_customers(),
                      .candidate = k,
                      .estimate = band->estimate,
                      .lower = band->lower,
                      .upper = band->upper});
  }
}

experiment::Evidence Trial::Impl::evidence(std::size_t k,
                                           std::vector<experiment::Alarm> alarms) const {
  const experiment::DisagreementRows rows = tally.revenue[k].rows();
  experiment::Evidence evidence{
      .base = rows.everybody.base,
      .candidate = rows.everybody.candidate,
      .assigned = tally.enrolled(k),
      .alarms = std::move(alarms),
      .rows = rows,
      .harmed = row.harmed_at != base::Timestamp(0) && row.harmed_candidate == k,
      .counts = tally.secondary[k]};
  for (const LookRow& look : looks) evidence.information.push_back(look.information);
  if (candidates_of(row.plan) > 1) {
    for (const detail::ArmTally& arm : tally.arms) evidence.assigned_arms.push_back(arm.enrolled);
  }
  if (!tally.pooled.empty()) evidence.pooled = tally.pooled[k];
  if (!tally.before.empty())
    evidence.before = {tally.before[0].moments(), tally.before[1 + k].moments()};
  return evidence;
}

base::Result<experiment::CandidatesVerdict> Trial::Impl::judge() const {
  const std::vector<experiment::Alarm> alarms =
      detail::alarms(detail::record_checks(tally, row.plan));
  std::vector<experiment::Evidence> each;
  for (std::size_t k = 0; k < candidates_of(row.plan); ++k) each.push_back(evidence(k, alarms));
  return experiment::judge_candidates(row.plan.design, each);
}

// With one candidate the verdict's own sentence, which need not say whom it is about.
std::string Trial::Impl::sentence(const experiment::CandidatesVerdict& of) const {
  if (of.each.size() == 1) return experiment::sentence(of.each.front());
  std::vector<std::string> names;
  for (std::size_t k = 0; k < of.each.size(); ++k)
    names.push_back(system_of(row.plan, event::candidate(k)).id);
  return experiment::sentence(of, names);
}

std::vector<experiment::Check> Trial::Impl::checks() const {
  std::vector<experiment::Check> all;
  for (std::size_t k = 0; k < candidates_of(row.plan); ++k) {
    for (experiment::Check& check :
         experiment::data_checks(row.plan.design, evidence(k, {}), due() || verdict.has_value())) {
      if (k > 0 && check.code == "sample_ratio") continue;  // It is of all arms.
      if (candidates_of(row.plan) > 1 && check.code != "sample_ratio")
        detail::name_candidate(check, k);
      all.push_back(std::move(check));
    }
  }
  for (experiment::Check& check : detail::record_checks(tally, row.plan))
    all.push_back(std::move(check));
  if (!row.plan.design.dry_run)
    all.push_back(detail::hourly_check(tally, due() || verdict.has_value()));
  if (!row.plan.design.dry_run && !tally.by_segment.empty())
    all.push_back(detail::segment_check(tally, due() || verdict.has_value()));
  for (experiment::Check& check : detail::outcome_checks(counters.all()))
    all.push_back(std::move(check));
  return all;
}

// Everybody is in, and every word that is waited for: a look, or the end.
bool Trial::Impl::due() const {
  return row.state == State::kRunning && enrolment_full() &&
         tally.closed_customers() == tally.enrolled_customers() && open.awaiting() == 0;
}

void Trial::Impl::note(const Caller& caller, std::string_view action, std::string detail) {
  audit.push_back({.at = caller.at,
                   .who = caller.who,
                   .action = std::string(action),
                   .detail = std::move(detail)});
  row_changed = true;
}

base::Result<void> Trial::Impl::make_assignment() {
  const Plan& plan = row.plan;
  std::string salt =
      plan.salt.empty() ? plan.name + "#" + std::to_string(row.id.value()) : plan.salt;
  TRY_ASSIGN(assignment, experiment::Assignment::make(std::move(salt), 1, plan.design.design.ratio,
                                                      plan.design.candidates));
  return {};
}

base::Result<std::unique_ptr<Trial>> Trial::open(Store& store, ExperimentId id,
                                                 base::Timestamp now) {
  TRY_ASSIGN(std::optional<ExperimentRow> row, store.experiment(id));
  if (!row) return base::input_error("there is no experiment " + std::to_string(id.value()));
  if (row->started_at == base::Timestamp(0)) {
    return base::input_error("experiment " + std::to_string(id.value()) + " has not started");
  }
  TRY_ASSIGN(std::vector<TokenRow> tokens, store.tokens(id));
  // What an earlier version has started runs alone.
  if (alive(row->state) && row->slots.empty())
    row->slots = *experiment::allocate({}, row->sampling_share, 0);
  std::unique_ptr<Trial> trial(new Trial);
  trial->impl_ = std::make_unique<Impl>(store, *std::move(row), std::move(tokens));
  TRY(trial->impl_->make_assignment());
  TRY(trial->impl_->load(now));
  trial->publish_progress(now);
  return trial;
}

base::Result<std::unique_ptr<Trial>> Trial::begin(Store& store, const ExperimentRow& row,
                                                  std::vector<TokenRow> tokens) {
  std::unique_ptr<Trial> trial(new Trial);
  trial->impl_ = std::make_unique<Impl>(store, row, std::move(tokens));
  TRY(trial->impl_->make_assignment());
  trial->publish_progress(row.started_at);
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
    const bool unheard = !session.heard(systems_of(row.plan));
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
  TRY_ASSIGN(looks, store.looks(row.id));
  looks_stored = looks.size();
  TRY_ASSIGN(const std::vector<AuditRow> log, store.audit(row.id));
  for (const AuditRow& entry : log) {
    if (entry.action == kHealthAlarm)
      alarms_noted.insert(entry.detail.substr(0, entry.detail.find(':')));
  }
  TRY_ASSIGN(const std::optional<VerdictRow> issued, store.verdict(row.id));
  if (issued) {
    TRY_ASSIGN(verdict, parse_verdict(issued->figures));
  }
  return {};
}

// Taken as soon as everybody is in, whatever is committed when: the same records give the same
// looks. A look that ends the experiment is left to the next commit, which nothing can change any
// more.
void Trial::Impl::take_look() {
  if (over || tally.closed_customers() != tally.enrolled_customers() || !due()) return;
  auto judged = judge();
  if (!judged) {
    if (!failure) failure = std::move(judged).error();
    return;
  }
  over = std::ranges::any_of(judged->each, [](const experiment::Verdict& one) {
    return one.word != experiment::VerdictWord::kCollecting;
  });
  // Without a look a word that came late has left fewer on whom the systems differ: more must come.
  const auto looked = std::ranges::find_if(
      judged->each, [](const experiment::Verdict& one) { return one.look.has_value(); });
  if (over || looked == judged->each.end()) return;
  const experiment::Look& look = *looked->look;
  looks.push_back({.number = look.number,
                   .at = last_closed,
                   .information = look.information,
                   .z = look.z,
                   .level = look.level});
  note({"platform", last_closed}, "look_taken",
       "look " + std::to_string(look.number) + " of " + std::to_string(row.plan.design.looks) +
           ": it goes on");
}

base::Result<const Batch*> Trial::Impl::prepare_commit() {
  take_look();
  if (failure) return *failure;
  if (!over && !row_changed && open.dirty().empty() && !counters.any_changed() &&
      series_stored == series.size())
    return nullptr;

  Pending& p = pending;
  p.sessions.clear();
  for (const OpenSession* session : open.dirty()) p.sessions.push_back(session->row);
  p.counters = counters.changed();
  p.positions.clear();  // All of them: a handful.
  for (const auto& [source, position] : positions) p.positions.push_back({source, position});
  p.row = row;
  p.audit = audit;
  p.issued.reset();
  if (over && row.state == State::kRunning) {
    TRY_ASSIGN(p.judged, judge());
    p.issued = VerdictRow{.issued_at = last_closed,
                          .plan_hash = row.plan_hash,
                          .word = std::string(experiment::word(leading(p.judged).word)),
                          .figures = verdict_text(p.judged)};
    p.row.state = State::kComplete;
    p.row.ended_at = last_closed;
    p.audit.push_back({.at = last_closed,
                       .who = "platform",
                       .action = "verdict_issued",
                       .detail = p.issued->word});
  }
  p.batch = {.sessions = p.sessions,
             .counters = p.counters,
             .series = std::span(series).subspan(series_stored),
             .positions = p.positions,
             .experiment = p.issued || row_changed ? &p.row : nullptr,
             .looks = std::span(looks).subspan(looks_stored),
             .audit = p.audit,
             .verdict = p.issued ? &*p.issued : nullptr};
  return &p.batch;
}

void Trial::Impl::note_committed() {
  row = std::move(pending.row);
  row_changed = false;
  audit.clear();
  if (pending.issued) verdict = std::move(pending.judged);
  open.stored();
  counters.stored();
  series_stored = series.size();
  looks_stored = looks.size();
}

base::Result<ExperimentRow> Trial::Impl::row_as(State to) const {
  if (!may_become(row.state, to)) {
    return base::input_error("experiment " + std::to_string(row.id.value()) + " is " +
                             std::string(name(row.state)) + ": it cannot become " +
                             std::string(name(to)));
  }
  ExperimentRow changed = row;
  changed.state = to;
  return changed;
}

// Takes place once it is stored, with what the sessions become by it. A server may have stored it
// although its answer was lost: then the log knows. Where that cannot be read either, the next
// commit stores what holds here.
base::Result<void> Trial::Impl::change(ExperimentRow changed, const Caller& caller,
                                       std::string_view action, std::string detail,
                                       std::span<const SessionRow> sessions) {
  const AuditRow entry{.at = caller.at,
                       .who = caller.who,
                       .action = std::string(action),
                       .detail = std::move(detail)};
  const auto written = store.write(
      row.id, {.sessions = sessions, .experiment = &changed, .audit = std::span(&entry, 1)});
  if (!written) {
    const auto log = store.audit(row.id);
    if (!log) {
      note({"platform", caller.at}, "taken_back", entry.action + ": " + written.error().message);
      for (const SessionRow& session : sessions) open.touch(*open.find(session.session));
    }
    if (!log || !detail::stands_in(*log, entry)) return written;
  }
  row = std::move(changed);
  return {};
}

Trial::Trial() = default;
Trial::~Trial() = default;

base::Result<const Batch*> Trial::prepare_commit() { return impl_->prepare_commit(); }
void Trial::note_committed() { impl_->note_committed(); }

base::Result<void> Trial::commit() {
  TRY_ASSIGN(const Batch* const batch, impl_->prepare_commit());
  if (batch == nullptr) return {};
  TRY(impl_->store.write(id(), *batch));
  impl_->note_committed();
  return {};
}

base::Result<void> Trial::abort(std::string reason, const Caller& caller) {
  TRY(commit());
  TRY_ASSIGN(ExperimentRow changed, impl_->row_as(State::kAborted));
  changed.reason = reason;
  changed.ended_at = caller.at;
  changed.paused_at = {};
  std::vector<SessionRow> settled;
  for (const OpenSession* session : impl_->open.all()) {
    if (session->row.executed == Word::kNone)
      settled.push_back(impl_->with_fallback(session->row, caller.at));
  }
  TRY(impl_->change(std::move(changed), caller, "aborted", std::move(reason), settled));
  settle(caller.at);
  return {};
}

base::Result<void> Trial::conclude(const Caller& caller) {
  TRY(commit());
  TRY_ASSIGN(ExperimentRow changed, impl_->row_as(State::kConcluded));
  return impl_->change(std::move(changed), caller, "concluded", "");
}

base::Result<void> Trial::pause(const Caller& caller) {
  TRY(commit());
  TRY_ASSIGN(ExperimentRow changed, impl_->row_as(State::kPaused));
  changed.paused_at = caller.at;
  return impl_->change(std::move(changed), caller, "paused", "");
}

base::Result<void> Trial::resume(const Caller& caller) {
  TRY(commit());
  TRY_ASSIGN(ExperimentRow changed, impl_->row_as(State::kRunning));
  changed.paused_at = {};
  return impl_->change(std::move(changed), caller, "resumed", "");
}

base::Result<void> Trial::ramp(double sampling_share, experiment::Slots slots,
                               const Caller& caller) {
  TRY(commit());
  ExperimentRow changed = impl_->row;
  if (!alive(changed.state)) {
    return base::input_error("experiment " + std::to_string(changed.id.value()) + " is " +
                             std::string(name(changed.state)) + ": only a running one samples");
  }
  const double before = changed.sampling_share;
  if (!(sampling_share > before && sampling_share <= 1)) {
    return base::input_error("'sampling_share' is " + base::format_double(sampling_share) +
                             ": it may only rise, from " + base::format_double(before) +
                             " up to 1; customers who were sampled stay so");
  }
  changed.sampling_share = sampling_share;
  changed.slots = std::move(slots);
  return impl_->change(std::move(changed), caller, "ramped",
                       base::format_double(before) + " to " + base::format_double(sampling_share));
}

}  // namespace trial

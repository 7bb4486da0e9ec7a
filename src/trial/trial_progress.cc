// SPDX-License-Identifier: Apache-2.0
// What a trial shows, and the proof that it shows what is stored.
#include <algorithm>

#include "trial/detail/record_checks.h"
#include "trial/detail/trial_impl.h"
#include "trial/verdict_text.h"

namespace trial {

const experiment::Verdict& leading(const experiment::CandidatesVerdict& verdict) {
  return verdict.each[experiment::leader(verdict)];
}

namespace {

// Customers of a day at the pace so far.
std::optional<double> pace(const ExperimentRow& row, std::int64_t customers, base::Timestamp now) {
  constexpr double kHour = 3600e6;
  const base::Timestamp until = row.ended_at == base::Timestamp(0) ? now : row.ended_at;
  const auto micros = static_cast<double>((until - row.started_at).count());
  if (micros < kHour || customers == 0) return std::nullopt;
  return static_cast<double>(customers) * 24 * kHour / micros;
}

// What the version that issued a verdict did not count yet cannot differ.
void leave_out_unknown(const experiment::CandidatesVerdict& issued,
                       experiment::CandidatesVerdict* again) {
  for (std::size_t k = 0; k < std::min(issued.each.size(), again->each.size()); ++k) {
    const auto& figures = issued.each[k].figures;
    if (figures && figures->secondary.empty() && again->each[k].figures)
      again->each[k].figures->secondary.clear();
  }
}

}  // namespace

// What it says changes little from a sixteenth of the customers to the next; the last are not left
// out.
experiment::Check Trial::Impl::bootstrap_check(std::size_t k,
                                               const experiment::DisagreementRows& rows) const {
  resampled.resize(tally.bootstrap.size());
  Resampled& known = resampled[k];
  const std::int64_t now = rows.everybody.n();
  const bool grown = now >= known.customers + known.customers / 16;
  if (now == known.customers || !(grown || verdict || due())) return known.check;
  known = {.customers = now,
           .check = experiment::bootstrap_check(row.plan.design, rows, tally.bootstrap[k])};
  if (tally.bootstrap.size() > 1) detail::name_candidate(known.check, k);
  return known.check;
}

Progress Trial::progress(base::Timestamp now) const {
  const Impl& trial = *impl_;
  const detail::Tally& tally = trial.tally;
  Progress progress;
  progress.experiment = trial.row;
  progress.at = now;
  const experiment::PlannedDesign& plan = trial.row.plan.design;
  std::vector<experiment::DisagreementRows> rows;  // Of each candidate with base.
  for (const auto& moments : tally.revenue) rows.push_back(moments.rows());
  progress.arms.resize(tally.arms.size());
  progress.systems.resize(tally.systems.size());
  for (std::size_t i = 0; i < tally.arms.size(); ++i) {
    const detail::ArmTally& arm = tally.arms[i];
    ArmProgress& shown = progress.arms[i];
    const experiment::DisagreementRows& of = rows[i == 0 ? 0 : i - 1];
    shown.target = i == 0 ? trial.targets.base : trial.targets.candidate;
    shown.enrolled = arm.enrolled;
    shown.closed = arm.closed;
    shown.revenue = i == 0 ? of.everybody.base : of.everybody.candidate;
    shown.total = arm.total;
    shown.capped = arm.capped;
    shown.disagreeing = i == 0 ? of.disagree.base.n : of.disagree.candidate.n;
    shown.accepted = arm.accepted;
    shown.shown = arm.shown;
    const experiment::ArmCounts counts = tally.secondary[i == 0 ? 0 : i - 1].everybody();
    shown.buyers = i == 0 ? counts.base.buyers : counts.candidate.buyers;
    const detail::SystemTally& system = tally.systems[i];
    progress.systems[i] = {.decisions = system.decisions,
                           .late = system.late,
                           .missing = system.missing,
                           .shown = system.shown,
                           .timeouts = system.timeouts,
                           .latency_p50_ms = system.latency.quantile(0.5) / 1000,
                           .latency_p99_ms = system.latency.quantile(0.99) / 1000};
  }
  progress.distribution = tally.distribution;
  progress.agreement = tally.agreement;
  progress.frozen = trial.verdict.has_value();
  if (trial.verdict) {
    progress.verdict = *trial.verdict;
  } else if (auto verdict = trial.judge()) {
    // Both arms may hold their customers while others, enrolled beside them, are still open: no
    // word before all are in.
    progress.verdict = *std::move(verdict);
    for (experiment::Verdict& one : progress.verdict.each) {
      if (one.word != experiment::VerdictWord::kNoVerdict)
        one.word = experiment::VerdictWord::kCollecting;
      one.standing = experiment::EffectStanding::kNone;
      one.figures.reset();
      one.rows.reset();  // What each kind of customer spent tells too much.
      one.customers_to_settle.reset();
    }
    progress.verdict.winner.reset();
  }
  progress.sentence = trial.sentence(progress.verdict);
  progress.sessions_open = static_cast<std::int64_t>(trial.open.size()) - trial.open.awaiting();
  progress.sessions = tally.sessions;
  for (const detail::ArmTally& arm : tally.arms) progress.unreported += arm.unreported;
  progress.checks = trial.checks();
  for (std::size_t k = 0; k < tally.bootstrap.size(); ++k)
    progress.checks.push_back(trial.bootstrap_check(k, rows[k]));
  progress.looks = trial.looks;
  if (plan.disagreement) {
    const experiment::Customers among = experiment::compared_customers(plan);
    for (std::size_t i = 0; i < progress.arms.size(); ++i)
      progress.arms[i].disagreeing_target = i == 0 ? among.base : among.candidate;
  }
  progress.customers_per_day = pace(trial.row, tally.enrolled_customers(), now);
  if (progress.frozen && progress.leading().word == experiment::VerdictWord::kDryRunComplete) {
    std::vector<experiment::Rehearsed> each;
    for (std::size_t k = 0; k < rows.size(); ++k)
      each.push_back({.name = system_of(trial.row.plan, event::candidate(k)).id, .rows = rows[k]});
    if (auto forecast =
            experiment::forecast(plan, each, tally.secondary.front(), progress.customers_per_day))
      progress.forecast = *std::move(forecast);
  }
  progress.counters = trial.counters.all();
  progress.series = trial.series;
  return progress;
}

void Trial::publish_progress(base::Timestamp now) {
  auto fresh = std::make_shared<const Progress>(progress(now));
  const std::lock_guard lock(impl_->latest_mutex);
  impl_->latest.swap(fresh);
}

std::shared_ptr<const Progress> Trial::latest() const {
  const std::lock_guard lock(impl_->latest_mutex);
  return impl_->latest;
}

base::Result<void> Trial::recount() const {
  detail::Tally stored(impl_->row.plan);
  TRY(impl_->store.each_session(impl_->row.id,
                                [&](const SessionRow& session) { stored.replay(session); }));
  const std::string difference = impl_->tally.difference(stored);
  if (difference.empty()) return {};
  return base::system_error("the figures kept do not agree with the stored sessions: " +
                            difference);
}

base::Result<void> Trial::verify() const {
  const ExperimentRow& row = impl_->row;
  if (plan_hash(row.plan) != row.plan_hash) {
    return base::system_error("the plan is not the one that was started: its hash is " +
                              plan_hash(row.plan) + ", at the start it was " + row.plan_hash);
  }
  TRY(recount());
  TRY_ASSIGN(const std::optional<VerdictRow> issued, impl_->store.verdict(row.id));
  if (!issued) return {};
  if (issued->plan_hash != row.plan_hash)
    return base::system_error("the verdict was issued under another plan, " + issued->plan_hash);
  TRY_ASSIGN(experiment::CandidatesVerdict again, impl_->judge());
  TRY_ASSIGN(const experiment::CandidatesVerdict before, parse_verdict(issued->figures));
  leave_out_unknown(before, &again);
  const std::string text = verdict_text(again);
  if (text == issued->figures) return {};
  const auto [ours, theirs] =
      std::mismatch(text.begin(), text.end(), issued->figures.begin(), issued->figures.end());
  const auto begin = text.rfind('\n', static_cast<std::size_t>(ours - text.begin()));
  const std::size_t from = begin == std::string::npos ? 0 : begin + 1;
  return base::system_error("the verdict judged anew differs from the one issued: " +
                            text.substr(from, text.find('\n', from) - from));
}

}  // namespace trial

// SPDX-License-Identifier: Apache-2.0
// What a trial shows, and the proof that it shows what is stored.
#include <algorithm>

#include "trial/detail/trial_impl.h"
#include "trial/verdict_text.h"

namespace trial {

namespace {

// Customers of a day at the pace so far.
std::optional<double> pace(const ExperimentRow& row, std::int64_t customers, base::Timestamp now) {
  constexpr double kHour = 3600e6;
  const base::Timestamp until = row.ended_at == base::Timestamp(0) ? now : row.ended_at;
  const auto micros = static_cast<double>((until - row.started_at).count());
  if (micros < kHour || customers == 0) return std::nullopt;
  return static_cast<double>(customers) * 24 * kHour / micros;
}

}  // namespace

Progress Trial::progress(base::Timestamp now) const {
  const Impl& trial = *impl_;
  const detail::Tally& tally = trial.tally;
  Progress progress;
  progress.experiment = trial.row;
  progress.at = now;
  const experiment::PlannedDesign& plan = trial.row.plan.design;
  const experiment::DisagreementRows rows = tally.revenue.rows();
  progress.arms[0].target = trial.targets.base;
  progress.arms[1].target = trial.targets.candidate;
  for (std::size_t i = 0; i < 2; ++i) {
    const detail::ArmTally& arm = tally.arms[i];
    ArmProgress& shown = progress.arms[i];
    shown.enrolled = arm.enrolled;
    shown.closed = arm.closed;
    shown.revenue = i == 0 ? rows.everybody.base : rows.everybody.candidate;
    shown.total = arm.total;
    shown.capped = arm.capped;
    shown.disagreeing = i == 0 ? rows.disagree.base.n : rows.disagree.candidate.n;
    shown.accepted = arm.accepted;
    shown.shown = arm.shown;
    const detail::SystemTally& system = tally.systems[i];
    progress.systems[i] = {.decisions = system.decisions,
                           .late = system.late,
                           .missing = system.missing,
                           .shown = system.shown,
                           .timeouts = system.timeouts,
                           .latency_p50_ms = system.latency.quantile(0.5) / 1000,
                           .latency_p99_ms = system.latency.quantile(0.99) / 1000};
  }
  progress.agreement = tally.agreement;
  progress.frozen = trial.verdict.has_value();
  if (trial.verdict) {
    progress.verdict = *trial.verdict;
  } else if (auto verdict = trial.judge()) {
    // Both arms may hold their customers while others, enrolled beside them, are still open: no
    // word before all are in.
    progress.verdict = *std::move(verdict);
    if (progress.verdict.word != experiment::VerdictWord::kNoVerdict) {
      progress.verdict.word = experiment::VerdictWord::kCollecting;
    }
    progress.verdict.standing = experiment::EffectStanding::kNone;
    progress.verdict.figures.reset();
    progress.verdict.rows.reset();  // What each kind of customer spent tells too much.
    progress.verdict.customers_to_settle.reset();
  }
  progress.sentence = experiment::sentence(progress.verdict);
  progress.sessions_open = static_cast<std::int64_t>(trial.open.size()) - trial.open.awaiting();
  progress.sessions = tally.sessions;
  progress.unreported = tally.arms[0].unreported + tally.arms[1].unreported;
  progress.checks = trial.checks();
  progress.looks = trial.looks;
  if (plan.disagreement) {
    const experiment::Customers among = experiment::compared_customers(plan);
    progress.arms[0].disagreeing_target = among.base;
    progress.arms[1].disagreeing_target = among.candidate;
  }
  progress.customers_per_day = pace(trial.row, tally.enrolled_customers(), now);
  if (progress.frozen && progress.verdict.word == experiment::VerdictWord::kDryRunComplete) {
    if (auto forecast = experiment::forecast(plan, rows, progress.customers_per_day))
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
  TRY_ASSIGN(const experiment::Verdict again, impl_->judge());
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

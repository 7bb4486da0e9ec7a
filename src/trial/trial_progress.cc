// SPDX-License-Identifier: Apache-2.0
// What a trial shows, and the proof that it shows what is stored.
#include "trial/detail/trial_impl.h"

namespace trial {

Progress Trial::progress(base::Timestamp now) const {
  const Impl& trial = *impl_;
  const detail::Tally& tally = trial.tally;
  Progress progress;
  progress.experiment = trial.row;
  progress.at = now;
  progress.arms[0].target = trial.targets.base;
  progress.arms[1].target = trial.targets.candidate;
  for (std::size_t i = 0; i < 2; ++i) {
    const detail::ArmTally& arm = tally.arms[i];
    ArmProgress& shown = progress.arms[i];
    shown.enrolled = arm.enrolled;
    shown.closed = arm.closed;
    shown.revenue = arm.revenue.summary();
    shown.total = arm.revenue.total();
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
    progress.verdict.customers_to_settle.reset();
  }
  progress.sentence = experiment::sentence(progress.verdict);
  progress.sessions_open = static_cast<std::int64_t>(trial.open.size()) - trial.open.awaiting();
  progress.sessions = tally.sessions;
  progress.timed_out_sessions = tally.timed_out_sessions;
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
  detail::Tally stored(impl_->row.plan.fallback_show);
  TRY(impl_->store.each_session(impl_->row.id,
                                [&](const SessionRow& session) { stored.replay(session); }));
  const std::string difference = impl_->tally.difference(stored);
  if (difference.empty()) return {};
  return base::system_error("the figures kept do not agree with the stored sessions: " +
                            difference);
}

}  // namespace trial

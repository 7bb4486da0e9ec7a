// SPDX-License-Identifier: Apache-2.0
#include "trial/trial.h"

#include <algorithm>

#include "trial/detail/customer_place.h"
#include "trial/detail/trial_impl.h"

namespace trial {

using detail::OpenSession;
using event::DecisionReason;
using event::System;

namespace {

Word word_of(bool show) { return show ? Word::kShow : Word::kHide; }

SessionRow executed(SessionRow session, bool show, DecisionReason reason, base::Timestamp now) {
  session.executed = word_of(show);
  session.reason = reason;
  session.executed_at = now;
  return session;
}

base::Duration milliseconds(std::int64_t value) { return base::Duration(value * 1000); }

}  // namespace

// Of the look that is to come: nobody new is enrolled until it is taken.
bool Trial::Impl::enrolment_full() const {
  if (row.harmed_at != base::Timestamp(0)) return true;
  const experiment::PlannedDesign& plan = row.plan.design;
  for (std::size_t k = 0; k < candidates_of(row.plan); ++k) {
    const experiment::Enrolled enrolled{.customers = tally.enrolled(k),
                                        .disagreeing = plan.disagreement
                                                           ? tally.revenue[k].disagreeing()
                                                           : experiment::Customers{}};
    if (!experiment::enough(plan, static_cast<int>(looks.size()) + 1, enrolled)) return false;
  }
  return true;
}

base::Timestamp Trial::Impl::deadline(const SessionRow& session) const {
  return session.opened_at + milliseconds(row.plan.decision_deadline_ms);
}

std::optional<SessionRow> Trial::Impl::find(event::SessionId session) {
  if (const OpenSession* found = open.find(session)) return found->row;
  if (session.value() > newest_session) return std::nullopt;
  auto stored = store.session(row.id, session);
  if (stored) return *std::move(stored);
  if (!failure) failure = std::move(stored).error();
  return std::nullopt;
}

void Trial::Impl::tell(const SessionRow& executed) {
  outbox.decisions.push_back({.customer = executed.customer,
                              .session = executed.session,
                              .show = executed.executed == Word::kShow,
                              .system = executed.arm,
                              .reason = executed.reason});
}

void Trial::Impl::tell_unsampled(const event::Session& session) {
  outbox.decisions.push_back({.customer = session.customer,
                              .session = session.session,
                              .show = row.plan.fallback_show,
                              .system = System::kNone,
                              .reason = DecisionReason::kUnsampled});
}

OpenOutcome Trial::Impl::open_session(const event::Session& session, base::Timestamp now) {
  if (const auto known = find(session.session)) {
    if (known->customer != session.customer) return OpenOutcome::kInvalid;
    // Whoever asks again may not have heard the answer.
    if (known->executed != Word::kNone && known->closing == Closing::kOpen) tell(*known);
    return OpenOutcome::kDuplicate;
  }
  const auto leave_out = [&](OpenOutcome why) {
    tell_unsampled(session);
    return why;
  };
  if (row.state != State::kRunning) return leave_out(OpenOutcome::kNotRunning);
  if (const auto arm = customers.find(session.customer)) {
    enrol(session, *arm, false, now);
    return OpenOutcome::kRepeat;
  }
  if (!sampled(session.customer)) return leave_out(OpenOutcome::kNotSampled);
  if (enrolment_full()) return leave_out(OpenOutcome::kEnrolmentFull);
  const System arm = row.plan.design.dry_run ? System::kBase : arm_of(session.customer);
  customers.insert(session.customer, arm);
  enrol(session, arm, true, now);
  return OpenOutcome::kSampled;
}

bool Trial::Impl::sampled(event::CustomerId customer) const {
  return row.slots.owns(detail::place_of(customer));
}

System Trial::Impl::arm_of(event::CustomerId customer) const {
  const experiment::Arm arm = *assignment.assign(customer.value());  // All are sampled.
  const auto candidate = experiment::candidate_of(arm);
  return candidate ? event::candidate(*candidate) : System::kBase;
}

void Trial::Impl::enrol(const event::Session& session, System arm, bool counted,
                        base::Timestamp now) {
  SessionRow opened;
  opened.session = session.session;
  opened.customer = session.customer;
  opened.arm = arm;
  opened.counted = counted;
  opened.opened_at = now;
  opened.before = session.before;
  opened.segment = session.segment;
  open.touch(open.add(opened));
  newest_session = std::max(newest_session, session.session.value());
  tally.opened(opened);
  outbox.sampled.push_back({session.customer, session.session});
}

void Trial::Impl::execute(OpenSession& session, const SessionRow& executed) {
  session.row = executed;
  open.touch(session);
  tally.executed(session.row);
  tell(session.row);
}

SessionRow Trial::Impl::with_fallback(SessionRow session, base::Timestamp now) const {
  return executed(std::move(session), row.plan.fallback_show, DecisionReason::kTimeout, now);
}

void Trial::Impl::close(OpenSession& session, Closing closing, base::Cents revenue, bool accepted,
                        base::Timestamp now) {
  session.row.closing = closing;
  session.row.closed_at = now;
  session.row.revenue = revenue;
  session.row.accepted = accepted;
  open.touch(session);
  open.note_close(session);
  tally.closed(session.row);
  if (!session.row.counted) return;
  last_closed = std::max(last_closed, now);
  if (tally.closed_customers() % series_step() == 0) add_series_point(now);
}

DecisionOutcome Trial::Impl::record_decision(System topic, const event::Prediction& prediction,
                                             base::Timestamp now, bool elsewhere) {
  auto allowed = token_desk.check(prediction.token, topic);
  if (!allowed) {
    if (!failure) failure = std::move(allowed).error();
    return DecisionOutcome::kUnknownToken;
  }
  if (allowed->outcome != DecisionOutcome::kRecorded) return allowed->outcome;
  const System system = allowed->system;
  if (!customers.find(prediction.customer))
    return elsewhere ? DecisionOutcome::kOtherExperiment : DecisionOutcome::kUnknownCustomer;

  // Another system's word may come after the session's end, which follows on the decision
  // executed.
  OpenSession* session = open.oldest_of(prediction.customer);
  const bool any = session != nullptr;
  while (session != nullptr && session->row.of(system).word != Word::kNone)
    session = session->next_of_customer;
  if (session == nullptr)
    return any ? DecisionOutcome::kDuplicate : DecisionOutcome::kNoOpenSession;
  if (session->row.closing != Closing::kOpen && now > deadline(session->row))
    return DecisionOutcome::kNoOpenSession;

  const bool late = now > deadline(session->row);
  if (late && session->row.executed == Word::kNone) {
    execute(*session, with_fallback(session->row, now));
  }
  const base::Duration latency = std::max(now - session->row.opened_at, base::Duration(0));
  const SessionRow before = session->row;
  session->row.of(system) = {.word = word_of(prediction.show), .late = late, .latency = latency};
  open.touch(*session);
  if (before.closing != Closing::kOpen) {
    open.note_word_after_close(*session);
    tally.heard_after_close(before, session->row, system);
    return DecisionOutcome::kRecorded;
  }
  tally.decided(session->row, system);
  if (!late && system == session->row.arm) {
    execute(*session, executed(session->row, prediction.show, DecisionReason::kDecision, now));
  }
  return late ? DecisionOutcome::kLate : DecisionOutcome::kRecorded;
}

RevenueOutcome Trial::Impl::record_revenue(const event::Revenue& revenue, base::Timestamp now) {
  const auto known = find(revenue.session);
  if (!known) {
    const bool enrolled = customers.find(revenue.customer).has_value();
    const bool open_to_all = alive(row.state);
    const bool expected =
        open_to_all && (enrolled || (!enrolment_full() && sampled(revenue.customer)));
    return expected ? RevenueOutcome::kUnknownSession : RevenueOutcome::kOutside;
  }
  if (known->customer != revenue.customer) return RevenueOutcome::kUnknownSession;
  if (known->closing == Closing::kRevenue) return RevenueOutcome::kDuplicate;
  if (known->closing == Closing::kTimeout) return RevenueOutcome::kLate;
  if (known->executed == Word::kNone) return RevenueOutcome::kNotExecuted;
  if (revenue.revenue < base::Cents(0)) return RevenueOutcome::kNegative;
  if (revenue.revenue > row.plan.revenue_cap) return RevenueOutcome::kAbsurd;
  close(*open.find(revenue.session), Closing::kRevenue, revenue.revenue, revenue.accepted, now);
  return RevenueOutcome::kRecorded;
}

void Trial::Impl::expire(base::Timestamp now) {
  for (OpenSession* session;
       (session = open.oldest_undecided()) != nullptr && now > deadline(session->row);) {
    execute(*session, with_fallback(session->row, now));
  }
  const base::Duration longest = milliseconds(row.plan.session_timeout_ms);
  for (OpenSession* session;
       (session = open.oldest_unclosed()) != nullptr && now > session->row.opened_at + longest;) {
    // A session's time-out is never before its deadline, but a clock may have jumped over both.
    if (session->row.executed == Word::kNone) {
      execute(*session, with_fallback(session->row, now));
    }
    close(*session, Closing::kTimeout, base::Cents(0), false, now);
  }
  open.give_up_words(now - milliseconds(row.plan.decision_deadline_ms));
}

OpenOutcome Trial::open_session(const event::Session& session, base::Timestamp now) {
  const OpenOutcome outcome = impl_->open_session(session, now);
  impl_->counters.add(outcome);
  return outcome;
}

DecisionOutcome Trial::record_decision(System topic, const event::Prediction& prediction,
                                       base::Timestamp now, bool elsewhere) {
  const DecisionOutcome outcome = impl_->record_decision(topic, prediction, now, elsewhere);
  impl_->counters.add(topic, outcome);
  impl_->take_look();
  return outcome;
}

void Trial::admit_token(const TokenRow& token) { impl_->token_desk.admit(token); }

void Trial::revoke_token(const std::string& token, base::Timestamp now) {
  impl_->token_desk.revoke(token, now);
}

RevenueOutcome Trial::record_revenue(const event::Revenue& revenue, base::Timestamp now) {
  const RevenueOutcome outcome = impl_->record_revenue(revenue, now);
  impl_->counters.add(outcome);
  impl_->take_look();
  return outcome;
}

void Trial::expire(base::Timestamp now) {
  impl_->expire(now);
  impl_->take_look();
}

void Trial::settle(base::Timestamp now) {
  while (OpenSession* session = impl_->open.oldest_undecided()) {
    impl_->execute(*session, impl_->with_fallback(session->row, now));
  }
}

std::optional<base::Timestamp> Trial::next_expiry() const {
  std::optional<base::Timestamp> next;
  if (const OpenSession* session = impl_->open.oldest_unclosed()) {
    next = session->row.opened_at + milliseconds(impl_->row.plan.session_timeout_ms);
  }
  if (const OpenSession* session = impl_->open.oldest_unheard()) {
    const base::Timestamp deadline = impl_->deadline(session->row);
    next = next ? std::min(*next, deadline) : deadline;
  }
  return next;
}

void Trial::count(std::string_view topic, std::string_view outcome, std::int64_t by) {
  impl_->counters.add(topic, outcome, by);
}

void Trial::set_position(std::string_view source, std::int64_t next) {
  const auto found = impl_->positions.find(source);
  if (found != impl_->positions.end())
    found->second = next;
  else
    impl_->positions.emplace(source, next);
}

std::optional<std::int64_t> Trial::position(std::string_view source) const {
  const auto found = impl_->positions.find(source);
  return found == impl_->positions.end() ? std::nullopt : std::optional(found->second);
}

const Outbox& Trial::outbox() const { return impl_->outbox; }

void Trial::clear_outbox() {
  impl_->outbox.sampled.clear();
  impl_->outbox.decisions.clear();
}

void Trial::republish() {
  for (const OpenSession* session : impl_->open.all()) {
    const SessionRow& row = session->row;
    if (!row.heard(systems_of(plan()))) {
      impl_->outbox.sampled.push_back({row.customer, row.session});
    }
    if (row.executed != Word::kNone && row.closing == Closing::kOpen) impl_->tell(row);
  }
}

State Trial::state() const { return impl_->row.state; }
ExperimentId Trial::id() const { return impl_->row.id; }
const Plan& Trial::plan() const { return impl_->row.plan; }
const experiment::Slots& Trial::slots() const { return impl_->row.slots; }

bool Trial::enrolled(event::CustomerId customer) const {
  return impl_->customers.find(customer).has_value();
}
bool Trial::issued(std::string_view token) const { return impl_->token_desk.issued(token); }
bool Trial::knows(event::SessionId session) const { return impl_->find(session).has_value(); }
bool Trial::waits_for(event::SessionId session) const {
  return impl_->open.find(session) != nullptr;
}

base::Result<std::optional<SessionRow>> Trial::session(event::SessionId session) const {
  if (const OpenSession* open = impl_->open.find(session)) return std::optional(open->row);
  return impl_->store.session(impl_->row.id, session);
}

}  // namespace trial

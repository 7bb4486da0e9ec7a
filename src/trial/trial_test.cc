// SPDX-License-Identifier: Apache-2.0
#include "trial/trial.h"

#include <gtest/gtest.h>

#include "trial/detail/tally.h"
#include "trial/fixture_test.h"
#include "trial/verdict_text.h"

namespace trial {
namespace {

using event::DecisionReason;
using event::System;

class Living : public ::testing::Test, protected Fixture {
 protected:
  void SetUp() override { begin(small_plan()); }

  OpenOutcome open(std::int64_t customer, std::int64_t session) {
    return trial().open_session({event::CustomerId(customer), event::SessionId(session)}, now);
  }
  DecisionOutcome decide(System system, std::int64_t customer, bool show) {
    return trial().record_decision(system, {event::CustomerId(customer), show, token(system)}, now);
  }
  RevenueOutcome pay(std::int64_t customer, std::int64_t session, std::int64_t cents,
                     bool accepted = false) {
    return trial().record_revenue(
        {event::CustomerId(customer), event::SessionId(session), base::Cents(cents), accepted},
        now);
  }
  SessionRow row(std::int64_t session) {
    auto found = trial().session(event::SessionId(session));
    EXPECT_TRUE(found && *found);
    return **found;
  }
  // A customer of the wanted arm whose session 1000 + customer is open.
  std::int64_t open_in(System arm) {
    for (std::int64_t customer = next_++;; customer = next_++) {
      EXPECT_EQ(open(customer, 1000 + customer), OpenOutcome::kSampled);
      if (row(1000 + customer).arm == arm) return customer;
    }
  }
  void later(std::int64_t ms) { now = now + base::Duration(ms * 1000); }
  void commit() { ASSERT_TRUE(trial().commit()); }

  std::int64_t next_ = 1;
};

TEST_F(Living, executes_the_assigned_systems_decision_and_records_both) {
  const std::int64_t customer = open_in(System::kCandidate);
  trial().clear_outbox();
  later(3);
  EXPECT_EQ(decide(System::kBase, customer, false), DecisionOutcome::kRecorded);
  EXPECT_TRUE(trial().outbox().decisions.empty());
  later(4);
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kRecorded);
  ASSERT_EQ(trial().outbox().decisions.size(), 1U);
  const event::Decision expected{.customer = event::CustomerId(customer),
                                 .session = event::SessionId(1000 + customer),
                                 .show = true,
                                 .system = System::kCandidate,
                                 .reason = DecisionReason::kDecision};
  EXPECT_EQ(trial().outbox().decisions[0], expected);
  EXPECT_EQ(pay(customer, 1000 + customer, 1234, true), RevenueOutcome::kRecorded);
  commit();
  const SessionRow kept = row(1000 + customer);
  EXPECT_EQ(kept.of(System::kBase), (SystemWord{Word::kHide, false, base::Duration(3000)}));
  EXPECT_EQ(kept.of(System::kCandidate), (SystemWord{Word::kShow, false, base::Duration(7000)}));
  EXPECT_EQ(kept.executed, Word::kShow);
  EXPECT_EQ(kept.revenue, base::Cents(1234));
  EXPECT_TRUE(kept.accepted);
  EXPECT_EQ(trial().progress(now).agreement[0].add, 1);
}

TEST_F(Living, gives_the_fallback_after_the_deadline_and_keeps_the_row) {
  const std::int64_t customer = open_in(System::kBase);
  trial().clear_outbox();
  EXPECT_EQ(trial().next_expiry(), std::optional(now + base::Duration(100'000)));
  later(100);
  trial().expire(now);
  EXPECT_TRUE(trial().outbox().decisions.empty());
  later(1);
  trial().expire(now);
  ASSERT_FALSE(trial().outbox().decisions.empty());
  EXPECT_EQ(row(1000 + customer).reason, DecisionReason::kTimeout);
  EXPECT_EQ(row(1000 + customer).executed, Word::kHide);
  // The decision comes after all: recorded as late, never executed.
  EXPECT_EQ(decide(System::kBase, customer, true), DecisionOutcome::kLate);
  EXPECT_EQ(decide(System::kBase, customer, true), DecisionOutcome::kDuplicate);
  EXPECT_EQ(row(1000 + customer).executed, Word::kHide);
  EXPECT_EQ(row(1000 + customer).of(System::kBase),
            (SystemWord{Word::kShow, true, base::Duration(101'000)}));
  EXPECT_EQ(pay(customer, 1000 + customer, 500), RevenueOutcome::kRecorded);
  const Progress progress = trial().progress(now);
  EXPECT_EQ(progress.systems[0].timeouts, 1);
  EXPECT_EQ(progress.systems[0].late, 1);
  EXPECT_EQ(progress.systems[1].missing, 1);
  EXPECT_EQ(progress.agreement[0].agree, 1);  // Both would have ended in the fallback.
}

TEST_F(Living,
       takes_a_decision_after_the_deadline_as_late_even_before_anybody_looked_at_the_clock) {
  const std::int64_t customer = open_in(System::kCandidate);
  later(101);
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kLate);
  EXPECT_EQ(row(1000 + customer).reason, DecisionReason::kTimeout);
  EXPECT_EQ(row(1000 + customer).executed, Word::kHide);
}

TEST_F(Living, the_first_decision_stands) {
  const std::int64_t customer = open_in(System::kCandidate);
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(decide(System::kCandidate, customer, false), DecisionOutcome::kDuplicate);
  EXPECT_EQ(row(1000 + customer).executed, Word::kShow);
}

TEST_F(Living, records_the_other_systems_word_after_the_end_of_the_session) {
  const std::int64_t customer = open_in(System::kCandidate);
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(pay(customer, 1000 + customer, 100), RevenueOutcome::kRecorded);
  commit();
  later(99);
  trial().expire(now);
  EXPECT_EQ(decide(System::kBase, customer, false), DecisionOutcome::kRecorded);
  EXPECT_EQ(decide(System::kBase, customer, true), DecisionOutcome::kDuplicate);
  commit();
  EXPECT_EQ(row(1000 + customer).of(System::kBase).word, Word::kHide);
  EXPECT_EQ(trial().progress(now).agreement[0].add, 1);
  EXPECT_EQ(trial().progress(now).systems[0].missing, 0);
  EXPECT_TRUE(trial().recount());
}

TEST_F(Living, waits_for_the_other_systems_word_until_the_deadline_only) {
  const std::int64_t customer = open_in(System::kCandidate);
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(pay(customer, 1000 + customer, 100), RevenueOutcome::kRecorded);
  commit();
  ASSERT_EQ(trial().next_expiry(), std::optional(now + base::Duration(100'000)));
  later(101);
  trial().expire(now);
  EXPECT_EQ(decide(System::kBase, customer, false), DecisionOutcome::kNoOpenSession);
  EXPECT_EQ(trial().progress(now).systems[0].missing, 1);
  commit();
  EXPECT_TRUE(trial().recount());
}

TEST_F(Living, refuses_what_is_not_a_decision_of_this_experiment) {
  const std::int64_t customer = open_in(System::kBase);
  const auto with = [&](System topic, std::string_view text) {
    return trial().record_decision(topic, {event::CustomerId(customer), true, text}, now);
  };
  EXPECT_EQ(with(System::kBase, "23u84023u4h0"), DecisionOutcome::kMalformedToken);
  EXPECT_EQ(with(System::kBase, issue_token("test")->text), DecisionOutcome::kUnknownToken);
  EXPECT_EQ(with(System::kBase, token(System::kCandidate)), DecisionOutcome::kWrongSystem);
  EXPECT_EQ(decide(System::kBase, 987654321, true), DecisionOutcome::kUnknownCustomer);
  EXPECT_EQ(row(1000 + customer).of(System::kBase).word, Word::kNone);
}

TEST_F(Living, knows_the_token_of_an_earlier_experiment) {
  const std::string old(token(System::kBase));
  ASSERT_TRUE(registry().abort(trial().id(), "to start another", {"test", now}));
  begin_another(small_plan());
  open(1, 1);
  EXPECT_EQ(trial().record_decision(System::kBase, {event::CustomerId(1), true, old}, now),
            DecisionOutcome::kWrongExperiment);
}

TEST_F(Living, gives_each_bad_revenue_its_reason) {
  const std::int64_t customer = open_in(System::kBase);
  const std::int64_t session = 1000 + customer;
  EXPECT_EQ(pay(customer, session, 100), RevenueOutcome::kNotExecuted);
  EXPECT_EQ(decide(System::kBase, customer, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(pay(customer, 77, 100), RevenueOutcome::kUnknownSession);
  EXPECT_EQ(pay(customer + 1'000'000, session, 100), RevenueOutcome::kUnknownSession);
  EXPECT_EQ(pay(customer, session, -1), RevenueOutcome::kNegative);
  EXPECT_EQ(pay(customer, session, 1'000'001), RevenueOutcome::kAbsurd);
  EXPECT_EQ(pay(customer, session, 1'000'000), RevenueOutcome::kRecorded);
  EXPECT_EQ(pay(customer, session, 5), RevenueOutcome::kDuplicate);
  commit();
  EXPECT_EQ(pay(customer, session, 5), RevenueOutcome::kDuplicate);  // Now from the store.
  EXPECT_EQ(row(session).revenue, base::Cents(1'000'000));
  EXPECT_EQ(trial().progress(now).arms[0].total, base::Cents(1'000'000));
}

TEST_F(Living, closes_a_session_whose_end_never_comes) {
  const std::int64_t customer = open_in(System::kBase);
  later(60'001);
  trial().expire(now);
  EXPECT_EQ(row(1000 + customer).closing, Closing::kTimeout);
  EXPECT_EQ(row(1000 + customer).executed, Word::kHide);
  EXPECT_EQ(pay(customer, 1000 + customer, 100), RevenueOutcome::kLate);
  EXPECT_GE(trial().progress(now).unreported, 1);
  EXPECT_EQ(decide(System::kBase, customer, true), DecisionOutcome::kNoOpenSession);
  EXPECT_EQ(trial().next_expiry(), std::nullopt);
}

TEST_F(Living, counts_a_customer_once_and_keeps_the_arm) {
  const std::int64_t customer = open_in(System::kCandidate);
  EXPECT_EQ(open(customer, 5000), OpenOutcome::kRepeat);
  EXPECT_EQ(open(customer, 5000), OpenOutcome::kDuplicate);
  EXPECT_EQ(open(customer + 1, 5000), OpenOutcome::kInvalid);
  EXPECT_EQ(row(5000).arm, System::kCandidate);
  EXPECT_FALSE(row(5000).counted);
  // Two open sessions: the first decision is for the older one, the second for the other.
  EXPECT_EQ(decide(System::kCandidate, customer, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(row(5000).executed, Word::kNone);
  EXPECT_EQ(decide(System::kCandidate, customer, false), DecisionOutcome::kRecorded);
  EXPECT_EQ(row(5000).executed, Word::kHide);
  EXPECT_EQ(decide(System::kCandidate, customer, false), DecisionOutcome::kDuplicate);
  EXPECT_EQ(pay(customer, 5000, 900), RevenueOutcome::kRecorded);
  EXPECT_EQ(trial().progress(now).arms[1].closed, 0);
  EXPECT_EQ(pay(customer, 1000 + customer, 100), RevenueOutcome::kRecorded);
  EXPECT_EQ(trial().progress(now).arms[1].closed, 1);
  EXPECT_EQ(trial().progress(now).arms[1].total, base::Cents(100));
  commit();
  EXPECT_EQ(open(customer, 5000), OpenOutcome::kDuplicate);
  EXPECT_EQ(open(customer + 1, 5000), OpenOutcome::kInvalid);
}

TEST_F(Living, tells_the_unsampled_to_do_as_the_fallback_says) {
  Plan plan = small_plan();
  plan.sampling_share = 0.2;
  ASSERT_TRUE(registry().abort(trial().id(), "to start another", {"test", now}));
  begin_another(plan);
  int sampled = 0;
  for (std::int64_t customer = 1; customer <= 100; ++customer) {
    const OpenOutcome outcome = open(customer, customer);
    sampled += outcome == OpenOutcome::kSampled ? 1 : 0;
    if (outcome == OpenOutcome::kSampled) continue;
    EXPECT_EQ(outcome, OpenOutcome::kNotSampled);
    EXPECT_EQ(trial().outbox().decisions.back().reason, DecisionReason::kUnsampled);
    EXPECT_EQ(trial().outbox().decisions.back().system, System::kNone);
    EXPECT_EQ(pay(customer, customer, 100), RevenueOutcome::kOutside);
  }
  EXPECT_GT(sampled,
            5);  // Binomial(100, 0.2), fixed by the salt: five deviations would be 0 to 40.
  EXPECT_LT(sampled, 40);
  EXPECT_EQ(trial().outbox().sampled.size(), static_cast<std::size_t>(sampled));
}

TEST_F(Living, issues_the_verdict_when_all_counted_sessions_are_closed_and_never_changes_it) {
  std::vector<std::int64_t> customers;
  std::int64_t customer = 1;
  while (open(customer, customer) == OpenOutcome::kSampled) customers.push_back(customer++);
  EXPECT_EQ(open(customer, customer), OpenOutcome::kEnrolmentFull);
  for (const std::int64_t who : customers) {
    decide(System::kBase, who, false);
    decide(System::kCandidate, who, true);
  }
  for (std::size_t i = 0; i < customers.size(); ++i) {
    EXPECT_EQ(trial().state(), State::kRunning);
    EXPECT_FALSE(trial().progress(now).leading().figures);
    const bool candidate = row(customers[i]).arm == System::kCandidate;
    pay(customers[i], customers[i],
        1000 + static_cast<std::int64_t>(i % 7) + (candidate ? 300 : 0));
    commit();
  }
  EXPECT_EQ(trial().state(), State::kComplete);
  const Progress done = trial().progress(now);
  EXPECT_TRUE(done.frozen);
  EXPECT_EQ(done.leading().word, experiment::VerdictWord::kBetterByEffect) << done.sentence;
  EXPECT_EQ(done.experiment.plan_hash, plan_hash(trial().plan()));
  EXPECT_LE(done.series.size(), static_cast<std::size_t>(kMaxSeriesPoints));
  EXPECT_EQ(open(999'999, 999'999), OpenOutcome::kNotRunning);

  // The stored one reads back to the bit, and so does a trial that is opened anew.
  const auto stored = store().verdict(trial().id());
  ASSERT_TRUE(stored && *stored);
  EXPECT_EQ((*stored)->plan_hash, done.experiment.plan_hash);
  EXPECT_EQ((*stored)->figures, verdict_text(done.verdict));
  EXPECT_EQ(verdict_text(*parse_verdict((*stored)->figures)), (*stored)->figures);
  EXPECT_FALSE(store().write(trial().id(), {.verdict = &**stored}));  // Never a second one.
  const auto again = Trial::open(store(), trial().id(), now);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->latest()->sentence, done.sentence);
  EXPECT_TRUE((*again)->recount());
  ASSERT_TRUE(registry().conclude(trial().id(), {"test", now}));
  EXPECT_EQ(trial().state(), State::kConcluded);
  EXPECT_FALSE(registry().abort(trial().id(), "too late", {"test", now}));
}

TEST_F(Living, says_again_after_a_restart_what_may_not_have_been_heard) {
  const std::int64_t undecided = open_in(System::kBase);
  const std::int64_t executed = open_in(System::kCandidate);
  decide(System::kCandidate, executed, true);
  const std::size_t open_now = static_cast<std::size_t>(trial().progress(now).sessions_open);
  commit();
  reopen();
  EXPECT_TRUE(trial().outbox().sampled.empty());
  trial().republish();
  EXPECT_EQ(trial().outbox().sampled.size(), open_now);  // None has both decisions.
  ASSERT_EQ(trial().outbox().decisions.size(), 1U);
  EXPECT_EQ(trial().outbox().decisions[0].customer, event::CustomerId(executed));
  EXPECT_EQ(open(undecided, 1000 + undecided), OpenOutcome::kDuplicate);
  EXPECT_EQ(decide(System::kBase, undecided, true), DecisionOutcome::kRecorded);
}

TEST_F(Living, counters_survive_a_restart) {
  open(1, 1);
  open(1, 1);
  trial().count("session", "not_json", 3);
  commit();
  reopen();
  open(1, 1);
  std::string seen;
  for (const CounterRow& counter : trial().progress(now).counters) {
    seen += counter.topic + "/" + counter.outcome + "=" + std::to_string(counter.count) + " ";
  }
  EXPECT_EQ(seen, "session/duplicate=2 session/not_json=3 session/sampled=1 ");
}

TEST_F(Living, notices_when_the_store_holds_other_figures) {
  const std::int64_t customer = open_in(System::kBase);
  decide(System::kBase, customer, true);
  pay(customer, 1000 + customer, 100);
  commit();
  EXPECT_TRUE(trial().recount());
  SessionRow changed = row(1000 + customer);
  changed.revenue = base::Cents(101);
  ASSERT_TRUE(store().write(trial().id(), {.sessions = std::span(&changed, 1)}));
  const auto counted = trial().recount();
  ASSERT_FALSE(counted);
  EXPECT_NE(counted.error().message.find("base arm"), std::string::npos) << counted.error().message;
}

// Uncapped, and those who spent nothing apart.
TEST_F(Living, counts_customers_by_what_they_spent) {
  Plan plan = small_plan();
  plan.cap = base::Cents(500);
  ASSERT_TRUE(registry().abort(trial().id(), "another one", {"test", now}));
  begin_another(plan);
  const std::int64_t customer = open_in(System::kBase);
  const std::int64_t other = open_in(System::kBase);
  decide(System::kBase, customer, true);
  decide(System::kBase, other, true);
  pay(customer, 1000 + customer, 0);
  pay(other, 1000 + other, 12'345);
  const experiment::MoneyHistogram of_base = trial().progress(now).distribution.at(0);
  EXPECT_EQ(of_base.zeros(), 1);
  EXPECT_EQ(of_base.n(), 2);
  for (std::size_t i = 0; i < of_base.counts().size(); ++i) {
    const bool his =
        of_base.edges()[i].value() <= 12'345 && 12'345 < of_base.edges()[i + 1].value();
    EXPECT_EQ(of_base.counts()[i], his ? 1 : 0);
  }
  EXPECT_EQ(of_base.edges().back(), plan.revenue_cap);
  EXPECT_EQ(trial().progress(now).distribution.at(1).n(), 0);
}

// All sums stay as they were: only the bootstrap's groups tell who it was.
TEST_F(Living, notices_when_the_store_holds_another_customer) {
  const std::int64_t customer = open_in(System::kBase);
  decide(System::kBase, customer, true);
  pay(customer, 1000 + customer, 100);
  commit();
  detail::Tally stored(trial().plan());
  detail::Tally changed(trial().plan());
  SessionRow session = row(1000 + customer);
  stored.replay(session);
  session.customer = event::CustomerId(customer + 1);
  changed.replay(session);
  EXPECT_EQ(stored.difference(stored), "");
  EXPECT_EQ(stored.difference(changed), "revenue by bootstrap group");
}

}  // namespace
}  // namespace trial

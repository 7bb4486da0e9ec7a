// SPDX-License-Identifier: Apache-2.0
#include "trial/registry.h"

#include <gtest/gtest.h>

#include "trial/fixture_test.h"

namespace trial {
namespace {

class Registering : public ::testing::Test, protected Fixture {
 protected:
  void SetUp() override { begin(small_plan()); }
};

TEST_F(Registering, refuses_to_start_while_incoherent_and_offers_the_repair) {
  ASSERT_TRUE(registry().abort(trial().id(), "making room", {"test", now}));
  Plan plan = small_plan();
  plan.design.customers = 5;
  const StartCheck check = registry().check_start(plan);
  EXPECT_FALSE(check.may_start());
  ASSERT_FALSE(check.coherence.repairs.empty());
  EXPECT_EQ(check.coherence.repairs[0].field, "customers");
  const auto id = registry().create(plan, {"test", now});
  ASSERT_TRUE(id);
  const auto refused = registry().start(*id, {"test", now});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(store().tokens(*id)->empty());
  plan.design.customers = static_cast<std::int64_t>(check.coherence.repairs[0].value);
  ASSERT_TRUE(registry().change(*id, plan, {"test", now}));
  EXPECT_TRUE(registry().start(*id, {"test", now}));
}

TEST_F(Registering, lets_nobody_start_without_customers_of_its_own) {
  const auto second = registry().create(small_plan(), {"test", now});
  ASSERT_TRUE(second);
  const auto refused = registry().start(*second, {"test", now});
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      refused.error().message,
      "experiment 2 cannot start: it asks for 100.0 % of the customers and 0.0 % are free: "
      "experiment 1 holds 100.0 %; lower its sampling share, wait for a verdict, or abort one");
}

TEST_F(Registering, freezes_the_plan_at_the_start) {
  Plan other = small_plan();
  other.hypothesis = "now that I have seen the data";
  EXPECT_FALSE(registry().change(trial().id(), other, {"test", now}));
  EXPECT_FALSE(registry().start(trial().id(), {"test", now}));
  ExperimentRow row = **store().experiment(trial().id());
  row.plan = other;
  ASSERT_TRUE(store().write(row.id, {.experiment = &row}));
  EXPECT_EQ((*store().experiment(row.id))->plan.hypothesis, "");
  EXPECT_EQ(plan_hash((*store().experiment(row.id))->plan), row.plan_hash);
}

TEST_F(Registering, refuses_plans_that_mean_nothing) {
  const auto message = [&](auto change) {
    Plan plan = small_plan();
    change(plan);
    const auto refused = registry().create(plan, {"test", now});
    return refused ? std::string() : refused.error().message;
  };
  EXPECT_EQ(message([](Plan& p) { p.name = ""; }), "'name' is empty: it needs a text");
  EXPECT_EQ(message([](Plan& p) {
              p.name =
                  "a\x1f"
                  "b";
            }),
            "'name' holds a control character: use plain text");
  EXPECT_EQ(message([](Plan& p) { p.candidate = p.base; }),
            "base and candidate are both 'age-sex': they need two different ids");
  EXPECT_EQ(message([](Plan& p) { p.sampling_share = 0; }),
            "'sampling_share' is 0: it lies above 0 and not above 1");
  EXPECT_EQ(message([](Plan& p) { p.decision_deadline_ms = 0; }),
            "'decision_deadline_ms' is 0: it lies between 1 and 3600000");
  EXPECT_NE(message([](Plan& p) { p.session_timeout_ms = 99; }), "");
  EXPECT_NE(message([](Plan& p) { p.revenue_cap = base::Cents(0); }), "");
  EXPECT_NE(message([](Plan& p) { p.environment = "Live Shop"; }), "");
}

TEST_F(Registering, plans_read_back_equal) {
  Plan plan = small_plan();
  plan.hypothesis = "two\nlines \\ and 'quotes' = ñ";
  plan.design.skew = 0.1 + 0.2;
  plan.design.design.sides = experiment::Sides::kTwo;
  const std::string text = canonical_text(plan);
  const auto back = parse_plan(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(canonical_text(*back), text);
  EXPECT_EQ(back->hypothesis, plan.hypothesis);
  EXPECT_EQ(back->design.skew, plan.design.skew);
  EXPECT_FALSE(parse_plan(text.substr(0, text.size() / 2)));
}

TEST_F(Registering, finds_the_running_experiment_again) {
  const ExperimentId id = trial().id();
  reopen();
  ASSERT_FALSE(registry().live().empty());
  EXPECT_EQ(registry().live().all()[0]->id(), id);
  EXPECT_EQ(registry().live().all()[0]->state(), State::kRunning);
  EXPECT_TRUE(registry().progress(id, now));
  EXPECT_FALSE(registry().progress(ExperimentId(77), now));
}

TEST_F(Registering, validates_a_draft_and_makes_it_a_draft_again_when_it_changes) {
  const ExperimentId id = *registry().create(small_plan(), {"ana", now});
  ASSERT_TRUE(registry().validate(id, {"luis", now}));
  EXPECT_EQ((*registry().experiment(id))->state, State::kValidated);
  EXPECT_FALSE(registry().validate(id, {"luis", now}));
  ASSERT_TRUE(registry().change(id, small_plan(), {"ana", now}));
  EXPECT_EQ((*registry().experiment(id))->state, State::kDraft);
  Plan hasty = small_plan();
  hasty.design.customers = 3;
  const ExperimentId other = *registry().create(hasty, {"ana", now});
  const auto refused = registry().validate(other, {"ana", now});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("is not coherent"), std::string::npos)
      << refused.error().message;
}

TEST_F(Registering, pauses_and_goes_on_also_after_a_restart) {
  const ExperimentId id = trial().id();
  EXPECT_FALSE(registry().resume(id, {"ana", now}));
  ASSERT_TRUE(registry().pause(id, {"ana", now}));
  EXPECT_FALSE(registry().pause(id, {"ana", now}));
  reopen();
  ASSERT_FALSE(registry().live().empty());
  EXPECT_EQ(trial().state(), State::kPaused);
  EXPECT_EQ(trial().open_session({event::CustomerId(1), event::SessionId(1)}, now),
            OpenOutcome::kNotRunning);
  EXPECT_FALSE(registry().start(*registry().create(small_plan(), {"ana", now}), {"ana", now}));
  ASSERT_TRUE(registry().resume(id, {"ana", now}));
  EXPECT_EQ(trial().open_session({event::CustomerId(1), event::SessionId(2)}, now),
            OpenOutcome::kSampled);
}

TEST_F(Registering, writes_down_who_did_what) {
  const ExperimentId id = trial().id();
  ASSERT_TRUE(registry().pause(id, {"ana", now}));
  ASSERT_TRUE(registry().resume(id, {"luis", now}));
  ASSERT_TRUE(registry().abort(id, "out of stock", {"eva", now}));
  const auto audit = registry().audit(id);
  ASSERT_TRUE(audit);
  std::string told;
  for (const AuditRow& row : *audit)
    told += std::to_string(row.number) + " " + row.who + " " + row.action + "; ";
  EXPECT_EQ(told, "1 test created; 2 test started; 3 ana paused; 4 luis resumed; 5 eva aborted; ");
  EXPECT_EQ(audit->back().detail, "out of stock");
}

TEST_F(Registering, takes_decisions_by_a_new_token_and_by_a_revoked_one_no_longer) {
  const ExperimentId id = trial().id();
  const auto open = [&](std::int64_t n) {
    ASSERT_EQ(trial().open_session({event::CustomerId(n), event::SessionId(n)}, now),
              OpenOutcome::kSampled);
  };
  const auto decide = [&](std::int64_t n, const std::string& token) {
    return trial().record_decision(event::System::kCandidate, {event::CustomerId(n), true, token},
                                   now);
  };
  const std::string old(token(event::System::kCandidate));
  const std::string fresh = *registry().issue_token(id, event::System::kCandidate, {"ana", now});
  const std::string old_id(parse_token(old)->id);
  open(1);
  EXPECT_EQ(decide(1, old), DecisionOutcome::kRecorded);  // Both are good for a while.
  ASSERT_TRUE(registry().revoke_token(id, old_id, {"ana", now}));
  open(2);
  EXPECT_EQ(decide(2, old), DecisionOutcome::kUnknownToken);
  EXPECT_EQ(decide(2, fresh), DecisionOutcome::kRecorded);
  EXPECT_FALSE(registry().revoke_token(id, old_id, {"ana", now}));
  EXPECT_FALSE(registry().revoke_token(id, "nobodys", {"ana", now}));
  ASSERT_TRUE(trial().commit());
  reopen();
  open(3);
  EXPECT_EQ(decide(3, old), DecisionOutcome::kUnknownToken);
}

TEST(state, follows_the_table) {
  EXPECT_TRUE(may_become(State::kDraft, State::kRunning));
  EXPECT_TRUE(may_become(State::kRunning, State::kComplete));
  EXPECT_FALSE(may_become(State::kRunning, State::kDraft));
  EXPECT_FALSE(may_become(State::kConcluded, State::kRunning));
  for (int i = 0; i < kStates; ++i)
    EXPECT_EQ(state_of(name(static_cast<State>(i))), static_cast<State>(i));
  EXPECT_TRUE(may_become(State::kRunning, State::kPaused));
  EXPECT_TRUE(may_become(State::kValidated, State::kDraft));
  EXPECT_FALSE(may_become(State::kPaused, State::kComplete));
  EXPECT_FALSE(may_become(State::kDraft, State::kPaused));
  EXPECT_FALSE(state_of("stopped"));
}

}  // namespace
}  // namespace trial

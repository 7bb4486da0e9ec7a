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
  ASSERT_TRUE(registry().abort(trial().id(), "making room", now));
  Plan plan = small_plan();
  plan.design.customers = 5;
  const StartCheck check = registry().check_start(plan);
  EXPECT_FALSE(check.may_start());
  ASSERT_FALSE(check.coherence.repairs.empty());
  EXPECT_EQ(check.coherence.repairs[0].field, "customers");
  const auto id = registry().create(plan, now);
  ASSERT_TRUE(id);
  const auto refused = registry().start(*id, now);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(store().tokens(*id)->empty());
  plan.design.customers = static_cast<std::int64_t>(check.coherence.repairs[0].value);
  ASSERT_TRUE(registry().change(*id, plan));
  EXPECT_TRUE(registry().start(*id, now));
}

TEST_F(Registering, lets_one_run_at_a_time) {
  const auto second = registry().create(small_plan(), now);
  ASSERT_TRUE(second);
  const auto refused = registry().start(*second, now);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("experiment 1 is running"), std::string::npos)
      << refused.error().message;
}

TEST_F(Registering, freezes_the_plan_at_the_start) {
  Plan other = small_plan();
  other.hypothesis = "now that I have seen the data";
  EXPECT_FALSE(registry().change(trial().id(), other));
  EXPECT_FALSE(registry().start(trial().id(), now));
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
    const auto refused = registry().create(plan, now);
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
  ASSERT_NE(registry().live(), nullptr);
  EXPECT_EQ(registry().live()->id(), id);
  EXPECT_EQ(registry().live()->state(), State::kRunning);
  EXPECT_TRUE(registry().progress(id, now));
  EXPECT_FALSE(registry().progress(ExperimentId(77), now));
}

TEST(state, follows_the_table) {
  EXPECT_TRUE(may_become(State::kDraft, State::kRunning));
  EXPECT_TRUE(may_become(State::kRunning, State::kComplete));
  EXPECT_FALSE(may_become(State::kRunning, State::kDraft));
  EXPECT_FALSE(may_become(State::kConcluded, State::kRunning));
  for (int i = 0; i < kStates; ++i)
    EXPECT_EQ(state_of(name(static_cast<State>(i))), static_cast<State>(i));
  EXPECT_FALSE(state_of("paused"));
}

}  // namespace
}  // namespace trial

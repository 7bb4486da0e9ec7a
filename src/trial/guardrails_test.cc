// SPDX-License-Identifier: Apache-2.0
// Guardrails in a running experiment.
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "trial/fixture_test.h"
#include "trial/verdict_text.h"

namespace trial {
namespace {

using event::System;
using experiment::GuardrailStanding;
using experiment::SecondaryMetric;

// The candidate offers to everybody and base to nobody. An offer raises what is spent by a half
// and frightens `lost` of the buyers away.
class Guarded : public ::testing::Test, protected Fixture {
 protected:
  void live(double lost, std::uint64_t seed = 5) {
    base::Random random(seed);
    for (std::int64_t n = 1; alive(trial().state()); ++n) {
      const event::CustomerId customer(n);
      const event::SessionId session(n);
      now = now + base::Duration(1000);
      if (trial().open_session({customer, session}, now) != OpenOutcome::kSampled) continue;
      trial().record_decision(System::kBase, {customer, false, token(System::kBase)}, now);
      trial().record_decision(System::kCandidate, {customer, true, token(System::kCandidate)}, now);
      const bool show = (*trial().session(session))->executed == Word::kShow;
      const bool buys = random.bernoulli(0.5) && !(show && random.bernoulli(lost));
      const double dollars = buys ? (show ? 60 : 40) + 10 * random.normal() : 0;
      ASSERT_EQ(
          trial().record_revenue(
              {customer, session, base::Cents(std::llround(std::max(0.0, dollars) * 100)), buys},
              now),
          RevenueOutcome::kRecorded);
      ASSERT_TRUE(trial().commit());
    }
    shown = trial().progress(now);
  }
  Progress shown;
};

// 2,500 customers in each arm; of buyers 5 points may be lost.
Plan guarded() {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 3, .deviation = 25};
  plan.design.guardrails = {{.metric = SecondaryMetric::kBuyers, .worst = 0.05}};
  plan.design.customers = 2500;
  return plan;
}

TEST_F(Guarded, a_better_candidate_that_keeps_its_buyers_is_taken) {
  begin(guarded());
  live(0);
  const experiment::Verdict& verdict = shown.leading();
  EXPECT_TRUE(experiment::is_better(verdict));
  EXPECT_EQ(verdict.figures->secondary.front().standing, GuardrailStanding::kHolds);
  EXPECT_EQ(shown.verdict.winner, 0U);
}

// A quarter of the buyers gone: −12.5 points, yet more money.
TEST_F(Guarded, one_that_loses_them_is_not) {
  begin(guarded());
  live(0.25);
  const experiment::Verdict& verdict = shown.leading();
  EXPECT_TRUE(experiment::is_better(verdict));
  EXPECT_EQ(verdict.figures->secondary.front().standing, GuardrailStanding::kBroken);
  EXPECT_FALSE(shown.verdict.winner);
  const experiment::SecondaryFigures& offers = verdict.figures->secondary[2];
  EXPECT_EQ(offers.base, 0);
  EXPECT_EQ(offers.candidate, 1);
  const experiment::SecondaryFigures& acceptance = verdict.figures->secondary[3];
  EXPECT_FALSE(acceptance.base);
  EXPECT_NEAR(*acceptance.candidate, 0.375, 4 * 0.5 / std::sqrt(2500));
  const ArmProgress& base = shown.arms[0];
  EXPECT_NEAR(static_cast<double>(base.buyers) / static_cast<double>(base.closed), 0.5,
              4 * 0.5 / std::sqrt(2500));

  // As after a restart: the stored verdict says the same, and the records give it again.
  ASSERT_TRUE(trial().recount());
  reopen();
  auto again = Trial::open(store(), shown.experiment.id, now);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*again)->progress(now).leading().figures->secondary, verdict.figures->secondary);
  EXPECT_FALSE((*again)->progress(now).verdict.winner);
  const auto verified = (*again)->verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

TEST_F(Guarded, a_dry_run_measures_the_deviation_to_plan_with) {
  Plan plan = guarded();
  plan.design.dry_run = true;
  plan.design.guardrails = {{.metric = SecondaryMetric::kBuyers, .worst = 0.05},
                            {.metric = SecondaryMetric::kRevenuePerBuyer, .worst = 2}};
  begin(plan);
  live(0);
  ASSERT_TRUE(shown.forecast);
  const auto& guardrails = shown.forecast->suggested.guardrails;
  ASSERT_EQ(guardrails.size(), 2U);
  EXPECT_NEAR(*guardrails[0].deviation, 0.5, 0.01);
  // Base's buyers spend 40 ± 10; per customer and share of buyers 10·√0.5/0.5 = 14.1.
  EXPECT_NEAR(*guardrails[1].deviation, 14.1, 1);
}

TEST(Guardrails, are_part_of_the_plan_that_is_hashed) {
  Plan plan = guarded();
  plan.design.guardrails.push_back(
      {.metric = SecondaryMetric::kRevenuePerBuyer, .worst = 2.5, .deviation = 14.1});
  const auto back = parse_plan(canonical_text(plan));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->design, plan.design);
  Plan looser = plan;
  looser.design.guardrails[0].worst = 0.06;
  EXPECT_NE(plan_hash(looser), plan_hash(plan));
  Plan without = plan;
  without.design.guardrails.clear();
  EXPECT_EQ(canonical_text(without).find("guardrail"), std::string::npos);
}

}  // namespace
}  // namespace trial

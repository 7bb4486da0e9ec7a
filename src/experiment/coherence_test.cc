// SPDX-License-Identifier: Apache-2.0
#include "experiment/coherence.h"

#include <gtest/gtest.h>

#include <iterator>
#include <limits>
#include <random>

#include "experiment/operating_characteristics.h"
#include "experiment/repaired_for_test.h"

namespace experiment {
namespace {

PlannedDesign plan(std::int64_t customers) {
  return {.design = {.effect_per_customer = 0.7, .deviation = 15}, .customers = customers};
}

std::vector<std::string> codes(const std::vector<Reason>& reasons) {
  std::vector<std::string> result;
  for (const Reason& reason : reasons) result.push_back(reason.code);
  return result;
}

TEST(Coherence, accepts_what_the_solver_gives) {
  const Coherence result = check(plan(5679));
  EXPECT_EQ(result.outcome, CoherenceOutcome::kAccepted);
  EXPECT_TRUE(result.reasons.empty());
  EXPECT_TRUE(result.repairs.empty());
  EXPECT_EQ(result.sentence, "n = 5,679 gives 80.0 % power for 0.70 $");
}

TEST(Coherence, refuses_one_customer_less) {
  const Coherence result = check(plan(5678));
  EXPECT_EQ(result.outcome, CoherenceOutcome::kRefused);
  EXPECT_EQ(codes(result.reasons), std::vector<std::string>{"underpowered"});
  EXPECT_EQ(result.reasons[0].have, 5678);
  EXPECT_EQ(result.reasons[0].need, 5679);
}

TEST(Coherence, says_the_four_repairs) {
  const Coherence result = check(plan(5000));
  EXPECT_EQ(result.sentence,
            "n = 5,000 gives 75.4 % power for 0.70 $. Use 5,679 · accept 0.746 $ · accept 75.4 % · "
            "accept α 6.8 %");
}

// What a repair offers must work when it is typed in, however the numbers round.
TEST(Coherence, every_repair_makes_the_design_coherent) {
  for (const double ratio : {1.0, 0.3, 2.5}) {
    for (const Sides sides : {Sides::kOne, Sides::kTwo}) {
      for (const std::int64_t n : {40, 300, 1000, 5000}) {
        for (const double margin : {0.0, -0.35, 100.0}) {
          PlannedDesign refused = plan(n);
          refused.design.ratio = ratio;
          refused.design.sides = sides;
          refused.design.margin = margin;
          refused.design.effect_per_customer = margin + 0.4;
          const Coherence result = check(refused);
          SCOPED_TRACE(result.sentence);
          ASSERT_FALSE(result.accepted());
          ASSERT_GE(result.repairs.size(), 3U);
          for (const Repair& repair : result.repairs) {
            for (const double value : {repair.value, repair.exact}) {
              EXPECT_TRUE(check(repaired(refused, repair, value)).accepted())
                  << repair.field << ' ' << value;
            }
          }
        }
      }
    }
  }
}

TEST(Coherence, offers_no_alpha_of_a_half) {
  const Coherence result = check(plan(10));
  for (const Repair& repair : result.repairs) EXPECT_NE(repair.field, "alpha");
}

TEST(Coherence, remarks_on_more_than_needed) {
  const Coherence result = check(plan(12000));
  EXPECT_EQ(result.outcome, CoherenceOutcome::kMoreThanNeeded);
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(codes(result.remarks), std::vector<std::string>{"more_than_needed"});
  EXPECT_NE(
      result.sentence.find("more than needed: 5,679 are enough; these find an effect of 0.482 $"),
      std::string::npos)
      << result.sentence;
}

TEST(Coherence, names_every_wrong_number_and_computes_nothing) {
  PlannedDesign wrong = plan(1);
  wrong.design.alpha = std::numeric_limits<double>::quiet_NaN();
  wrong.design.effect_per_customer = 0;
  wrong.skew = std::numeric_limits<double>::infinity();
  wrong.customers_per_day = 0;
  const Coherence result = check(wrong);
  EXPECT_EQ(codes(result.reasons),
            (std::vector<std::string>{"not_a_number", "effect_not_above_margin",
                                      "too_few_customers", "not_a_number", "not_positive"}));
  EXPECT_FALSE(result.achieved_power);
  EXPECT_FALSE(check(plan(kMostCustomers + 1)).accepted());
  EXPECT_FALSE(check(plan(std::numeric_limits<std::int64_t>::min())).accepted());
}

// Whatever is typed in gives an answer: no crash, no hang, reasons exactly when refused.
TEST(Coherence, answers_whatever_is_typed_in) {
  const double values[] = {0,
                           -1,
                           1e-320,
                           1e-200,
                           1e-12,
                           0.049,
                           0.5,
                           0.9999999,
                           1,
                           15,
                           1e9,
                           1e99,
                           1e300,
                           std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()};
  const std::int64_t customers[] = {
      std::numeric_limits<std::int64_t>::min(), 0, 2, 3, 5000, kMostCustomers,
      std::numeric_limits<std::int64_t>::max()};
  std::mt19937_64 random(1);
  const auto pick = [&](const auto& list) { return list[random() % std::size(list)]; };
  for (int i = 0; i < 5000; ++i) {
    PlannedDesign typed = plan(pick(customers));
    // Mostly valid, so that the computations behind the first checks are reached.
    double* numbers[] = {
        &typed.design.alpha,  &typed.design.power,     &typed.design.effect_per_customer,
        &typed.design.margin, &typed.design.deviation, &typed.design.ratio};
    for (double* number : numbers) {
      if (random() % 3 == 0) *number = pick(values);
    }
    if (random() % 4 == 0) typed.design.candidate_deviation = pick(values);
    if (random() % 4 == 0) typed.skew = pick(values);
    if (random() % 4 == 0) typed.customers_per_day = pick(values);
    if (random() % 4 == 0) typed.longest_days = pick(values);
    if (random() % 2 == 0) typed.design.sides = Sides::kTwo;
    const Coherence result = check(typed);
    EXPECT_EQ(result.accepted(), result.reasons.empty());
    EXPECT_FALSE(result.sentence.empty());
    if (!result.accepted()) continue;
    for (const OutcomeChances& row :
         operating_characteristics(typed.design, arms(typed.customers, typed.design.ratio))) {
      EXPECT_GE(row.better, 0);
      EXPECT_LE(row.better, 1);
      EXPECT_GE(row.inconclusive, 0);
    }
  }
}

TEST(Coherence, still_refuses_when_no_number_of_customers_is_enough) {
  PlannedDesign hopeless = plan(1000);
  hopeless.design.effect_per_customer = 1e-7;
  const Coherence result = check(hopeless);
  EXPECT_FALSE(result.accepted());
  EXPECT_FALSE(result.customers_needed);
  EXPECT_EQ(result.repairs.at(0).field, "effect");
}

TEST(Coherence, skewed_revenue_asks_for_equal_arms) {
  PlannedDesign skewed = plan(8000);
  skewed.skew = 10;  // 355·100 = 35,500 customers.
  EXPECT_TRUE(check(skewed).accepted());
  EXPECT_EQ(codes(check(skewed).remarks), (std::vector<std::string>{"skewed", "more_than_needed"}));
  skewed.design.ratio = 2;
  EXPECT_EQ(codes(check(skewed).reasons), std::vector<std::string>{"skewed_and_unequal"});
  skewed.customers = 40000;
  EXPECT_TRUE(check(skewed).accepted());
}

TEST(Coherence, refuses_what_takes_too_long) {
  PlannedDesign slow = plan(5679);
  slow.customers_per_day = 1000;
  slow.longest_days = 10;
  const Coherence result = check(slow);
  EXPECT_EQ(codes(result.reasons), std::vector<std::string>{"too_long"});
  EXPECT_NEAR(*result.days, 11.358, 1e-12);
  slow.longest_days = 12;
  EXPECT_TRUE(check(slow).accepted());
  slow.customers_per_day = 5000;
  EXPECT_EQ(codes(check(slow).remarks), std::vector<std::string>{"less_than_a_week"});
}

TEST(Coherence, refuses_no_candidate_and_too_many) {
  PlannedDesign several = plan(8000);
  several.candidates = 3;
  EXPECT_TRUE(check(several).accepted());
  several.harm_alpha = 0.01;
  EXPECT_TRUE(check(several).accepted());
  for (const int candidates : {0, -1, kMostCandidates + 1}) {
    PlannedDesign absurd = plan(8000);
    absurd.candidates = candidates;
    EXPECT_EQ(codes(check(absurd).reasons), std::vector<std::string>{"candidates_out_of_range"});
  }
}

// Each repair makes the plan coherent.
void expect_repaired(const PlannedDesign& plan, const Coherence& refused) {
  EXPECT_FALSE(refused.repairs.empty());
  for (const Repair& repair : refused.repairs) {
    EXPECT_TRUE(check(repaired(plan, repair)).accepted()) << repair.text;
  }
}

TEST(Coherence, says_the_repairs_of_several_candidates_with_looks) {
  PlannedDesign several = plan(5000);
  several.candidates = 3;
  several.looks = 4;
  const Coherence refused = check(several);
  EXPECT_EQ(codes(refused.reasons), std::vector<std::string>{"underpowered"});
  EXPECT_EQ(refused.repairs.size(), 4u);
  expect_repaired(several, refused);
}

TEST(Coherence, says_the_repairs_of_several_candidates) {
  PlannedDesign several = plan(5000);
  several.candidates = 3;
  several.design.ratio = 0.5;
  several.customers_per_day = 100;
  const Coherence refused = check(several);
  EXPECT_EQ(
      refused.sentence,
      "n = 5,000 + 3 × 2,500 gives 42.5 % power for 0.70 $. Use 11,861 + 3 × 5,931 (297 days) "
      "· accept 1.08 $ · accept 42.5 % · accept α 33 %");
  expect_repaired(several, refused);
  EXPECT_EQ(check(several).days, 125);
}

TEST(Coherence, refuses_a_covariate_that_cannot_be) {
  PlannedDesign adjusted = plan(8000);
  adjusted.covariate = true;
  adjusted.correlation = 0.5;
  EXPECT_TRUE(check(adjusted).accepted());
  PlannedDesign by_disagreement = adjusted;
  by_disagreement.disagreement = {.share = 0.5, .deviation = 15};
  EXPECT_EQ(codes(check(by_disagreement).reasons),
            std::vector<std::string>{"covariate_by_disagreement"});
  adjusted.covariate = false;
  EXPECT_EQ(codes(check(adjusted).reasons),
            std::vector<std::string>{"correlation_without_covariate"});
  for (const double wrong : {1.0, -1.0, 7.0, std::numeric_limits<double>::quiet_NaN()}) {
    adjusted.correlation = wrong;
    EXPECT_EQ(codes(check(adjusted).reasons), std::vector<std::string>{"correlation_out_of_range"});
  }
}

}  // namespace
}  // namespace experiment

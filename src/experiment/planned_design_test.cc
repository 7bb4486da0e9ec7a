// SPDX-License-Identifier: Apache-2.0
#include "experiment/planned_design.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "base/number.h"
#include "experiment/checks.h"
#include "experiment/coherence.h"
#include "experiment/disagreement_design.h"
#include "experiment/distribution.h"
#include "experiment/forecast.h"
#include "experiment/operating_characteristics.h"
#include "experiment/repaired_for_test.h"
#include "experiment/several_candidates.h"
#include "experiment/verdict.h"

namespace experiment {
namespace {

PlannedDesign plan(std::optional<ExpectedDisagreement> disagreement, int looks) {
  return {.design = {.effect_per_customer = 0.7, .deviation = 15},
          .disagreement = disagreement,
          .looks = looks};
}

std::vector<PlannedDesign> kinds() {
  return {plan({}, 1), plan(ExpectedDisagreement{0.3, 15, {}}, 1), plan({}, 5),
          plan(ExpectedDisagreement{0.4, 20, 22.0}, 3)};
}

TEST(PlannedDesign, customers_needed_are_the_fewest_with_the_promised_power) {
  for (PlannedDesign each : kinds()) {
    each.customers = *customers_needed(each);
    EXPECT_GE(*planned_power(each), 0.8);
    // ⌊q·n⌋ stays for some n: the fewest is looked for among those compared.
    const std::int64_t compared = compared_customers(each).base;
    while (compared_customers(each).base == compared) --each.customers;
    EXPECT_LT(*planned_power(each), 0.8);
  }
}

TEST(PlannedDesign, is_the_exact_solver_for_everybody_at_one_look) {
  PlannedDesign everybody = plan({}, 1);
  EXPECT_EQ(*customers_needed(everybody), *solve_customers(everybody.design));
  everybody.customers = 5000;
  EXPECT_EQ(*effect_found(everybody), *solve_effect(everybody.design, 5000));
  EXPECT_EQ(*alpha_needed(everybody), *solve_alpha(everybody.design, 5000));
}

TEST(PlannedDesign, agrees_with_the_disagreement_solver_and_the_sequential_one) {
  const PlannedDesign cheap = plan(ExpectedDisagreement{0.3, 15, {}}, 1);
  const auto solved = solve_disagreement(
      {.design = cheap.design, .share = 0.3, .deviation = 15, .candidate_deviation = {}});
  // Base customers of one arm against customers of both.
  EXPECT_NEAR(static_cast<double>(2 * *customers_needed(cheap)),
              static_cast<double>(solved->customers), 8);
  const PlannedDesign looked = plan({}, 5);
  const auto sequential =
      design_sequential(looked.design, look_shares(5), Spending::kObrienFleming);
  EXPECT_NEAR(static_cast<double>(*customers_needed(looked)),
              static_cast<double>(sequential->most_base_customers), 1);
}

TEST(PlannedDesign, every_repair_makes_a_refused_plan_coherent) {
  for (PlannedDesign each : kinds()) {
    each.customers = *customers_needed(each) * 3 / 4;
    const Coherence refused = check(each);
    ASSERT_FALSE(refused.accepted());
    ASSERT_EQ(refused.repairs.size(), 4U) << refused.sentence;
    for (const Repair& repair : refused.repairs) {
      const Coherence again = check(repaired(each, repair));
      EXPECT_TRUE(again.accepted()) << repair.text << ": " << again.sentence;
    }
  }
}

TEST(PlannedDesign, names_what_is_wrong_beside_the_four_numbers) {
  PlannedDesign wrong = plan(ExpectedDisagreement{1.5, -1, {}}, 0);
  wrong.customers = 1000;
  wrong.harm_alpha = 0.5;
  std::string codes;
  for (const Reason& reason : check(wrong).reasons) codes += reason.code + " ";
  EXPECT_EQ(codes,
            "looks_out_of_range harm_alpha_out_of_range share_out_of_range "
            "disagreeing_deviation_not_positive ");
  // A rare disagreement: enough power, but below the floor.
  PlannedDesign rare = plan(ExpectedDisagreement{0.05, 5, {}}, 1);
  rare.customers = 1000;
  const Coherence few = check(rare);
  ASSERT_FALSE(few.accepted());
  EXPECT_EQ(few.reasons.front().code, "too_few_disagreeing");
  ASSERT_EQ(few.repairs.size(), 1U);
  EXPECT_EQ(few.repairs.front().value, 4000);
  // And hardly to be believed: 0.7/0.05 = 14 $ each, more than the 5 $ they vary by.
  EXPECT_EQ(few.remarks.front().code, "effect_per_disagreeing_implausible");
}

TEST(PlannedDesign, of_a_dry_run_needs_no_deviation_and_no_power) {
  PlannedDesign dry{.design = {.effect_per_customer = 0.7}, .customers = 1000};
  EXPECT_FALSE(check(dry).accepted());
  dry.dry_run = true;
  EXPECT_TRUE(check(dry).accepted()) << check(dry).sentence;
  EXPECT_FALSE(enough(dry, 1, {.customers = {999, 5}}));
  EXPECT_TRUE(enough(dry, 1, {.customers = {1000, 0}}));
}

TEST(PlannedDesign, knows_when_a_look_has_its_customers) {
  PlannedDesign looked = plan({}, 4);
  looked.customers = 10;
  EXPECT_FALSE(enough(looked, 1, {.customers = {2, 9}}));
  EXPECT_TRUE(enough(looked, 1, {.customers = {3, 3}}));
  EXPECT_FALSE(enough(looked, 3, {.customers = {8, 7}}));
  EXPECT_TRUE(enough(looked, 4, {.customers = {10, 10}}));
  EXPECT_NEAR(information(looked, {.customers = {5, 5}}), 0.5, 1e-12);

  PlannedDesign cheap = plan(ExpectedDisagreement{0.2, 15, {}}, 1);
  cheap.customers = 1000;
  EXPECT_FALSE(enough(cheap, 1, {.customers = {1500, 1500}, .disagreeing = {199, 250}}));
  EXPECT_TRUE(enough(cheap, 1, {.customers = {900, 900}, .disagreeing = {200, 200}}));
  // They differ less often than planned: it ends all the same.
  EXPECT_TRUE(enough(cheap, 1, {.customers = {3000, 3000}, .disagreeing = {20, 25}}));
}

SampleSummary summary(std::int64_t n, double mean, double deviation) {
  return {.n = n, .mean = mean, .variance = deviation * deviation, .deviation = deviation};
}

TEST(Verdict, goes_on_at_a_look_that_does_not_cross_and_ends_at_one_that_does) {
  PlannedDesign looked = plan({}, 4);
  looked.customers = *customers_needed(looked);
  const std::int64_t quarter = (looked.customers + 3) / 4;
  const auto at = [&](double difference) {
    return Evidence{.base = summary(quarter, 40, 15),
                    .candidate = summary(quarter, 40 + difference, 15),
                    .assigned = {quarter, quarter}};
  };
  // The fixed test would call 1.1 $ better here; the first of four looks asks for more.
  const Verdict calm = *judge(looked, at(1.1));
  EXPECT_EQ(calm.word, VerdictWord::kCollecting);
  ASSERT_TRUE(calm.look);
  EXPECT_FALSE(calm.figures);
  EXPECT_NEAR(calm.look->information, 0.25, 0.001);
  EXPECT_LT(calm.look->level, 0.001);
  const Verdict clear = *judge(looked, at(3));
  EXPECT_EQ(clear.word, VerdictWord::kBetterByEffect);
  EXPECT_EQ(clear.look->number, 1);
  EXPECT_GT(clear.figures->lower, 0.7);
  // One side: a bad look does not end it.
  EXPECT_EQ(judge(looked, at(-3))->word, VerdictWord::kCollecting);
  looked.design.sides = Sides::kTwo;
  EXPECT_EQ(judge(looked, at(-3))->word, VerdictWord::kWorse);
}

TEST(Verdict, asks_for_the_customers_of_a_plan_by_disagreement) {
  PlannedDesign cheap = plan(ExpectedDisagreement{0.3, 15, {}}, 1);
  cheap.customers = 2000;
  const auto refused = judge(cheap, {.base = summary(2000, 40, 15),
                                     .candidate = summary(2000, 41, 15),
                                     .assigned = {2000, 2000}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("disagreement"), std::string::npos);
}

TEST(SeveralCandidates, with_looks_share_alpha_as_sidak_does) {
  PlannedDesign three = plan({}, 5);
  three.candidates = 3;
  EXPECT_DOUBLE_EQ(comparison_alpha(three), -std::expm1(std::log1p(-0.05) / 3));
  three.customers = *customers_needed(three);
  EXPECT_GE(*planned_power(three), 0.8);
  PlannedDesign once = three;
  once.looks = 1;
  EXPECT_GT(three.customers, *customers_needed(once));
  EXPECT_LT(static_cast<double>(three.customers),
            1.08 * static_cast<double>(*customers_needed(once)));
  --three.customers;
  EXPECT_LT(*planned_power(three), 0.8);
}

TEST(Forecast, tells_what_each_way_of_comparing_would_take) {
  DisagreementRows rows;
  rows.agree.base = summary(8000, 40, 15);
  rows.add.base = summary(1500, 40, 15);
  rows.remove.base = summary(500, 40, 15);
  rows.disagree.base = summary(2000, 40, 15);
  rows.everybody.base = summary(10'000, 40, 15);
  PlannedDesign dry = plan({}, 1);
  dry.dry_run = true;
  dry.design.deviation = 0;
  dry.customers = 10'000;
  const auto of = [&](const DisagreementRows& one) {
    return forecast(dry, std::array{Rehearsed{.rows = one}}, SecondaryRows{}, 1000.0);
  };
  const Forecast told = *of(rows);
  EXPECT_DOUBLE_EQ(told.candidates[0].share, 0.2);
  EXPECT_DOUBLE_EQ(told.candidates[0].adds, 0.15);
  EXPECT_DOUBLE_EQ(*told.candidates[0].effect_per_disagreeing, 3.5);
  EXPECT_EQ(told.everybody->arms.base, 5679);
  EXPECT_EQ(told.suggested.disagreement->deviation, 15);
  ASSERT_TRUE(told.suggested.disagreement);
  EXPECT_FALSE(told.suggested.dry_run);
  EXPECT_NEAR(static_cast<double>(told.suggested.customers), 0.2 * 5679, 10);
  EXPECT_TRUE(check(told.suggested).accepted());
  EXPECT_NEAR(*told.everybody->days, 11.358, 0.001);
  EXPECT_EQ(told.sentence,
            "the systems differ for 20.0 % of customers: by disagreement " +
                base::format_count(told.suggested.customers) +
                " customers in each arm (2.3 days) are enough to find 0.70 $, where comparing "
                "everybody takes 5,679 customers in each arm (11 days)");
  // Nobody differs: only everybody can be compared.
  rows.disagree.base = rows.add.base = rows.remove.base = {};
  EXPECT_FALSE(of(rows)->suggested.disagreement);
  EXPECT_FALSE(of(DisagreementRows{}));
}

// 10,000 customers, on `differing` of whom a candidate differs, with that deviation.
DisagreementRows rehearsed(std::int64_t differing, double deviation) {
  DisagreementRows rows;
  rows.agree.base = summary(10'000 - differing, 40, 15);
  rows.add.base = rows.disagree.base = summary(differing, 40, deviation);
  rows.everybody.base = summary(10'000, 40, 15);
  return rows;
}

// The first differs for 20 % with 15 $ and takes q·σ² = 45, the second for 4 % with 25 $ and takes
// 25: the plan counts on 4 % with so much that it is 45 again. Its 0.70 $ must then come from every
// twenty-fifth customer.
TEST(Forecast, of_several_candidates_suggests_one_plan_that_keeps_its_promise_for_each) {
  PlannedDesign dry = plan({}, 1);
  dry.dry_run = true;
  dry.design.deviation = 0;
  dry.design.ratio = 0.6;
  dry.customers = 10'000;
  dry.candidates = 2;
  const std::array each{Rehearsed{.name = "age-sex", .rows = rehearsed(2000, 15)},
                        Rehearsed{.name = "tree", .rows = rehearsed(400, 15)}};
  auto wider = each;
  wider[1].rows = rehearsed(400, 25);
  const Forecast told = *forecast(dry, wider, SecondaryRows{}, 1000.0);
  ASSERT_TRUE(told.suggested.disagreement);
  EXPECT_DOUBLE_EQ(told.suggested.disagreement->share, 0.04);
  EXPECT_NEAR(told.suggested.disagreement->deviation, std::sqrt(45 / 0.04), 1e-9);
  EXPECT_EQ(told.suggested.candidates, 2);
  EXPECT_TRUE(check(told.suggested).accepted());
  for (const CandidateForecast& one : told.candidates) {
    PlannedDesign alone = told.suggested;
    alone.disagreement = {.share = one.share, .deviation = one.deviation};
    EXPECT_GE(*planned_power(alone), 0.8) << one.share;
    EXPECT_GE(compared_customers(alone).base, compared_customers(told.suggested).base);
  }
  EXPECT_EQ(told.disagreement->customers, customers_in_all(told.suggested));
  EXPECT_EQ(
      told.sentence.find("age-sex differs from base for 20.0 % of customers, tree for 4.0 %: "
                         "by disagreement " +
                         base::format_count(told.disagreement->arms.base) + " + 2 × " +
                         base::format_count(told.disagreement->arms.candidate) + " customers ("),
      0u)
      << told.sentence;
  EXPECT_FALSE(told.candidates[0].implausible);
  const Forecast narrow = *forecast(dry, each, SecondaryRows{}, {});
  EXPECT_FALSE(narrow.candidates[0].implausible);
  ASSERT_TRUE(narrow.candidates[1].implausible) << "17.50 $ of 15 $";
  EXPECT_NE(narrow.sentence.find("; tree: the systems differ for 4 % of customers, so each"),
            std::string::npos)
      << narrow.sentence;
  // One that never differs can only be compared by everybody.
  auto silent = each;
  silent[1].rows = rehearsed(0, 0);
  EXPECT_FALSE(forecast(dry, silent, SecondaryRows{}, {})->suggested.disagreement);
}

TEST(Checks, light_the_lamps) {
  PlannedDesign cheap = plan(ExpectedDisagreement{0.2, 15, {}}, 1);
  cheap.customers = 1000;
  DisagreementRows rows;
  rows.agree = {summary(800, 40, 15), summary(800, 44, 15)};  // z = 5.3 where nothing may differ.
  rows.add = {summary(200, 40, 15), summary(200, 41, 15)};
  rows.disagree = rows.add;
  rows.everybody = {summary(1000, 40, 15), summary(1000, 43.4, 15)};
  const Evidence evidence{.base = rows.everybody.base,
                          .candidate = rows.everybody.candidate,
                          .assigned = {1000, 1000},
                          .rows = rows};
  const auto lamps = [&](const PlannedDesign& of, bool complete) {
    std::string text;
    for (const Check& check : data_checks(of, evidence, complete))
      text += check.code + " " + name(check.lamp) + "; ";
    return text;
  };
  EXPECT_EQ(lamps(cheap, true),
            "sample_ratio good; agreement alarm; disagreement_ratio good; skew good; ");
  EXPECT_EQ(lamps(cheap, false),
            "sample_ratio good; agreement watch; disagreement_ratio good; skew good; ");
  PlannedDesign everybody = cheap;
  everybody.disagreement.reset();
  EXPECT_EQ(lamps(everybody, true),
            "sample_ratio good; agreement watch; disagreement_ratio good; skew good; ");
}

// Another program's Dunnett values are held by the oracle (several_candidates_test.cc).
TEST(SeveralCandidates, are_each_compared_at_dunnetts_level) {
  PlannedDesign several = plan({}, 1);
  several.customers = 5000;
  EXPECT_EQ(comparison_alpha(several), 0.05);
  EXPECT_EQ(compared_design(several), several.design);
  several.candidates = 3;
  EXPECT_EQ(comparison_alpha(several), normal_sf(*dunnett_critical_value(3, 0.05)));
  several.design.ratio = 0.5;
  EXPECT_EQ(comparison_alpha(several), normal_sf(*dunnett_critical_value(3, 0.05, 2)));
  several.design.sides = Sides::kTwo;
  EXPECT_EQ(comparison_level(several), normal_sf(*dunnett_critical_value(3, 0.025, 2)));
  EXPECT_EQ(comparison_alpha(several), 2 * comparison_level(several));
  several.disagreement = {.share = 0.3, .deviation = 15};
  EXPECT_NEAR(comparison_level(several), 1 - std::cbrt(0.975), 1e-15);
  EXPECT_LT(comparison_level(several), normal_sf(*dunnett_critical_value(3, 0.025, 1000)));
  several.design.alpha = 7;  // The solvers refuse it in words.
  EXPECT_EQ(comparison_alpha(several), 7);
}

// Each of the four numbers solved for gives the other three again.
TEST(SeveralCandidates, have_one_promise_whichever_number_is_solved_for) {
  for (const Sides sides : {Sides::kOne, Sides::kTwo}) {
    for (const std::optional<ExpectedDisagreement>& disagreement :
         {std::optional<ExpectedDisagreement>(),
          std::optional(ExpectedDisagreement{0.3, 15, {}})}) {
      PlannedDesign several = plan(disagreement, 1);
      several.candidates = 4;
      several.design.ratio = 0.5;
      several.design.sides = sides;
      several.customers = *customers_needed(several);
      EXPECT_GE(*planned_power(several), 0.8);
      EXPECT_NEAR(*effect_found(several), 0.7, 1e-3);
      EXPECT_NEAR(*alpha_needed(several), 0.05, 3e-4);
      EXPECT_EQ(customers_in_all(several), several.customers + 4 * ((several.customers + 1) / 2));
      PlannedDesign one = several;
      one.candidates = 1;
      EXPECT_LT(*customers_needed(one), several.customers);
      several.design.alpha = *alpha_needed(several);
      EXPECT_NEAR(*planned_power(several), 0.8, 1e-9);
    }
  }
}

TEST(SeveralCandidates, have_an_operating_table_of_each_comparison) {
  PlannedDesign several = plan({}, 1);
  several.candidates = 3;
  several.customers = *customers_needed(several);
  const auto rows = operating_characteristics(several);
  EXPECT_NEAR(rows[0].better, comparison_alpha(several), 1e-12);
  EXPECT_NEAR(rows[2].better, *planned_power(several), 1e-12);
}

TEST(Covariate, lowers_the_customers_by_what_it_explains) {
  PlannedDesign adjusted = plan({}, 1);
  const auto plain = static_cast<double>(*customers_needed(adjusted));
  adjusted.covariate = true;
  EXPECT_EQ(static_cast<double>(*customers_needed(adjusted)), plain);
  adjusted.correlation = -0.6;
  EXPECT_NEAR(static_cast<double>(*customers_needed(adjusted)), plain * 0.64, 1);
  adjusted.design.candidate_deviation = 20;
  PlannedDesign smaller = plan({}, 1);
  smaller.design.deviation = 12;
  smaller.design.candidate_deviation = 16;
  EXPECT_EQ(*customers_needed(adjusted), *customers_needed(smaller));
}

}  // namespace
}  // namespace experiment

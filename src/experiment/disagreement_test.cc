// SPDX-License-Identifier: Apache-2.0
#include "experiment/disagreement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/random.h"
#include "experiment/disagreement_design.h"

namespace experiment {
namespace {

// The oracle's model (m.simulation, "normal"): revenue around 20 with deviation 15; the candidate
// adds the offer for 12 % of customers and removes it for 8 %.
struct Shop {
  double add_effect = 0;
  double remove_effect = 0;
  double candidate_shift = 0;  // Assignment acting by itself: a slower candidate.
  double candidate_loss = 0;   // Share of disagreeing customers whose record the candidate drops.
};

base::Cents cents(double dollars) {
  return base::Cents(static_cast<std::int64_t>(std::llround(dollars * 100)));
}

DisagreementRows simulate(const Shop& shop, int customers, std::uint64_t seed) {
  base::Random random(seed);
  DisagreementMoments moments;
  for (int i = 0; i < customers; ++i) {
    const double kind = random.uniform();
    const bool add = kind < 0.12;
    const bool remove = !add && kind < 0.20;
    const bool candidate = random.bernoulli(0.5);
    double revenue = 20 + 15 * random.normal();
    if (candidate) {
      revenue +=
          shop.candidate_shift + (add ? shop.add_effect : 0) + (remove ? shop.remove_effect : 0);
      if ((add || remove) && random.bernoulli(shop.candidate_loss)) continue;
    }
    moments.add(candidate ? Arm::kCandidate : Arm::kBase, remove, add, cents(revenue));
  }
  return moments.rows();
}

struct Runs {
  double mean = 0, variance = 0, mean_variance = 0, ordinary_variance = 0;
  double covered = 0, better = 0;
};

Runs repeat(const Shop& shop, double truth, int customers, int runs) {
  Moments effects, ordinary, variances;
  Runs result;
  for (int run = 0; run < runs; ++run) {
    const DisagreementRows rows = simulate(shop, customers, 1000 + static_cast<std::uint64_t>(run));
    const DisagreementEstimate estimate = *estimate_by_disagreement(rows);
    effects.add(estimate.effect);
    variances.add(estimate.standard_error * estimate.standard_error);
    ordinary.add(rows.everybody.candidate.mean - rows.everybody.base.mean);
    const Interval interval = estimate.interval(0.05);
    result.covered += interval.low <= truth && truth <= interval.high ? 1.0 / runs : 0;
    result.better += estimate.lower(0.05) > 0 ? 1.0 / runs : 0;
  }
  result.mean = effects.mean();
  result.variance = effects.summary().variance;
  result.mean_variance = variances.mean();
  result.ordinary_variance = ordinary.summary().variance;
  return result;
}

// Seeds 1000…3999. Truth 0.12·4.5 + 0.08·2 = 0.7; at N = 2,274 the formula's deviation of Δ̂ is
// 0.28304 (m.simulation), so the mean of 3,000 runs has error 0.0052. The variance of Δ̂ has
// relative error √(2/3000) = 2.6 %; 4 of them allowed. Coverage .95 ± 4·.004, power .80 ± 4·.0073.
TEST(Disagreement, is_unbiased_with_the_variance_it_says) {
  const Runs runs = repeat({.add_effect = 4.5, .remove_effect = 2}, 0.7, 2274, 3000);
  EXPECT_NEAR(runs.mean, 0.7, 4 * 0.0052);
  EXPECT_NEAR(runs.variance / (0.28304 * 0.28304), 1, 0.104);
  EXPECT_NEAR(runs.mean_variance / (0.28304 * 0.28304), 1, 0.01);
  EXPECT_NEAR(runs.covered, 0.95, 0.016);
  EXPECT_NEAR(runs.better, 0.80, 0.0292);
  // q·σ_D²/σ² = 0.2 of the ordinary test's variance, (and the share's own τ²q(1−q), 0.0022 of it):
  // the quotient of two variances from the same runs, 4 · 3.7 %.
  EXPECT_NEAR(runs.variance / runs.ordinary_variance, 0.2022, 0.2022 * 0.148);
}

// Seeds 1000…3999 without an effect: 5 % are called better, ± 4·.004.
TEST(Disagreement, keeps_its_level) {
  const Runs runs = repeat({}, 0, 2274, 3000);
  EXPECT_NEAR(runs.better, 0.05, 0.016);
  EXPECT_NEAR(runs.covered, 0.95, 0.016);
}

TEST(Disagreement, a_bound_lies_beyond_a_value_exactly_if_the_test_rejects_it) {
  const DisagreementEstimate estimate =
      *estimate_by_disagreement(simulate({.add_effect = 4.5, .remove_effect = 2}, 2274, 7));
  for (const double alpha : {0.2, 0.05, 0.001}) {
    EXPECT_NEAR(estimate.p_greater(estimate.lower(alpha)), alpha, 1e-12);
    EXPECT_NEAR(estimate.p_less(estimate.upper(alpha)), alpha, 1e-12);
  }
  // At 0 the share drops out: Welch on the disagreeing.
  EXPECT_NEAR(estimate.p_greater(0), estimate.among.p_greater(0), 1e-15);
  EXPECT_NEAR(estimate.p_two_sided(0), estimate.among.p_two_sided(0), 1e-15);
}

TEST(Disagreement, is_the_ordinary_test_where_the_systems_always_differ) {
  DisagreementMoments moments;
  base::Random random(3);
  for (int i = 0; i < 400; ++i) {
    moments.add(i % 2 == 0 ? Arm::kBase : Arm::kCandidate, false, true,
                cents(10 + random.normal()));
  }
  const DisagreementRows rows = moments.rows();
  const DisagreementEstimate estimate = *estimate_by_disagreement(rows);
  const Welch everybody = *welch(rows.everybody.base, rows.everybody.candidate);
  EXPECT_EQ(estimate.share, 1);
  EXPECT_DOUBLE_EQ(estimate.effect, everybody.difference);
  EXPECT_NEAR(estimate.lower(0.05), everybody.lower(0.05), 1e-14);
  EXPECT_NEAR(estimate.p_greater(0.3), everybody.p_greater(0.3), 1e-14);
}

TEST(Disagreement, gives_no_estimate_from_too_few) {
  DisagreementMoments moments;
  EXPECT_FALSE(estimate_by_disagreement(moments.rows()));
  EXPECT_FALSE(estimate_by_kind(moments.rows()));
  EXPECT_FALSE(analyse_disagreement(moments.rows(), 1));
  for (int i = 0; i < 100; ++i) {
    moments.add(i % 2 == 0 ? Arm::kBase : Arm::kCandidate, true, true, cents(i));
  }
  moments.add(Arm::kBase, true, false, cents(1));
  EXPECT_FALSE(estimate_by_disagreement(moments.rows()));
  const auto analysis = analyse_disagreement(moments.rows(), 1);
  ASSERT_TRUE(analysis);
  EXPECT_FALSE(analysis->by_disagreement);
  EXPECT_EQ(analysis->effect(), analysis->intention_to_treat.difference);
  EXPECT_FALSE(analyse_disagreement(moments.rows(), 0));
  EXPECT_FALSE(analyse_disagreement(moments.rows(), std::nan("")));
}

TEST(Disagreement, merges_to_the_same_bits) {
  base::Random random(11);
  DisagreementMoments whole;
  std::array<DisagreementMoments, 3> parts;
  for (int i = 0; i < 3000; ++i) {
    const Arm arm = random.bernoulli(0.5) ? Arm::kCandidate : Arm::kBase;
    const bool b = random.bernoulli(0.5);
    const bool c = random.bernoulli(0.5);
    const base::Cents revenue = cents(50 * random.normal());
    whole.add(arm, b, c, revenue);
    parts.at(static_cast<std::size_t>(i % 3)).add(arm, b, c, revenue);
  }
  DisagreementMoments merged;
  for (const auto& part : {parts[2], parts[0], parts[1]}) merged.merge(part);
  const DisagreementRows a = whole.rows();
  const DisagreementRows b = merged.rows();
  EXPECT_EQ(estimate_by_disagreement(a)->standard_error,
            estimate_by_disagreement(b)->standard_error);
  EXPECT_EQ(a.everybody.candidate.variance, b.everybody.candidate.variance);
  EXPECT_EQ(a.everybody.n(), 3000);
  EXPECT_EQ(a.agree.n() + a.disagree.n(), 3000);
}

std::vector<std::string> codes(const AgreementHealth& health) {
  std::vector<std::string> result;
  for (const Alarm& alarm : health.alarms) result.push_back(alarm.code);
  return result;
}

// A slower candidate takes 2 $ from everyone (seed 5, 20,000 customers): the agreeing differ by
// 2/(2·15/√16000) = 8.4 errors; the sample ratio is blind to it.
TEST(AgreementHealth, sees_an_assignment_that_acts_by_itself) {
  const DisagreementRows rows = simulate({.candidate_shift = -2}, 20000, 5);
  const AgreementHealth health = agreement_health(rows, 1);
  EXPECT_EQ(codes(health), std::vector<std::string>{"agreement_effect"});
  const DisagreementAnalysis analysis = *analyse_disagreement(rows, 1);
  EXPECT_FALSE(analysis.by_disagreement);
  ASSERT_TRUE(analysis.estimate);
  EXPECT_EQ(analysis.lower(0.05), analysis.intention_to_treat.lower(0.05));
  EXPECT_EQ(analysis.p_greater(0), analysis.intention_to_treat.p_greater(0));
  EXPECT_NE(sentence(analysis, 0.05)
                .find("by intention to treat: among customers on whom both "
                      "systems agree the arms differ by −2."),
            std::string::npos)
      << sentence(analysis, 0.05);
}

// The candidate's arm loses 30 % of the disagreeing (seed 6): 1,400 against 2,000 of them.
TEST(AgreementHealth, sees_disagreeing_customers_go_missing) {
  const DisagreementRows rows = simulate({.candidate_loss = 0.3}, 20000, 6);
  EXPECT_EQ(codes(agreement_health(rows, 1)),
            (std::vector<std::string>{"disagreement_sample_ratio", "disagreement_depends_on_arm"}));
}

// Four tests at 0.001 on sound data, seeds 1…1,000 with 2,000 customers: at most 4 alarms expected;
// 14 or more have a chance below 1e-4.
TEST(AgreementHealth, is_quiet_on_sound_data) {
  int alarmed = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    alarmed +=
        agreement_health(simulate({.add_effect = 4.5}, 2000, seed), 1).alarms.empty() ? 0 : 1;
  }
  EXPECT_LT(alarmed, 14);
}

TEST(AgreementHealth, knows_the_configured_ratio) {
  DisagreementMoments moments;
  for (int i = 0; i < 4000; ++i) {
    moments.add(i % 4 == 0 ? Arm::kCandidate : Arm::kBase, i % 3 == 0, i % 5 == 0, cents(i % 7));
  }
  EXPECT_TRUE(agreement_health(moments.rows(), 1.0 / 3).alarms.empty());
  EXPECT_FALSE(agreement_health(moments.rows(), 1).alarms.empty());
}

// Exact rows: adds for 3 of 10 (+2 $), removes for 1 of 10 (−1 $), 1,000 customers an arm.
TEST(DisagreementAnalysis, says_what_each_kind_brings) {
  DisagreementMoments moments;
  for (int i = 0; i < 2000; ++i) {
    const bool candidate = i % 2 == 1;
    const int kind = i / 2 % 10;
    const bool add = kind < 3;
    const bool remove = kind == 3;
    const double noise = i / 20 % 2 == 0 ? 0.5 : -0.5;
    const double effect = !candidate ? 0 : add ? 2 : remove ? -1 : 0;
    moments.add(candidate ? Arm::kCandidate : Arm::kBase, remove, add, cents(5 + noise + effect));
  }
  const DisagreementAnalysis analysis = *analyse_disagreement(moments.rows(), 1);
  ASSERT_TRUE(analysis.by_disagreement) << analysis.why_not;
  EXPECT_NEAR(analysis.effect(), 0.3 * 2 - 0.1, 1e-12);
  const std::string text = sentence(analysis, 0.05);
  EXPECT_EQ(
      text.substr(text.find(": the")),
      ": the systems differ for 40.0 % of customers; the candidate adds the offer for 30.0 %: "
      "+2.00 $ each; removes it for 10.0 %: −1.00 $ each");
  EXPECT_EQ(text.find("+0.50 $ per customer, at least +0.4"), 0U) << text;
  // Two strata agree on the effect and know it better.
  EXPECT_NEAR(analysis.kinds->total.difference, analysis.effect(), 1e-12);
  EXPECT_LT(analysis.kinds->total.standard_error, analysis.estimate->standard_error);
  // Under the floor the words change.
  const DisagreementAnalysis under = *analyse_disagreement(moments.rows(), 1, 401);
  EXPECT_EQ(under.why_not,
            "the systems differ for 400 customers of the base arm and 400 of the candidate's; the "
            "estimate by disagreement needs 401 in each");
}

DisagreementDesign plan() {
  return {.design = {.effect_per_customer = 0.7, .deviation = 15}, .share = 0.2, .deviation = 15};
}

// Exact t: the ordinary test needs 5,679 an arm (design_test.cc); among the disagreeing an effect
// of 3.5 needs 228 (227.11 by the normal approximation, m.size, and half a customer for t).
TEST(DisagreementDesign, needs_a_fifth_of_the_customers) {
  const DisagreementCustomers need = *solve_disagreement(plan());
  EXPECT_EQ(need.disagreeing, (Customers{228, 228}));
  EXPECT_EQ(need.customers, 2280);
  EXPECT_EQ(need.ordinary, (Customers{5679, 5679}));
  EXPECT_NEAR(need.ratio_to_ordinary, 2280.0 / 11358, 1e-15);
  EXPECT_DOUBLE_EQ(need.effect_per_disagreeing, 3.5);
  EXPECT_FALSE(need.floor_binds);
  EXPECT_FALSE(need.implausible);
}

TEST(DisagreementDesign, has_a_floor_in_the_smaller_arm) {
  DisagreementDesign design = plan();
  design.share = 0.05;
  EXPECT_EQ(solve_disagreement(design)->disagreeing, (Customers{200, 200}));
  EXPECT_TRUE(solve_disagreement(design)->floor_binds);
  EXPECT_EQ(solve_disagreement(design)->customers, 8000);
  design.design.ratio = 0.25;
  EXPECT_EQ(solve_disagreement(design)->disagreeing, (Customers{800, 200}));
}

// 0.7 at 2 % is 35 $ each, more than the 15 $ by which they vary.
TEST(DisagreementDesign, doubts_an_effect_that_few_would_have_to_bring) {
  DisagreementDesign design = plan();
  design.share = 0.02;
  const auto need = solve_disagreement(design);
  ASSERT_TRUE(need && need->implausible);
  EXPECT_EQ(
      need->implausible->message,
      "the systems differ for 2 % of customers, so each of these must bring 35, more than one "
      "deviation (15) of what they spend: confirm it or lower the effect");
  EXPECT_DOUBLE_EQ(need->implausible->need, 0.3);
}

TEST(DisagreementDesign, refuses_what_is_out_of_range) {
  for (const double share : {0.0, -0.1, 1.1, std::nan("")}) {
    DisagreementDesign design = plan();
    design.share = share;
    EXPECT_FALSE(solve_disagreement(design)) << share;
    EXPECT_FALSE(disagreement_customers_by_formula(design)) << share;
  }
  for (const double deviation : {0.0, -1.0, std::nan("")}) {
    DisagreementDesign design = plan();
    design.deviation = deviation;
    EXPECT_FALSE(solve_disagreement(design)) << deviation;
    EXPECT_FALSE(disagreement_customers_by_formula(design)) << deviation;
  }
  DisagreementDesign design = plan();
  design.fewest_disagreeing = 0;
  EXPECT_FALSE(solve_disagreement(design));
}

// The stop rule against a margin keeps its power (seeds 1000…2999): margin 0.2 at an effect of 0.7.
TEST(DisagreementDesign, keeps_its_power_against_a_margin) {
  DisagreementDesign design = plan();
  design.design.margin = 0.2;
  const DisagreementCustomers need = *solve_disagreement(design);
  EXPECT_NEAR(static_cast<double>(need.customers), 4499.9, 15);  // m.size.margin, and t's.
  int better = 0;
  for (std::uint64_t seed = 1000; seed < 3000; ++seed) {
    const DisagreementRows rows =
        simulate({.add_effect = 4.5, .remove_effect = 2}, static_cast<int>(need.customers), seed);
    better += estimate_by_disagreement(rows)->lower(0.05) > 0.2 ? 1 : 0;
  }
  EXPECT_NEAR(better / 2000.0, 0.80, 4 * 0.009);
}

TEST(DisagreementProgress, stops_by_disagreeing_customers) {
  const DisagreementProgress none = disagreement_progress({200, 200}, {0, 0}, 50);
  EXPECT_FALSE(none.complete);
  EXPECT_FALSE(none.customers_to_come);
  const DisagreementProgress half = disagreement_progress({200, 200}, {100, 80}, 1000);
  EXPECT_EQ(half.missing, (Customers{100, 120}));
  EXPECT_EQ(half.customers_to_come, 1500);  // 120 more at 80 in 1,000.
  const DisagreementProgress all = disagreement_progress({200, 200}, {200, 230}, 2100);
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.customers_to_come, 0);
}

}  // namespace
}  // namespace experiment

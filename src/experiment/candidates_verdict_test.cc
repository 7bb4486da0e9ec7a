// SPDX-License-Identifier: Apache-2.0
#include "experiment/candidates_verdict.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "experiment/checks.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

// 10,000 customers in each of four arms: a standard error near 0.2121 $ and, at z = 2.0621, bounds
// 0.437 $ from the estimate.
PlannedDesign plan() {
  return {
      .design = {.effect_per_customer = 0.7, .deviation = 15}, .customers = 10000, .candidates = 3};
}

std::vector<Evidence> evidence(const std::array<double, 3>& differences, std::int64_t n = 10000) {
  std::vector<Evidence> all;
  for (const double difference : differences) {
    const SampleSummary base{.n = n, .mean = 40, .variance = 225, .deviation = 15};
    SampleSummary candidate = base;
    candidate.mean += difference;
    all.push_back(
        {.base = base, .candidate = candidate, .assigned = {n, n}, .assigned_arms = {n, n, n, n}});
  }
  return all;
}

const std::array<std::string, 3> kNames{"history-v4", "age-sex", "lean"};

TEST(CandidatesVerdict, takes_the_best_of_those_that_are_better) {
  const auto verdict = judge_candidates(plan(), evidence({0.5, 0.83, 0.1})).value();
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.each[0].word, VerdictWord::kBetter);
  EXPECT_EQ(verdict.each[1].figures->level, comparison_level(plan()));
  EXPECT_EQ(
      sentence(verdict, kNames),
      "TAKE age-sex: BETTER: +0.83 $ per customer, at least +0.39 $ (95 %, 3 candidates); the "
      "desired 0.70 $ is reached by the estimate, not proven. history-v4: BETTER: +0.50 $ per "
      "customer, at least +0.06 $ (95 %, 3 candidates); the desired 0.70 $ is neither shown "
      "nor excluded. lean: NOT BETTER BY THE DESIRED EFFECT: +0.10 $ per customer, at most "
      "+0.54 $ (95 %, 3 candidates); a gain of 0.70 $ is excluded");
}

// +0.40 $ would be BETTER alone: 1.645·0.2121 = 0.349.
TEST(CandidatesVerdict, takes_none_where_none_is_better_than_chance_among_all) {
  const auto verdict = judge_candidates(plan(), evidence({0.4, -0.6, 0.3})).value();
  EXPECT_FALSE(verdict.winner);
  const std::string said = sentence(verdict, kNames);
  EXPECT_EQ(said.find("TAKE NONE: history-v4: INCONCLUSIVE: +0.40 $ per customer, between −0.04 $ "
                      "and +0.84 $ (90 %, 3 candidates)"),
            0u)
      << said;
  EXPECT_NE(said.find(". age-sex: WORSE: "), std::string::npos) << said;
  PlannedDesign alone = plan();
  alone.candidates = 1;
  EXPECT_EQ(judge(alone, evidence({0.4, 0, 0})[0]).value().word, VerdictWord::kBetter);
}

TEST(CandidatesVerdict, of_one_candidate_is_its_verdict) {
  PlannedDesign alone = plan();
  alone.candidates = 1;
  Evidence one = evidence({0.4, 0, 0})[0];
  one.assigned_arms.clear();
  const auto verdict = judge_candidates(alone, std::array{one}).value();
  EXPECT_EQ(verdict.winner, 0u);
  EXPECT_EQ(sentence(verdict.each[0]), sentence(judge(alone, one).value()));
}

TEST(CandidatesVerdict, says_nothing_before_all_arms_are_full) {
  auto late = evidence({5, 5, 5});
  late[2].candidate.n = 9999;
  const auto verdict = judge_candidates(plan(), late).value();
  EXPECT_FALSE(verdict.winner);
  for (const Verdict& each : verdict.each) {
    EXPECT_EQ(each.word, VerdictWord::kCollecting);
    EXPECT_FALSE(each.figures);
  }
  EXPECT_NE(sentence(verdict, kNames).find(". lean: COLLECTING: 19,999 of 20,000 customers"),
            std::string::npos);
  EXPECT_EQ(sentence(judge_candidates(plan(), evidence({5, 5, 5}, 10)).value(), kNames),
            "COLLECTING: 20 of 20,000 customers (base 10 of 10,000, candidate 10 of 10,000)");
}

// 10,000 : 10,000 : 10,000 : 10,700 is p = 2e-7 over four arms; candidates 1 and 2 against base are
// as they should be.
TEST(CandidatesVerdict, trusts_nobody_when_any_arm_filled_wrongly) {
  auto skewed = evidence({1, 1, 1});
  for (Evidence& each : skewed) each.assigned_arms[3] = 10700;
  skewed[2].assigned.candidate = 10700;
  const auto verdict = judge_candidates(plan(), skewed).value();
  EXPECT_FALSE(verdict.winner);
  for (const Verdict& each : verdict.each) {
    EXPECT_EQ(each.word, VerdictWord::kNoVerdict);
    EXPECT_EQ(each.sample_ratio.dof, 3);
  }
  EXPECT_EQ(sentence(verdict, kNames)
                .find("NO VERDICT: the data cannot be trusted: 10,000 base and 10,000 + 10,000 + "
                      "10,700 candidate customers where 1 : 1 : 1 : 1 was configured (p = "),
            0u)
      << sentence(verdict, kNames);
  const Check lamp = data_checks(plan(), skewed[0], true).at(0);
  EXPECT_EQ(lamp.lamp, Lamp::kAlarm);
  EXPECT_EQ(lamp.message,
            "10,000 base, 10,000 + 10,000 + 10,700 candidate; 1 : 1 : 1 : 1 configured (p below "
            "0.0001)");
}

TEST(CandidatesVerdict, leaves_a_candidate_alone_whose_own_data_are_lost) {
  auto lossy = evidence({1, 2, 1.5});
  lossy[1].alarms.push_back({"lost_revenue", "12 % of the sessions never closed"});
  const auto verdict = judge_candidates(plan(), lossy).value();
  EXPECT_EQ(verdict.winner, 2u);
  EXPECT_EQ(verdict.each[1].word, VerdictWord::kNoVerdict);
}

TEST(CandidatesVerdict, refuses_evidence_that_does_not_fit) {
  const auto good = evidence({1, 1, 1});
  EXPECT_FALSE(judge_candidates(plan(), std::span(good).first(2)));
  auto wrong = good;
  wrong[1].assigned_arms.pop_back();
  EXPECT_FALSE(judge_candidates(plan(), wrong));
  wrong = good;
  wrong[2].assigned_arms[1] += 1;
  EXPECT_FALSE(judge_candidates(plan(), wrong));
  wrong = good;
  wrong[1].assigned.candidate += 1;
  const auto refused = judge_candidates(plan(), wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "the customers assigned to candidate 2 and base are not those of all arms together");
}

// After 4,000 of 10,000 customers an arm a standard error is 0.335 $ and the bound of look 2 of 5
// at a fifth of Šidák's share 3.86: 1.30 $.
PlannedDesign looked_plan() {
  PlannedDesign looked = plan();
  looked.looks = 5;
  return looked;
}

std::vector<Evidence> at_look_2(const std::array<double, 3>& differences) {
  auto all = evidence(differences, 4000);
  for (Evidence& each : all) each.information = {0.2};
  return all;
}

TEST(CandidatesVerdict, ends_for_all_at_a_look_where_one_is_to_be_taken) {
  const auto verdict = judge_candidates(looked_plan(), at_look_2({0.2, 1.6, -1.6})).value();
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.each[1].word, VerdictWord::kBetter);
  EXPECT_EQ(verdict.each[0].word, VerdictWord::kInconclusive);
  EXPECT_EQ(verdict.each[2].word, VerdictWord::kWorse);
  for (const Verdict& each : verdict.each) {
    EXPECT_EQ(each.look->number, 2);
    EXPECT_EQ(each.look->information, 0.4);
    EXPECT_EQ(each.figures->level, verdict.each[1].look->level);
  }
  EXPECT_LT(verdict.each[1].look->level, comparison_level(looked_plan()) / 100);
  const std::string said = sentence(verdict, kNames);
  EXPECT_EQ(said.find("TAKE age-sex: BETTER (look 2 of 5): +1.60 $ per customer, at least +"), 0u)
      << said;
}

TEST(CandidatesVerdict, goes_on_at_a_look_where_nobody_is_to_be_taken) {
  const auto verdict = judge_candidates(looked_plan(), at_look_2({1.2, -1.6, 0.3})).value();
  EXPECT_FALSE(verdict.winner);
  for (const Verdict& each : verdict.each) {
    EXPECT_EQ(each.word, VerdictWord::kCollecting);
    EXPECT_FALSE(each.figures);
    EXPECT_EQ(each.look->number, 2);
  }
  // With two sides it ends if all are worse, not if one is.
  PlannedDesign two = looked_plan();
  two.design.sides = Sides::kTwo;
  const auto one_worse = judge_candidates(two, at_look_2({-1.6, 0.3, 0})).value();
  EXPECT_EQ(one_worse.each[0].word, VerdictWord::kCollecting);
  const auto all_worse = judge_candidates(two, at_look_2({-1.6, -1.7, -1.8})).value();
  EXPECT_EQ(all_worse.each[0].word, VerdictWord::kWorse);
}

// A plan of four looks and three candidates lived from look to look: whether one was taken, and at
// which look.
struct Lived {
  bool taken = false;
  int look = 0;
};

Lived live_from_look_to_look(const PlannedDesign& looked, double first_gains,
                             base::Random* random) {
  std::array<double, 4> sums{};
  std::vector<double> information;
  std::int64_t before = 0;
  for (int look = 1; look <= looked.looks; ++look) {
    // Arms overshoot a look's customers: by 4 % at the first, less and less.
    const std::int64_t n = (looked.customers * look + looked.looks - 1) / looked.looks +
                           looked.customers / 100 / (look * look);
    std::vector<SampleSummary> arms;
    for (std::size_t arm = 0; arm < 4; ++arm) {
      const auto come = static_cast<double>(n - before);
      sums[arm] += come * (arm == 1 ? first_gains : 0) + 10 * std::sqrt(come) * random->normal();
      arms.push_back(
          {.n = n, .mean = sums[arm] / static_cast<double>(n), .variance = 100, .deviation = 10});
    }
    std::vector<Evidence> all;
    for (std::size_t k = 1; k < 4; ++k) {
      all.push_back({.base = arms[0],
                     .candidate = arms[k],
                     .assigned = {n, n},
                     .information = information,
                     .assigned_arms = std::vector<std::int64_t>(4, n)});
    }
    const auto verdict = judge_candidates(looked, all).value();
    if (verdict.each[0].word != VerdictWord::kCollecting) return {verdict.winner.has_value(), look};
    information.push_back(verdict.each[0].look->information);
    before = n;
  }
  return {};
}

// 4,000 experiments of each kind, seed 21. Centres of 40,000 simulated apart: without effect 4.3 %
// take any, over all candidates and looks, of alpha = 5 % at most (at alpha each it were 12.0 %);
// where one gains the effect one is taken in 80.1 % for the promised 80 %, and 53 % end before the
// last look. Margins four standard errors, 0.0129, 0.0253 and 0.0316.
TEST(CandidatesVerdict, keeps_alpha_and_power_over_all_looks) {
  PlannedDesign looked{
      .design = {.effect_per_customer = 1, .deviation = 10}, .looks = 4, .candidates = 3};
  looked.customers = *customers_needed(looked);
  base::Random random(21);
  int wrongly = 0, rightly = 0, early = 0;
  for (int run = 0; run < 4000; ++run) {
    wrongly += live_from_look_to_look(looked, 0, &random).taken ? 1 : 0;
    const Lived one = live_from_look_to_look(looked, 1, &random);
    rightly += one.taken ? 1 : 0;
    early += one.taken && one.look < 4 ? 1 : 0;
  }
  EXPECT_NEAR(wrongly / 4000.0, 0.0433, 0.0129);
  EXPECT_NEAR(rightly / 4000.0, 0.801, 0.0253);
  EXPECT_NEAR(early / 4000.0, 0.526, 0.0316);
}

PlannedDesign watched_plan() {
  PlannedDesign watched = plan();
  watched.harm_alpha = 0.03;
  return watched;
}

// After a fifth of the customers a loss of 3 $ is 6.3 standard errors, one of 1.6 $ only 3.4: that
// is beyond E = 1/0.03 but not beyond the 3/0.03 asked of one of three.
TEST(CandidatesVerdict, stops_all_for_the_harm_of_one) {
  auto now = evidence({0.1, -3, 0.2}, 2000);
  EXPECT_EQ(harmful(watched_plan(), now), 1u);
  EXPECT_LT(harm_band(watched_plan(), now[1])->upper, 0);
  EXPECT_EQ(sentence_of_harm(watched_plan(), *harm_band(watched_plan(), now[1])),
            "−3.00 $ per customer, at most −1.26 $ (97 %, 3 candidates)");
  now[1].harmed = true;
  const auto verdict = judge_candidates(watched_plan(), now).value();
  EXPECT_FALSE(verdict.winner);
  EXPECT_EQ(leader(verdict), 1u);
  for (const Verdict& each : verdict.each) {
    EXPECT_TRUE(each.harmed);
    EXPECT_EQ(each.figures->level, harm_level(watched_plan()));
  }
  EXPECT_EQ(verdict.each[1].word, VerdictWord::kWorse);
  EXPECT_EQ(verdict.each[0].word, VerdictWord::kInconclusive);
  EXPECT_TRUE(verdict.each[0].customers_to_settle);
  const std::string said = sentence(verdict, kNames);
  EXPECT_EQ(said.find("TAKE NONE: age-sex: WORSE (stopped for harm): −3.00 $ per customer, at most "
                      "−1.26 $ (97 %, 3 candidates). history-v4: INCONCLUSIVE (stopped for "
                      "another's harm): +0.10 $ per customer, between −1.64 $ and +1.84 $ (94 %, 3 "
                      "candidates); a fresh experiment with "),
            0u)
      << said;
}

TEST(CandidatesVerdict, asks_more_of_the_harm_of_one_of_several) {
  EXPECT_FALSE(harmful(watched_plan(), evidence({-90, 0, 0}, kFewestForHarm - 1)));
  EXPECT_EQ(harmful(watched_plan(), evidence({-90, 0, 0}, kFewestForHarm)), 0u);
  const auto now = evidence({0.1, -1.6, -1.5}, 2000);
  EXPECT_FALSE(harmful(watched_plan(), now));
  PlannedDesign alone = watched_plan();
  alone.candidates = 1;
  EXPECT_TRUE(harm_reached(alone, now[1]));
  const auto worse = evidence({0.1, -2.6, -3}, 2000);
  EXPECT_TRUE(harm_reached(watched_plan(), worse[1]));
  EXPECT_EQ(harmful(watched_plan(), worse), 2u) << "the one with the most evidence";
}

// What is far better at the stop is not called so: that could be an accident of the moment.
TEST(CandidatesVerdict, stopped_for_harm_takes_nobody) {
  auto now = evidence({9, -3, -3}, 2000);
  now[1].harmed = true;
  const auto verdict = judge_candidates(watched_plan(), now).value();
  EXPECT_FALSE(verdict.winner);
  EXPECT_EQ(verdict.each[0].word, VerdictWord::kInconclusive);
  EXPECT_EQ(verdict.each[2].word, VerdictWord::kWorse) << "as harmful";
}

// One shop of K = 3 candidates: how often any is called better, and how often the first is.
struct Calls {
  int any = 0;
  int first = 0;
};

constexpr int kRuns = 2000;
// Four standard errors of a share of the 2,000 runs.
double margin(double share) { return 4 * std::sqrt(share * (1 - share) / kRuns); }

double share(int count) { return static_cast<double>(count) / kRuns; }

void count(const CandidatesVerdict& verdict, Calls* calls) {
  calls->any += verdict.winner ? 1 : 0;
  calls->first += is_better(verdict.each[0]) ? 1 : 0;
}

PlannedDesign small_plan() {
  PlannedDesign small{.design = {.effect_per_customer = 3, .deviation = 10, .ratio = 0.6},
                      .candidates = 3};
  small.customers = *customers_needed(small);
  return small;
}

Calls everybody_compared(double first_gains) {
  const PlannedDesign small = small_plan();
  const Customers n = arms(small.customers, small.design.ratio);
  base::Random random(2026);
  const auto arm = [&](std::int64_t customers, double mean) {
    MoneyMoments moments;
    for (std::int64_t i = 0; i < customers; ++i)
      moments.add(base::Cents(std::llround(100 * (mean + 10 * random.normal()))));
    return moments.summary();
  };
  Calls calls;
  for (int run = 0; run < kRuns; ++run) {
    const SampleSummary base = arm(n.base, 20);
    std::vector<Evidence> all;
    for (int k = 0; k < 3; ++k) {
      all.push_back({.base = base,
                     .candidate = arm(n.candidate, k == 0 ? 20 + first_gains : 20),
                     .assigned = n,
                     .assigned_arms = {n.base, n.candidate, n.candidate, n.candidate}});
    }
    count(judge_candidates(small, all).value(), &calls);
  }
  return calls;
}

// 2,000 experiments of three candidates, normal revenue, seed 2026. Centre alpha = 0.05 where none
// is better, and the promised power 0.80 (to 0.001) of the one that gains the effect; margins four
// standard errors, 0.0195 and 0.0358.
TEST(CandidatesVerdict, keeps_alpha_and_power_of_three_candidates) {
  EXPECT_NEAR(share(everybody_compared(0).any), 0.05, margin(0.05));
  EXPECT_NEAR(share(everybody_compared(3).first), 0.80, margin(0.80));
}

// Four systems, each candidate turning base's decision for a share of customers. What a customer
// spends: 20 ± 10, and `gains` more if the executed decision is the first candidate's where that
// differs from base. `broken_arm`: there everybody spends 15 $ less.
struct Shop {
  double differs = 0.85;
  double gains = 0;
  std::size_t broken_arm = 9;
};

constexpr std::int64_t kInArm = 260;

std::vector<Evidence> visit(const Shop& shop, base::Random* random) {
  const std::vector<double> shares(4, 0.25);
  std::vector<DisagreementMoments> moments(3);
  std::vector<PooledCandidate> pooled;
  for (std::size_t k = 0; k < 3; ++k) pooled.emplace_back(shares, k);
  std::vector<bool> offers(4);
  for (std::int64_t i = 0; i < 4 * kInArm; ++i) {
    const auto arm = static_cast<std::size_t>(i % 4);
    offers[0] = random->bernoulli(0.5);
    for (std::size_t k = 1; k < 4; ++k) offers[k] = offers[0] != random->bernoulli(shop.differs);
    double revenue = 20 + 10 * random->normal();
    if (offers[1] != offers[0] && offers[arm] == offers[1]) revenue += shop.gains;
    if (arm == shop.broken_arm) revenue -= 15;
    const base::Cents cents(std::llround(100 * revenue));
    for (std::size_t k = 0; k < 3; ++k) {
      pooled[k].add(offers, arm, cents);
      if (arm == 0 || arm == k + 1)
        moments[k].add(arm == 0 ? Arm::kBase : Arm::kCandidate, offers[0], offers[k + 1], cents);
    }
  }
  std::vector<Evidence> all;
  for (std::size_t k = 0; k < 3; ++k) {
    const DisagreementRows rows = moments[k].rows();
    all.push_back({.base = rows.everybody.base,
                   .candidate = rows.everybody.candidate,
                   .assigned = {kInArm, kInArm},
                   .rows = rows,
                   .assigned_arms = std::vector<std::int64_t>(4, kInArm),
                   .pooled = pooled[k]});
  }
  return all;
}

// 200 of 260 customers of an arm are to be compared, where 221 ± 5.8 will be.
PlannedDesign pooled_plan() {
  PlannedDesign small{.design = {.deviation = 10},
                      .customers = kInArm,
                      .disagreement = ExpectedDisagreement{0.77, 10, {}},
                      .candidates = 3};
  small.design.effect_per_customer = *effect_found(small);
  return small;
}

// With d of three candidates differing for a customer, base's decision is executed with chance (4 −
// d)/4 and theirs with d/4, each with variance σ²/chance of its mean. Summed over what the second
// and the third do: the variance of the first's estimate, in σ²/N_D, and its correlation with
// another's.
struct PooledTheory {
  double variance = 0;
  double correlation = 0;
};
PooledTheory theory_of(double differs) {
  PooledTheory theory;
  double shared = 0;
  for (const int second : {0, 1}) {
    for (const int third : {0, 1}) {
      const double chance =
          (second == 1 ? differs : 1 - differs) * (third == 1 ? differs : 1 - differs);
      const int d = 1 + second + third;
      const double variance = 4.0 / d + 4.0 / (4 - d);
      theory.variance += chance * variance;
      shared += second * chance * variance;
    }
  }
  theory.correlation = shared / theory.variance;
  return theory;
}

// 2,000 experiments of each kind, seed 7. Centres: with that correlation (Dunnett's of n_B/n_C =
// 1/ρ − 1) the chance that the largest of three passes the level, below alpha; and the power
// Φ(gain/se − z), above the 0.80 that two arms alone are promised. Margins four standard errors,
// and 0.01 for normal instead of t.
TEST(CandidatesVerdict, keeps_alpha_and_gains_power_by_all_arms) {
  const PlannedDesign small = pooled_plan();
  const Shop shop;
  const PooledTheory theory = theory_of(shop.differs);
  const double z = -normal_quantile(comparison_level(small));
  const double alpha = *dunnett_family_alpha(3, z, 1 / theory.correlation - 1);
  const double gains = small.design.effect_per_customer / 0.77;
  const double error = 10 * std::sqrt(theory.variance / (4 * kInArm * shop.differs));
  const double power = normal_cdf(gains / error - z);
  EXPECT_LT(alpha, 0.05);
  EXPECT_GT(power, 0.88);
  Calls none, one;
  base::Random random(7);
  for (int run = 0; run < kRuns; ++run) {
    count(judge_candidates(small, visit(shop, &random)).value(), &none);
    count(judge_candidates(small, visit({.gains = gains}, &random)).value(), &one);
  }
  EXPECT_NEAR(share(none.any), alpha, margin(alpha) + 0.01);
  EXPECT_NEAR(share(one.first), power, margin(power) + 0.01);
}

// Base and three candidates, 40 times asked for harm while they fill in steps of 50 customers; who
// did it.
std::optional<std::size_t> ask_for_harm(const PlannedDesign& watched, double first_gains,
                                        base::Random* random) {
  constexpr int kStep = 50;
  std::array<double, 4> sums{};
  for (std::int64_t n = kStep; n <= watched.customers; n += kStep) {
    std::vector<SampleSummary> arms;
    for (std::size_t arm = 0; arm < 4; ++arm) {
      sums[arm] += kStep * (arm == 1 ? first_gains : 0) + 10 * std::sqrt(kStep) * random->normal();
      arms.push_back(
          {.n = n, .mean = sums[arm] / static_cast<double>(n), .variance = 100, .deviation = 10});
    }
    std::vector<Evidence> now;
    for (std::size_t k = 1; k < 4; ++k) now.push_back({.base = arms[0], .candidate = arms[k]});
    if (const auto whom = harmful(watched, now)) return whom;
  }
  return std::nullopt;
}

// 4,000 experiments of three harmless candidates, Δ at the margin, seed 16: by Ville and Bonferroni
// at most harm_alpha = 5 % stop for any of them. Asked 40 times instead of always it is 1.1 % (of
// 40,000 with another seed), the centre; without the share of three it were 3.7 %. Margin four
// standard errors, 0.0066. Of 1,000 with one that loses 2 $, six standard errors at the end, more
// than 99 % (centre 99.9 %) stop for that one.
TEST(CandidatesVerdict, stops_harmless_candidates_in_a_share_harm_alpha_at_most) {
  const PlannedDesign watched{.design = {.effect_per_customer = 1, .deviation = 10},
                              .customers = 2000,
                              .harm_alpha = 0.05,
                              .candidates = 3};
  base::Random random(16);
  int stopped = 0, found = 0;
  for (int run = 0; run < 4000; ++run) stopped += ask_for_harm(watched, 0, &random) ? 1 : 0;
  for (int run = 0; run < 1000; ++run) found += ask_for_harm(watched, -2, &random) == 0u ? 1 : 0;
  EXPECT_NEAR(stopped / 4000.0, 0.0111, 4 * std::sqrt(0.0111 * 0.9889 / 4000));
  EXPECT_GT(found, 990);
}

TEST(CandidatesVerdict, by_disagreement_says_whom_it_rests_on) {
  base::Random random(3);
  const auto all = visit({.gains = 8}, &random);
  const auto verdict = judge_candidates(pooled_plan(), all).value();
  const VerdictFigures& figures = verdict.each[0].figures.value();
  EXPECT_EQ(figures.method, Method::kDisagreement);
  EXPECT_EQ(figures.pooled->customers, 4 * kInArm);
  EXPECT_EQ(figures.pooled->disagreeing, all[0].pooled->disagreeing());
  EXPECT_EQ(figures.welch.difference, all[0].pooled->estimate()->effect);
  EXPECT_EQ(figures.lower, all[0].pooled->estimate()->lower(comparison_level(pooled_plan())));
  const std::string said = sentence(verdict, kNames);
  EXPECT_NE(said.find("; the systems differ for " + std::to_string(figures.pooled->disagreeing) +
                      " of 1,040 customers of all arms"),
            std::string::npos)
      << said;
}

// The second candidate is slow: its own A/A test alarms and it is judged by everybody, the others
// by their own two arms.
TEST(CandidatesVerdict, does_not_pool_with_an_arm_that_acts_by_more_than_its_decisions) {
  base::Random random(4);
  const auto verdict = judge_candidates(pooled_plan(), visit({.broken_arm = 2}, &random)).value();
  EXPECT_EQ(verdict.each[1].figures->method, Method::kEverybody);
  EXPECT_NE(verdict.each[1].figures->why_everybody, "");
  for (const std::size_t k : {std::size_t{0}, std::size_t{2}}) {
    const VerdictFigures& figures = verdict.each[k].figures.value();
    EXPECT_EQ(figures.method, Method::kDisagreement);
    EXPECT_FALSE(figures.pooled);
    EXPECT_EQ(figures.why_not_pooled.find("of candidate 2, among customers on whom both systems"),
              0u);
  }
  EXPECT_NE(sentence(verdict, kNames).find("; without the other arms: of candidate 2, "),
            std::string::npos);
}

// A fresh experiment so large is narrow enough: 2·t·se ≤ δ − m.
TEST(CandidatesVerdict, settles_by_the_width_of_the_pooled_interval) {
  base::Random random(5);
  PlannedDesign demanding = pooled_plan();
  demanding.design.effect_per_customer = 1;
  const auto verdict = judge_candidates(demanding, visit({.gains = 1}, &random)).value();
  ASSERT_EQ(verdict.each[0].word, VerdictWord::kInconclusive);
  const VerdictFigures& figures = *verdict.each[0].figures;
  const double times = static_cast<double>(*verdict.each[0].customers_to_settle) / kInArm;
  EXPECT_NEAR((figures.upper - figures.lower) / std::sqrt(times), 1, 0.01);
}

}  // namespace
}  // namespace experiment

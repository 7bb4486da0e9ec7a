// SPDX-License-Identifier: Apache-2.0
// What is done with the records of an experiment afterwards: calibration, economics, other
// policies.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "experiment/aa_calibration.h"
#include "experiment/economics.h"
#include "experiment/off_policy.h"

namespace experiment {
namespace {

base::Cents cents(double dollars) {
  return base::Cents(static_cast<std::int64_t>(std::llround(dollars * 100)));
}

std::vector<LoggedCustomer> log_of(int customers, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<LoggedCustomer> log;
  for (int i = 0; i < customers; ++i) {
    const double spent = random.bernoulli(0.4) ? 0 : std::exp(2.5 + 0.8 * random.normal());
    log.push_back({.customer = i,
                   .revenue = cents(spent),
                   .base_offers = random.bernoulli(0.5),
                   .candidate_offers = random.bernoulli(0.5)});
  }
  return log;
}

PlannedDesign plan() { return {.design = {.effect_per_customer = 1, .deviation = 10}}; }

TEST(Calibration, of_a_sound_way_rejects_in_a_share_alpha_and_uniformly) {
  const std::vector<LoggedCustomer> log = log_of(2000, 3);
  for (const bool by_disagreement : {false, true}) {
    PlannedDesign each = plan();
    if (by_disagreement) each.disagreement = ExpectedDisagreement{0.5, 10, {}};
    const auto calibration = calibrate(log, each, 1000, 11, 2);
    ASSERT_TRUE(calibration) << calibration.error().message;
    // 1,000 runs at 5 %: 29 to 74 at level 0.001.
    EXPECT_TRUE(calibration->passed) << calibration->better << " " << calibration->uniformity_p;
    EXPECT_NEAR(static_cast<double>(calibration->better), 50, 25);
    EXPECT_LE(calibration->no_verdict, 8);  // Sample ratio alarms: 1 expected.
    std::int64_t counted = calibration->no_verdict;
    for (const std::int64_t n : calibration->histogram) counted += n;
    EXPECT_EQ(counted, 1000);
  }
}

TEST(Calibration, gives_the_same_whatever_the_threads) {
  const std::vector<LoggedCustomer> log = log_of(500, 5);
  const auto one = calibrate(log, plan(), 60, 1, 1);
  const auto three = calibrate(log, plan(), 60, 1, 3);
  EXPECT_EQ(one->better, three->better);
  EXPECT_EQ(one->histogram, three->histogram);
  EXPECT_NE(one->histogram, calibrate(log, plan(), 60, 2, 1)->histogram);
}

TEST(Calibration, sees_a_level_that_is_not_kept) {
  const std::vector<LoggedCustomer> log = log_of(2000, 3);
  PlannedDesign loose = plan();
  loose.design.alpha = 0.15;
  const auto calibration = calibrate(log, loose, 400, 11, 2);
  ASSERT_TRUE(calibration);
  const auto accepted = accepted_rejections(400, 0.05);
  EXPECT_GT(calibration->better, accepted->high);  // As a way of 5 % it would be refused.
  EXPECT_TRUE(calibration->passed);                // As one of 15 % it is sound.
}

TEST(Calibration, keeps_alpha_with_looks) {
  PlannedDesign looked = plan();
  looked.looks = 5;
  const auto calibration = calibrate(log_of(2000, 8), looked, 300, 4, 2);
  ASSERT_TRUE(calibration);
  EXPECT_TRUE(calibration->passed) << calibration->better;
}

TEST(Calibration, refuses_logs_that_are_too_short) {
  EXPECT_FALSE(calibrate(log_of(99, 1), plan(), 100, 1, 1));
  PlannedDesign by_disagreement = plan();
  by_disagreement.disagreement = ExpectedDisagreement{0.5, 10, {}};
  std::vector<LoggedCustomer> alike = log_of(500, 1);
  for (LoggedCustomer& customer : alike) customer.candidate_offers = customer.base_offers;
  EXPECT_FALSE(calibrate(alike, by_disagreement, 100, 1, 1));
}

// i = 15, c = 9.60, 60 % accept: q = 1.5625; baskets vary by 12 $.
TEST(Economics, measures_income_cost_and_their_ratio) {
  base::Random random(17);
  int covered = 0;
  double mean_q = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    OfferMoments offers;
    for (int i = 0; i < 4000; ++i) {
      const bool shown = random.bernoulli(0.5);
      const bool accepted = shown && random.bernoulli(0.6);
      offers.add(shown, accepted,
                 cents(60 + 12 * random.normal() - (shown ? 9.6 : 0) + (accepted ? 15 : 0)));
    }
    const auto m = measure_economics(offers, 0.05);
    ASSERT_TRUE(m && m->q && m->q_interval);
    mean_q += *m->q / kRuns;
    covered += m->q_interval->low <= 1.5625 && 1.5625 <= m->q_interval->high;
    EXPECT_NEAR(m->gain_of_showing, 0.6 * 15 - 9.6, 5 * 12 * std::sqrt(2.0 / 2000));
    EXPECT_NEAR(m->acceptance, 0.6, 5 * std::sqrt(0.24 / 2000));
  }
  EXPECT_NEAR(mean_q, 1.5625, 0.02);
  // Bin(400, 0.95) lies in 366 … 394 with a chance of 99.9 %.
  EXPECT_GE(covered, 366);
  EXPECT_LE(covered, 394);
}

TEST(Economics, gives_no_q_where_no_cost_is_seen) {
  OfferMoments offers;
  for (int i = 0; i < 100; ++i) {
    offers.add(false, false, cents(40 + i % 7));
    offers.add(true, false, cents(40 + i % 7));
    offers.add(true, true, cents(55 + i % 7));
  }
  const auto m = measure_economics(offers, 0.05);
  ASSERT_TRUE(m);
  EXPECT_FALSE(m->q_interval);
  EXPECT_NEAR(m->income, 15, 1e-9);
  EXPECT_FALSE(measure_economics(OfferMoments{}, 0.05));
}

// Showing brings +4 $ to kind 0 and −3 $ to kind 1; base shows to nobody, the candidate to both,
// the policy to kind 0 alone.
TEST(OffPolicy, values_a_policy_that_was_never_run) {
  base::Random random(23);
  PolicyRecords records;
  constexpr int kCustomers = 40'000;
  for (int i = 0; i < kCustomers; ++i) {
    const int kind = static_cast<int>(3 * random.uniform());  // Kind 2: nobody shows.
    const bool candidate = random.bernoulli(0.5);
    const bool shown = candidate && kind < 2;
    const double effect = kind == 0 ? 4 : -3;
    records.add(candidate ? Arm::kCandidate : Arm::kBase, false, kind < 2, kind == 0,
                cents(50 + 10 * random.normal() + (shown ? effect : 0)));
  }
  EXPECT_EQ(records.unsupported(), 0);
  EXPECT_EQ(records.overlap(), 1);
  const auto gain = records.gain();
  ASSERT_TRUE(gain);
  // A third of the customers, 4 $ each; standard error (1/3)·10·√(4·3/40,000) = 0.058.
  EXPECT_NEAR(gain->effect, 4.0 / 3, 4 * 0.06);
  EXPECT_NEAR(gain->standard_error, 0.058, 0.005);
}

TEST(OffPolicy, says_where_nothing_is_known) {
  PolicyRecords records;
  for (int i = 0; i < 300; ++i) {
    const Arm arm = i % 2 == 0 ? Arm::kBase : Arm::kCandidate;
    records.add(arm, false, false, true, cents(i));           // Nobody was ever shown it.
    records.add(arm, false, true, true, cents(100 + i % 9));  // Supported.
    records.add(arm, true, false, true, cents(i));            // As base.
  }
  EXPECT_EQ(records.customers(), 900);
  EXPECT_EQ(records.as_base(), 300);
  EXPECT_EQ(records.unsupported(), 300);
  EXPECT_DOUBLE_EQ(records.overlap(), 0.5);
  EXPECT_NEAR(records.gain()->share, 1.0 / 3, 1e-12);
}

}  // namespace
}  // namespace experiment

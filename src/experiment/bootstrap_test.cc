// SPDX-License-Identifier: Apache-2.0
#include "experiment/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "experiment/checks.h"
#include "experiment/disagreement.h"
#include "experiment/moments.h"

namespace experiment {
namespace {

struct Customer {
  std::int64_t id = 0;
  Arm arm = Arm::kBase;
  bool compared = true;
  base::Cents revenue;
};

// A tenth of them buy for a log-normal amount; who is compared is a coin's `share`.
std::vector<Customer> shop(std::uint64_t seed, int customers, double share = 1) {
  base::Random random(seed);
  std::vector<Customer> all;
  for (int i = 0; i < customers; ++i) {
    const bool buys = random.bernoulli(0.1);
    const double amount = buys ? std::exp(3 + 0.8 * random.normal()) : 0;
    all.push_back({.id = static_cast<std::int64_t>(seed) * 1'000'000 + i,
                   .arm = i % 2 == 0 ? Arm::kBase : Arm::kCandidate,
                   .compared = random.bernoulli(share),
                   .revenue = base::Cents(std::llround(amount * 100))});
  }
  return all;
}

void add(Bootstrap& bootstrap, const Customer& customer) {
  bootstrap.add(customer.id, customer.arm, customer.compared, customer.revenue);
}

Bootstrap of(const std::vector<Customer>& customers) {
  Bootstrap bootstrap;
  for (const Customer& customer : customers) add(bootstrap, customer);
  return bootstrap;
}

// Of the same customers; the systems differ exactly for the compared ones.
DisagreementRows rows_of(const std::vector<Customer>& customers) {
  DisagreementMoments moments;
  for (const Customer& each : customers) moments.add(each.arm, true, !each.compared, each.revenue);
  return moments.rows();
}

IntervalAgreement against_welch(const std::vector<Customer>& customers) {
  const DisagreementRows rows = rows_of(customers);
  return agreement_of(*of(customers).interval(0.05),
                      welch(rows.everybody.base, rows.everybody.candidate)->interval(0.1));
}

TEST(Bootstrap, takes_customers_in_any_order_and_takes_them_back) {
  const std::vector<Customer> customers = shop(1, 5000, 0.5);
  const Bootstrap whole = of(customers);
  Bootstrap backwards, left, right;
  for (auto each = customers.rbegin(); each != customers.rend(); ++each) add(backwards, *each);
  for (const Customer& each : customers) add(each.id % 3 == 0 ? left : right, each);
  right.merge(left);
  EXPECT_TRUE(backwards == whole);
  EXPECT_TRUE(right == whole);
  const Customer more{.id = 77, .arm = Arm::kCandidate, .revenue = base::Cents(INT64_MAX)};
  Bootstrap changed = whole;
  for (int i = 0; i < 3; ++i) add(changed, more);
  EXPECT_FALSE(changed == whole);
  for (int i = 0; i < 3; ++i) changed.remove(more.id, more.arm, more.compared, more.revenue);
  EXPECT_TRUE(changed == whole);
}

// What is kept and what is drawn from it is the same on every machine, today and after a restart.
TEST(Bootstrap, gives_the_same_bits_everywhere) {
  Bootstrap bootstrap;
  for (std::int64_t i = 0; i < 1000; ++i)
    bootstrap.add(i, static_cast<Arm>(i % 2), true, base::Cents(i * i % 977));
  const Interval interval = *bootstrap.interval(0.05);
  EXPECT_EQ(interval.low, -0x1.377dd687a0a8cp-2);
  EXPECT_EQ(interval.high, 0x1.52c08135ad65fp-2);
}

TEST(Bootstrap, says_nothing_without_customers_in_both_arms) {
  EXPECT_FALSE(Bootstrap().interval(0.05));
  Bootstrap one_arm;
  for (std::int64_t i = 0; i < 1000; ++i) one_arm.add(i, Arm::kBase, true, base::Cents(100));
  EXPECT_FALSE(one_arm.interval(0.05));
}

struct Spread {
  Moments width;
  Moments position;
};

// The noise that the header states: 3.3 % of the width from groups and replicates, 1.4 % of it in
// the position. Seeds 100…299, 2,000 customers an arm; a deviation of 200 is known to 5 %, so
// within 4 of these, and the means to 3.3 %/√200 = 0.23 % and 1.6 %/√200 = 0.11 %, within 4.
TEST(Bootstrap, agrees_with_welch_but_for_the_stated_noise) {
  Spread spread;
  for (std::uint64_t seed = 100; seed < 300; ++seed) {
    const IntervalAgreement apart = against_welch(shop(seed, 4000));
    spread.width.add(apart.width);
    spread.position.add(apart.position);
  }
  EXPECT_NEAR(spread.width.summary().deviation, 0.033, 0.2 * 0.033);
  EXPECT_NEAR(spread.position.summary().deviation, 0.016, 0.2 * 0.016);
  EXPECT_NEAR(spread.width.mean(), 0, 4 * 0.0023);
  EXPECT_NEAR(spread.position.mean(), 0, 4 * 0.0011);
}

// A fifth is compared: the interval is that of q̂·τ̂ with the noise of q̂. Seeds 300…399, 10,000
// customers; margins as above.
TEST(Bootstrap, agrees_with_the_estimate_by_disagreement) {
  Spread spread;
  for (std::uint64_t seed = 300; seed < 400; ++seed) {
    const std::vector<Customer> customers = shop(seed, 10'000, 0.2);
    const DisagreementEstimate estimate = *estimate_by_disagreement(rows_of(customers));
    const IntervalAgreement apart =
        agreement_of(*of(customers).interval(0.05), estimate.interval(0.1));
    spread.width.add(apart.width);
    spread.position.add(apart.position);
  }
  EXPECT_NEAR(spread.width.mean(), 0, 4 * 0.0033);
  EXPECT_NEAR(spread.position.mean(), 0, 4 * 0.0016);
}

// One basket as large as all others together: the estimate is skewed, Welch's interval is not.
TEST(Bootstrap, does_not_agree_where_one_customer_decides) {
  std::vector<Customer> customers = shop(3, 2000);
  EXPECT_TRUE(against_welch(customers).good());
  customers[1].revenue = base::Cents(1'000'000);
  EXPECT_FALSE(against_welch(customers).good());
}

Check check_of(const std::vector<Customer>& customers, const PlannedDesign& plan) {
  return bootstrap_check(plan, rows_of(customers), of(customers));
}

TEST(BootstrapCheck, is_dark_below_200_compared_customers_in_an_arm) {
  PlannedDesign plan;
  EXPECT_EQ(check_of(shop(4, 398), plan).lamp, Lamp::kDark);
  EXPECT_EQ(check_of(shop(4, 398), plan).message, "needs 200 customers in each arm");
  EXPECT_NE(check_of(shop(4, 400), plan).lamp, Lamp::kDark);
  plan.disagreement.emplace();
  EXPECT_EQ(check_of(shop(4, 1000, 0.2), plan).lamp, Lamp::kDark);
  EXPECT_EQ(check_of(shop(4, 4000, 0.2), plan).lamp, Lamp::kGood);
}

TEST(BootstrapCheck, is_dark_where_nothing_was_spent) {
  std::vector<Customer> customers = shop(4, 1000);
  for (Customer& customer : customers) customer.revenue = base::Cents(0);
  EXPECT_EQ(check_of(customers, {}).lamp, Lamp::kDark);
}

// It says how far the intervals are apart, never where they lie.
TEST(BootstrapCheck, is_worth_a_look_where_one_customer_decides) {
  std::vector<Customer> customers = shop(3, 2000);
  const Check good = check_of(customers, {});
  EXPECT_EQ(good.code, "bootstrap");
  EXPECT_EQ(good.lamp, Lamp::kGood);
  EXPECT_EQ(good.message,
            "resampling the customers gives an interval 1.1 % wider than the formula's, 0.1 % of "
            "its width lower");
  customers[1].revenue = base::Cents(1'000'000);
  const Check watch = check_of(customers, {});
  EXPECT_EQ(watch.lamp, Lamp::kWatch);
  EXPECT_NE(watch.message.find("a few customers decide"), std::string::npos) << watch.message;
}

TEST(IntervalAgreement, is_in_widths_of_the_other) {
  const IntervalAgreement apart = agreement_of({1.5, 4}, {0, 2});
  EXPECT_DOUBLE_EQ(apart.width, 0.25);
  EXPECT_DOUBLE_EQ(apart.position, 0.875);
  EXPECT_TRUE(agreement_of({0.09, 1.09}, {0, 1}).good());
  EXPECT_FALSE(agreement_of({-0.11, 0.89}, {0, 1}).good());
  EXPECT_FALSE(agreement_of({0.06, 0.94}, {0, 1}).good());
  EXPECT_TRUE(agreement_of({-0.04, 1.04}, {0, 1}).good());
}

}  // namespace
}  // namespace experiment

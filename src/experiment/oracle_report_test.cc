// SPDX-License-Identifier: Apache-2.0
// The oracle's sections l (A/A calibration), guardrail and bayes.
#include <cstdio>

#include "base/random.h"
#include "experiment/aa_calibration.h"
#include "experiment/guardrails.h"
#include "experiment/normal_approximation.h"
#include "experiment/oracle_for_test.h"
#include "experiment/posterior.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;

void calibration(const Json& inputs, const Json& outputs) {
  for (const auto& [name, values] : outputs.items()) {
    SCOPED_TRACE(name);
    int runs = 0;
    double alpha = 0;
    ASSERT_EQ(std::sscanf(name.c_str(), "M=%d,alpha=%lf", &runs, &alpha), 2);
    const auto accepted = accepted_rejections(runs, alpha, inputs.at("two_sided_level"));
    ASSERT_TRUE(accepted);
    Expected expected(values);
    EXPECT_EQ(accepted->low, expected.take("accept_low").get<std::int64_t>());
    EXPECT_EQ(accepted->high, expected.take("accept_high").get<std::int64_t>());
    expected.is("rate_low", static_cast<double>(accepted->low) / runs);
    expected.is("rate_high", static_cast<double>(accepted->high) / runs);
    expected.is("prob_outside", accepted->chance_outside);
  }
}

void exact_interval(const Json& /*inputs*/, const Json& outputs) {
  const auto same = [](const Json& expected, const Interval& actual) {
    EXPECT_NEAR(actual.low, expected.at(0).get<double>(), 1e-12);
    EXPECT_NEAR(actual.high, expected.at(1).get<double>(), 1e-12);
  };
  Expected expected(outputs);
  same(expected.take("48/1000"), clopper_pearson(48, 1000, 0.05));
  same(expected.take("520/10000"), clopper_pearson(520, 10000, 0.05));
  expected.is("0/100 upper", clopper_pearson(0, 100, 0.05).high);
  EXPECT_EQ(clopper_pearson(0, 100, 0.05).low, 0);
  EXPECT_EQ(clopper_pearson(100, 100, 0.05).high, 1);
}

void uniformity(const Json& /*inputs*/, const Json& outputs) {
  for (const auto& [n, values] : outputs.items()) {
    Expected expected(values);
    EXPECT_NEAR(uniformity_p(expected.take("D_crit_0_001"), std::stoll(n)), 0.001, 3e-5) << n;
    EXPECT_NEAR(uniformity_p(expected.take("D_crit_0_05"), std::stoll(n)), 0.05, 1e-3) << n;
  }
}

void guardrails(const Json& inputs, const Json& outputs) {
  const Design primary{.alpha = inputs.at("alpha"),
                       .power = 1 - inputs.at("beta").get<double>(),
                       .effect_per_customer = inputs.at("effect"),
                       .deviation = inputs.at("sd")};
  const double loss = inputs.at("guardrail_margin_in_sd").get<double>() * primary.deviation;
  for (const auto& [name, values] : outputs.items()) {
    SCOPED_TRACE(name);
    const int count = std::stoi(name.substr(2));
    Design shared = primary;
    shared.power = power_of_each(primary.power, count);
    Expected expected(values);
    expected.is("beta_star", 1 - shared.power);
    expected.is("n_primary_per_arm", normal_approximation::customers(shared));
    expected.is(
        "n_guardrail_per_arm_margin_1pct_sd",
        normal_approximation::customers(guardrail_design(primary, count, loss, primary.deviation)));
  }
}

void bayes(const Json& inputs, const Json& outputs) {
  const double effect = inputs.at("effect");
  const Posterior informed =
      posterior(inputs.at("diff"), inputs.at("se"),
                {.mean = inputs.at("prior_mean"), .deviation = inputs.at("prior_sd")});
  const Posterior flat = posterior(inputs.at("diff"), inputs.at("se"));
  Expected expected(outputs);
  expected.is("post_mean", informed.mean);
  expected.is("post_sd", informed.deviation);
  expected.is("prob_gt_0", informed.chance_above(0));
  expected.is("prob_gt_effect", informed.chance_above(effect));
  expected.is("expected_loss_ship", informed.loss_of_shipping());
  expected.is("expected_loss_keep", informed.loss_of_keeping());
  expected.is("flat_prior_prob_gt_0", flat.chance_above(0));
  expected.is("flat_prior_prob_gt_effect", flat.chance_above(effect));
}

const oracle::Handlers& handlers() {
  static const oracle::Handlers all = {
      {"l.aa", calibration}, {"l.clopper_pearson", exact_interval},
      {"l.ks", uniformity},  {"guardrail.", guardrails},
      {"bayes.", bayes},
  };
  return all;
}

class ReportOracle : public testing::TestWithParam<std::string> {};
TEST_P(ReportOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, ReportOracle,
                         testing::ValuesIn(oracle::ids({"l", "guardrail", "bayes"})),
                         oracle::test_name);

// Uniform values pass and squared ones do not (seed 8, 1,000 of each).
TEST(Calibration, tells_uniform_p_values_from_others) {
  base::Random random(8);
  std::vector<double> uniform, squared;
  for (int i = 0; i < 1000; ++i) {
    uniform.push_back(random.uniform());
    squared.push_back(uniform.back() * uniform.back());
  }
  EXPECT_GT(uniformity_p(distance_from_uniform(uniform), 1000), 0.001);
  // P(U² ≤ 1/4) is 1/2: the distance is 1/4 at least, less four errors of 1/√1000·½.
  EXPECT_GT(distance_from_uniform(squared), 0.25 - 4 * 0.0158);
  EXPECT_LT(uniformity_p(distance_from_uniform(squared), 1000), 1e-9);
  EXPECT_EQ(uniformity_p(0, 1000), 1);
}

TEST(Calibration, refuses_numbers_out_of_range) {
  EXPECT_FALSE(accepted_rejections(0, 0.05));
  EXPECT_FALSE(accepted_rejections(100, 0));
  EXPECT_FALSE(accepted_rejections(100, 0.05, 1));
  EXPECT_TRUE(accepted_rejections(1, 0.5));
}

}  // namespace
}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// The oracle's section m: the disagreement estimator and its design.
#include <cstdio>

#include "experiment/disagreement.h"
#include "experiment/disagreement_design.h"
#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;

void compare_stratum(const Json& values, double share, const Welch& effect,
                     const ArmSummaries& rows) {
  Expected expected(values);
  expected.set_aside("name", "a label");
  expected.is("q", share);
  expected.is("tau", effect.difference);
  EXPECT_EQ(rows.base.n, expected.take("nB").get<std::int64_t>());
  EXPECT_EQ(rows.candidate.n, expected.take("nC").get<std::int64_t>());
  expected.is("meanB", rows.base.mean);
  expected.is("meanC", rows.candidate.mean);
  expected.is("varB", rows.base.variance);
  expected.is("varC", rows.candidate.variance);
}

void compare_one_stratum(const Json& values, const DisagreementRows& rows) {
  const DisagreementEstimate estimate = *estimate_by_disagreement(rows);
  Expected expected(values);
  expected.is("delta", estimate.effect);
  expected.is("var_within", estimate.within);
  expected.is("var_multinomial", estimate.between);
  expected.is("se", estimate.standard_error);
  compare_stratum(expected.take("strata").at(0), estimate.share, estimate.among, rows.disagree);
}

void compare_two_strata(const Json& values, const DisagreementRows& rows) {
  const PostStratified kinds = *estimate_by_kind(rows);
  Expected expected(values);
  expected.is("delta", kinds.total.difference);
  expected.is("var_within", kinds.within);
  expected.is("var_multinomial", kinds.between);
  expected.is("se", kinds.total.standard_error);
  const Json& strata = expected.take("strata");
  compare_stratum(strata.at(0), kinds.strata[0].share, *kinds.strata[0].effect, rows.add);
  compare_stratum(strata.at(1), kinds.strata[1].share, *kinds.strata[1].effect, rows.remove);
}

void tiny(const Json& inputs, const Json& outputs) {
  DisagreementMoments moments;
  for (const Json& row : inputs.at("data")) {
    moments.add(row.at(0) == 1 ? Arm::kCandidate : Arm::kBase, row.at(1) == 1, row.at(2) == 1,
                base::Cents(row.at(3).get<std::int64_t>()));
  }
  const DisagreementRows rows = moments.rows();
  Expected expected(outputs);
  compare_one_stratum(expected.take("one_stratum_D"), rows);
  compare_two_strata(expected.take("two_strata_add_remove"), rows);
  {
    const Welch everybody = analyse_disagreement(rows, 1)->intention_to_treat;
    Expected itt(expected.take("itt"));
    itt.is("delta", everybody.difference);
    itt.is("se", everybody.standard_error);
  }
  {
    const AgreementHealth health = agreement_health(rows, 1);
    Expected agreement(expected.take("agreement_AA"));
    agreement.is("diff", health.agreement->difference);
    agreement.is("t", health.agreement->t(0));
    agreement.is("df", health.agreement->dof);
    agreement.is("p", health.agreement_p);
  }
  expected.set_aside("horvitz_thompson_p_half", "not an estimator of ours: weights by the plan");
  expected.set_aside("base_value_pooled", "the value of base itself; we estimate the difference");
}

void sizes(const Json& inputs, const Json& outputs) {
  for (const auto& [name, values] : outputs.items()) {
    SCOPED_TRACE(name);
    DisagreementDesign plan{.design = {.alpha = inputs.at("alpha"),
                                       .power = inputs.at("power"),
                                       .effect_per_customer = inputs.at("effect"),
                                       .deviation = inputs.at("sd")}};
    ASSERT_EQ(std::sscanf(name.c_str(), "q=%lf,sdD=%lf", &plan.share, &plan.deviation), 2);
    const double total = *disagreement_customers_by_formula(plan);
    const DisagreementCustomers solved = *solve_disagreement(plan);
    DisagreementDesign ordinary = plan;  // The ordinary test: all customers count as disagreeing.
    ordinary.share = 1;
    ordinary.deviation = plan.design.deviation;
    const double naive = *disagreement_customers_by_formula(ordinary);
    Expected expected(values);
    expected.is("effect_per_disagreeing_customer", solved.effect_per_disagreeing);
    expected.is("n_disagree_per_arm", total * plan.share / 2);
    expected.is("n_total_disagree", total * plan.share);
    expected.is("n_total_sampled", total);
    expected.is("naive_total", naive);
    expected.is("ratio", total / naive);
    // Student's t adds one or two customers, more only where there are few; then the floor binds.
    EXPECT_EQ(solved.floor_binds, total * plan.share / 2 < 199) << total * plan.share / 2;
    if (!solved.floor_binds) {
      EXPECT_NEAR(static_cast<double>(solved.customers), total, 4 / plan.share);
    }
  }
}

void size_with_margin(const Json& inputs, const Json& outputs) {
  DisagreementDesign plan{.design = {.alpha = inputs.at("alpha"),
                                     .power = inputs.at("power"),
                                     .effect_per_customer = inputs.at("effect"),
                                     .margin = inputs.at("margin"),
                                     .deviation = 15},
                          .share = inputs.at("q"),
                          .deviation = inputs.at("sdD_base"),
                          .candidate_deviation = inputs.at("sdD_candidate")};
  Expected expected(outputs);
  const double total = *disagreement_customers_by_formula(plan);
  expected.is("N_total", total);
  const double z = 1.6448536269514726 + 0.8416212335729142;  // a.z.quantiles at 0.95 and 0.8.
  const double distance = plan.design.effect_per_customer - plan.design.margin;
  expected.is("var_times_N", total * distance * distance / (z * z));
  DisagreementDesign ordinary = plan;
  ordinary.share = 1;
  expected.is("naive_total", *disagreement_customers_by_formula(ordinary));
  plan.design.ratio = 1.0 / 9;  // A tenth of the customers to the candidate.
  expected.is("N_total_share_0_1", *disagreement_customers_by_formula(plan));
}

// The formulas at the moments of the oracle's simulated populations, and its Monte Carlo figures
// within four binomial or simulation errors of what theory says. Our own estimator on rows of the
// same model is in disagreement_test.cc.
struct Population {
  double deviation, deviation_among, share;
};

void compare_simulated(const std::string& name, const Json& values, const Population& population,
                       double power) {
  const double n = std::stod(name.substr(name.find(".N") + 2));
  const double effect = name.find("effect0.7") != std::string::npos ? 0.7 : 0;
  const double q = population.share;
  const double tau = effect / q;
  const double variance =
      (4 * q * population.deviation_among * population.deviation_among + tau * tau * q * (1 - q)) /
      n;
  EXPECT_NEAR(values.at("formula_se").at("trig").get<double>(), std::sqrt(variance), 1e-9);
  EXPECT_NEAR(values.at("formula_se").at("itt").get<double>(),
              2 * population.deviation / std::sqrt(n), 1e-9);
  const Json& seen = values.at("trig");
  const double reps = values.at("reps");
  const double coverage_error = std::sqrt(0.95 * 0.05 / reps);
  EXPECT_NEAR(seen.at("mean").get<double>(), effect, 4 * seen.at("mc_se_of_mean").get<double>());
  EXPECT_NEAR(seen.at("cover95").get<double>(), 0.95, 4 * coverage_error);
  EXPECT_NEAR(values.at("agreement_AA_two_sided_fpr").get<double>(), 0.05, 4 * coverage_error);
  EXPECT_NEAR(seen.at("mean_estimated_se").get<double>(), std::sqrt(variance),
              0.015 * std::sqrt(variance));
  const double rejected = effect == 0 ? 0.05 : power;
  EXPECT_NEAR(values.at("reject_test_among_disagreers").get<double>(), rejected,
              4 * std::sqrt(rejected * (1 - rejected) / reps) + (effect == 0 ? 0 : 0.008));
}

void simulated(const Json& inputs, const Json& outputs) {
  for (const std::string model : {"normal", "skewed"}) {
    const Json& values = outputs.at(model + ".population");
    const Population population{values.at("sd"), values.at("sd_disagree"), values.at("q")};
    DisagreementDesign plan{.design = {.alpha = inputs.at("alpha"),
                                       .power = inputs.at("power"),
                                       .effect_per_customer = inputs.at("overall"),
                                       .deviation = population.deviation},
                            .share = population.share,
                            .deviation = population.deviation_among};
    const double triggered = std::ceil(*disagreement_customers_by_formula(plan));
    EXPECT_EQ(triggered, values.at("N_triggered").get<double>());
    plan.share = 1;
    plan.deviation = population.deviation;
    const double naive = std::ceil(*disagreement_customers_by_formula(plan));
    EXPECT_EQ(naive, values.at("N_naive").get<double>());
    EXPECT_NEAR(triggered / naive, values.at("ratio").get<double>(), 1e-12);
    for (const auto& [name, each] : outputs.items()) {
      if (name.rfind(model + ".effect", 0) != 0) continue;
      SCOPED_TRACE(name);
      // At N_naive customers the test is far above its planned power.
      const bool planned = std::stod(name.substr(name.find(".N") + 2)) == triggered;
      const double shift =
          2.4864748605243863 * std::sqrt(naive / triggered);  // i.inflation's drift.
      compare_simulated(name, each, population,
                        planned ? 0.8 : normal_sf(1.6448536269514726 - shift));
    }
  }
}

// What the oracle's simulation says of our health tests: which guard catches which break. The
// guards themselves are tested in disagreement_test.cc.
void breaks(const Json& /*inputs*/, const Json& outputs) {
  EXPECT_LT(outputs.at("valid").at("agreement_AA_alarm_p001").get<double>(), 0.005);
  for (const char* name : {"drop_timeouts", "latency"}) {
    const Json& each = outputs.at(name);
    EXPECT_GT(each.at("agreement_AA_alarm_p001").get<double>(),
              10 * each.at("srm_alarm_in_D_p001").get<double>());
  }
}

const oracle::Handlers& handlers() {
  static const oracle::Handlers all = {
      {"m.estimator.tiny", tiny},          {"m.size", sizes},
      {"m.size.margin", size_with_margin}, {"m.simulation", simulated},
      {"m.validity_breaks", breaks},
  };
  return all;
}

class DisagreementOracle : public testing::TestWithParam<std::string> {};
TEST_P(DisagreementOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, DisagreementOracle,
                         testing::Values("m.estimator.tiny", "m.size", "m.size.margin",
                                         "m.simulation", "m.validity_breaks"),
                         oracle::test_name);

}  // namespace
}  // namespace experiment

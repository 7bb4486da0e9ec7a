// SPDX-License-Identifier: Apache-2.0
// The oracle's sections a (sample size), b and c (power, coherence) and e (the verdict's promises).
#include "experiment/design.h"
#include "experiment/distribution.h"
#include "experiment/normal_approximation.h"
#include "experiment/operating_characteristics.h"
#include "experiment/oracle_for_test.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Design design_of(const Json& inputs) {
  Design design;
  design.deviation = inputs.at("sd");
  design.effect_per_customer =
      inputs.contains("design_effect") ? inputs.at("design_effect") : inputs.at("effect");
  design.margin = inputs.value("margin", 0.0);
  design.alpha = inputs.at("alpha");
  design.power = inputs.at("power");
  design.sides = inputs.value("sided", 1) == 2 ? Sides::kTwo : Sides::kOne;
  design.ratio = inputs.contains("ratio_nC_over_nB") ? inputs.at("ratio_nC_over_nB").get<double>()
                                                     : inputs.value("ratio", 1.0);
  return design;
}

// Where an increasing f crosses zero.
template <class F>
double crossing(const F& f, double low, double high) {
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (f(middle) < 0 ? low : high) = middle;
  }
  return low;
}

// Our normal power counts both tails; solving it for n is what NormalIndPower does.
double customers_by_both_tails(const Design& design) {
  return crossing([&](double n) { return normal_approximation::power(design, n) - design.power; },
                  1.0, 1e7);
}

void quantiles(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  const Json& z = expected.take("z");
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double p = std::stod(inputs.at("p").at(i).get<std::string>());
    EXPECT_NEAR(normal_quantile(p), z.at(i).get<double>(), 1e-13)
        << p;  // The double nearest 0.9995 is 6e-14 away in z.
  }
}

void sample_size(const Json& inputs, const Json& outputs) {
  const Design design = design_of(inputs);
  const std::int64_t n = solve_customers(design).value();
  Expected expected(outputs);
  expected.is("nB_z_real", normal_approximation::customers(design), 1e-13);
  // The oracle's root finder stopped at 4e-11; with 40 digits the power at our n is the target to
  // 3e-15.
  expected.is("nB_t_real", solve_customers_real(design).value(), 1e-10);
  if (outputs.contains("nB_int")) {
    EXPECT_EQ(n, expected.take("nB_int").get<std::int64_t>());
  }
  if (!outputs.contains("nC_int")) return;
  const Customers both = arms(n, design.ratio);
  EXPECT_EQ(both.candidate, expected.take("nC_int").get<std::int64_t>());
  EXPECT_EQ(both.total(), expected.take("n_total").get<std::int64_t>());
  expected.is("achieved_power_t", exact_power(design, both), 1e-12);
  Design as_rounded = design;
  as_rounded.ratio = static_cast<double>(both.candidate) / static_cast<double>(both.base);
  expected.is("achieved_power_z", normal_approximation::power(as_rounded, static_cast<double>(n)),
              1e-12);
  expected.is("power_one_less_nB", solve_power(design, n - 1).value(), 1e-12);
  expected.is("statsmodels_TTestIndPower_solve", solve_customers_real(design).value(),
              1e-7);  // Its own tolerance.
  expected.is("statsmodels_NormalIndPower_solve", customers_by_both_tails(design), 1e-7);
}

void welch_power(const Json& inputs, const Json& outputs) {
  const Design design{.alpha = inputs.at("alpha"),
                      .effect_per_customer = inputs.at("effect"),
                      .deviation = inputs.at("sdB"),
                      .candidate_deviation = inputs.at("sdC").get<double>()};
  const Customers customers{inputs.at("nB"), inputs.at("nC")};
  Expected expected(outputs);
  expected.is("power", exact_power(design, customers), 1e-12);
  expected.is("welch_df", design_error(design, customers).dof, 1e-12);
  expected.is("nB_z_ratio1", normal_approximation::customers(design), 1e-12);
  expected.is("neyman_ratio_nC_over_nB", best_ratio(design), 1e-14);
}

void noncentral(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  const double sf = noncentral_student_sf(inputs.at("t"), inputs.at("df"), inputs.at("ncp"));
  expected.is("sf", sf, 1e-12);
  expected.is("scipy", sf, 1e-12);
}

void solve_each(const Json& inputs, const Json& outputs) {
  const Design design = design_of(inputs);
  const std::int64_t n = inputs.at("nB");
  const auto real_n = static_cast<double>(n);
  const auto with_effect = [&](double effect) {
    Design other = design;
    other.effect_per_customer = effect;
    return other;
  };
  const auto with_alpha = [&](double alpha) {
    Design other = design;
    other.alpha = alpha;
    return other;
  };
  Expected expected(outputs);
  expected.is("power_z", normal_approximation::power(design, real_n), 1e-12);
  expected.is("power_t", solve_power(design, n).value(), 1e-12);
  if (design.sides == Sides::kOne) {
    expected.is("mde_z", normal_approximation::effect(design, real_n), 1e-12);
    expected.is("mde_t", solve_effect(design, n).value(), 1e-12);
    expected.is("alpha_z", normal_approximation::alpha(design, real_n), 1e-12);
    expected.is("nB_z", normal_approximation::customers(design), 1e-12);
    return;
  }
  const auto lack_at_effect = [&](double effect) {
    return normal_approximation::power(with_effect(effect), real_n) - design.power;
  };
  const auto lack_at_alpha = [&](double alpha) {
    return normal_approximation::power(with_alpha(alpha), real_n) - design.power;
  };
  expected.is("mde_z_exact_both_tails", crossing(lack_at_effect, 1e-6, 10.0));
  expected.is("mde_z_near_tail_only", normal_approximation::effect(design, real_n), 1e-12);
  expected.is("alpha_z_exact", crossing(lack_at_alpha, 1e-6, 0.5));
  expected.is("alpha_z_near_tail", normal_approximation::alpha(design, real_n), 1e-12);
  expected.is("nB_z_near_tail", normal_approximation::customers(design), 1e-12);
}

void curves(const Json& inputs, const Json& outputs) {
  const Design design = design_of(inputs);
  Expected expected(outputs);
  const Json& power = expected.take("power_z");
  const Json& effect = expected.take("mde_z");
  const Json& half = expected.take("halfwidth_one_sided");
  for (std::size_t i = 0; i < power.size(); ++i) {
    const std::int64_t n = inputs.at("n_per_arm").at(i);
    const double p = power.at(i);
    EXPECT_NEAR(normal_approximation::power(design, static_cast<double>(n)), p, 1e-12 * p) << n;
    EXPECT_NEAR(normal_approximation::effect(design, static_cast<double>(n)),
                effect.at(i).get<double>(), 1e-12)
        << n;
    EXPECT_NEAR(-normal_quantile(design.alpha) * design_error(design, {n, n}).standard_error,
                half.at(i).get<double>(), 1e-12)
        << n;
  }
}

// At exactly the planned n of the normal approximation the effect lies k = z_{1−α} + z_{power}
// errors away.
OutcomeChances chances_at(const Json& inputs, const std::string& fraction) {
  const double alpha = inputs.at("alpha");
  const double k = -normal_quantile(alpha) + normal_quantile(inputs.at("power").get<double>());
  const double f = std::stod(fraction);
  return outcome_chances(alpha, kInfinity, f * k, (f - 1) * k);
}

void characteristics(const Json& inputs, const Json& outputs) {
  for (const auto& [fraction, values] : outputs.items()) {
    SCOPED_TRACE(fraction);
    const OutcomeChances chances = chances_at(inputs, fraction);
    Expected expected(values);
    const bool long_names = values.contains("better_L_gt_0");
    expected.is(long_names ? "better_L_gt_0" : "better", chances.better);
    expected.is(long_names ? "desired_excluded_U_lt_effect" : "desired_excluded",
                chances.effect_excluded);
    expected.is("inconclusive", chances.inconclusive);
    expected.is(long_names ? "at_least_effect_L_gt_effect" : "at_least_effect", chances.proven);
    expected.is(long_names ? "worse_U_lt_0" : "worse", chances.worse);
  }
}

void dual_criterion(const Json& inputs, const Json& outputs) {
  for (const auto& [fraction, values] : outputs.items()) {
    SCOPED_TRACE(fraction);
    const OutcomeChances chances = chances_at(inputs, fraction);
    Expected expected(values);
    expected.is("significant_only", chances.better);
    expected.is("dual_significant_and_estimate_ge_effect", chances.effect_reached);
    expected.is("proven_ge_effect", chances.proven);
  }
}

void proof_of_effect(const Json& inputs, const Json& outputs) {
  for (const auto& [truth, values] : outputs.items()) {
    Design design = design_of(inputs);
    design.margin = design.effect_per_customer;
    design.effect_per_customer *= std::stod(truth.substr(truth.find('=') + 1));
    Expected expected(values);
    expected.is("n_per_arm", normal_approximation::customers(design), 1e-12);
  }
}

void verdict_simulation(const Json& inputs, const Json& outputs) {
  // 400,000 repetitions: a standard error of at most 0.0008; the margin is five of them.
  constexpr double kMargin = 0.004;
  const Design design{.alpha = inputs.at("alpha_one_sided"),
                      .effect_per_customer = inputs.at("effect"),
                      .deviation = inputs.at("sd")};
  const std::int64_t n = inputs.at("n_per_arm");
  for (const auto& [fraction, values] : outputs.items()) {
    SCOPED_TRACE(fraction);
    const OutcomeChances chances =
        outcome_chances(design, {n, n}, std::stod(fraction) * design.effect_per_customer);
    Expected expected(values);
    expected.is_absolutely("better", chances.better, kMargin);
    expected.is_absolutely("proven_at_least_effect", chances.proven, kMargin);
    expected.is_absolutely("desired_effect_excluded", chances.effect_excluded, kMargin);
    expected.is_absolutely("inconclusive", chances.inconclusive, kMargin);
    expected.is_absolutely("worse", chances.worse, kMargin);
    expected.is_absolutely("better_and_estimate_ge_effect", chances.effect_reached, kMargin);
  }
}

const oracle::Handlers& handlers() {
  static const oracle::Handlers all = {
      {"a.z.quantiles", quantiles},
      {"a.n.", sample_size},
      {"a.power.welch", welch_power},
      {"a.nct.sf.", noncentral},
      {"b.curves", curves},
      {"c.solve.", solve_each},
      {"e.operating_characteristics.", characteristics},
      {"e.dual_criterion", dual_criterion},
      {"e.proof_of_effect", proof_of_effect},
      {"e.verdict_simulation", verdict_simulation},
  };
  return all;
}

class DesignOracle : public testing::TestWithParam<std::string> {};
TEST_P(DesignOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, DesignOracle,
                         testing::ValuesIn(oracle::ids({"a", "b", "b/c", "e"})), oracle::test_name);

TEST(DesignOracleFile, holds_the_checks_we_know_of) {
  EXPECT_EQ(oracle::ids({"a", "b", "b/c", "e"}).size(), 52U);
}

}  // namespace
}  // namespace experiment

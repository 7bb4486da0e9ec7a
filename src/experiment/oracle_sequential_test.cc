// SPDX-License-Identifier: Apache-2.0
// The oracle's sections i (group sequential) and j (always valid).
#include "base/random.h"
#include "experiment/always_valid.h"
#include "experiment/distribution.h"
#include "experiment/group_sequential.h"
#include "experiment/oracle_for_test.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;
using Numbers = std::vector<double>;

constexpr double kTwoSided = 1.959963984540054;   // a.z.quantiles at .975,
constexpr double kOneSided = 1.6448536269514726;  // and at .95.

void near_all(const Json& expected, const Numbers& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double value = expected.at(i);
    EXPECT_NEAR(actual[i], value, 1e-9 * std::fabs(value)) << i;
  }
}

// The oracle takes small probabilities from 1, which loses what lies below 2^-52: of the spent
// alpha, and of the bound by as much alpha.
void near_bounds(Expected* expected, const Json& outputs, const std::vector<LookBound>& bounds) {
  constexpr double kLost = 0x1.0p-52;
  const Json& spent = expected->take("spent");
  const Json& z = expected->take("z_bound");
  const bool nominal = outputs.contains("nominal_p");
  ASSERT_EQ(spent.size(), bounds.size());
  ASSERT_EQ(z.size(), bounds.size());
  for (std::size_t k = 0; k < bounds.size(); ++k) {
    const LookBound& bound = bounds[k];
    const double density = std::exp(-bound.z * bound.z / 2) / 2.5066282746310002;  // By √(2π).
    EXPECT_NEAR(bound.spent, spent.at(k).get<double>(), 1e-9 * bound.spent + kLost) << k;
    EXPECT_NEAR(bound.z, z.at(k).get<double>(), 1e-9 + kLost / density) << k;
    if (nominal) {
      EXPECT_NEAR(bound.nominal_p, outputs.at("nominal_p").at(k).get<double>(),
                  1e-9 * bound.nominal_p + kLost)
          << k;
    }
  }
  if (nominal) expected->take("nominal_p");
}

template <class Field>
Numbers each(const std::vector<LookBound>& bounds, Field field) {
  Numbers result;
  for (const LookBound& bound : bounds) result.push_back(bound.*field);
  return result;
}

Numbers equally_spaced(int looks) {
  Numbers t;
  for (int k = 1; k <= looks; ++k) t.push_back(static_cast<double>(k) / looks);
  return t;
}

oracle::Handler bounds_of(Spending spending) {
  return [spending](const Json& inputs, const Json& outputs) {
    const auto bounds =
        spending_bounds(inputs.at("t").get<Numbers>(), inputs.at("alpha"), spending);
    ASSERT_TRUE(bounds);
    Expected expected(outputs);
    near_bounds(&expected, outputs, *bounds);
  };
}

void classic(const Json& inputs, const Json& outputs) {
  const Numbers t = inputs.at("t");
  const int looks = static_cast<int>(t.size());
  const double alpha = inputs.at("alpha");
  const double c = *classic_constant(looks, alpha, ClassicShape::kObrienFleming);
  Numbers bounds;
  for (const double each_t : t) bounds.push_back(c / std::sqrt(each_t));
  Expected expected(outputs);
  expected.is("obrien_fleming_C", c);
  near_all(expected.take("obrien_fleming_bounds"), bounds);
  expected.is("pocock_C", *classic_constant(looks, alpha, ClassicShape::kPocock));
  near_all(expected.take("ldof_two_sided"),
           each(*spending_bounds(t, alpha, Spending::kObrienFleming, Sides::kTwo), &LookBound::z));
}

double any_crossing(const std::vector<LookRule>& rules) {
  double sum = 0;
  for (const Crossing& look : crossing_probabilities(rules, 0)) sum += look.above + look.below;
  return sum;
}

void peeking(const Json& inputs, const Json& outputs) {
  std::vector<LookRule> two, one;
  for (const double t : equally_spaced(inputs.at("looks"))) {
    two.push_back({t, -kTwoSided, kTwoSided});
    one.push_back({.information = t, .upper = kOneSided});
  }
  Expected expected(outputs);
  expected.is("fpr_two_sided_1_96", any_crossing(two));
  expected.is("fpr_one_sided_1_645", any_crossing(one));
}

void misuse(const Json& inputs, const Json& outputs) {
  std::vector<LookRule> rules;
  for (const double t : equally_spaced(inputs.at("K"))) {
    const double z = -normal_quantile(spent(Spending::kObrienFleming, inputs.at("alpha"), t) / 2);
    rules.push_back({t, -z, z});
  }
  Expected expected(outputs);
  expected.is("fpr_exact", any_crossing(rules));
  expected.set_aside("fpr_with_ep_stats_rounding", "another program's rounding");
}

Numbers above(const std::vector<Crossing>& crossings) {
  Numbers result;
  for (const Crossing& look : crossings) result.push_back(look.above);
  return result;
}

void inflation(const Json& inputs, const Json& outputs) {
  const Design design{.alpha = inputs.at("alpha"),
                      .power = inputs.at("power"),
                      .effect_per_customer = inputs.at("effect"),
                      .deviation = inputs.at("sd")};
  const auto plan =
      design_sequential(design, equally_spaced(inputs.at("K")), Spending::kObrienFleming);
  ASSERT_TRUE(plan);
  Expected expected(outputs);
  expected.is("drift", plan->drift);
  expected.is("fixed_drift", plan->fixed_drift);
  expected.is("inflation", plan->inflation);
  EXPECT_EQ(plan->most_base_customers, expected.take("nB_max").get<std::int64_t>());
  expected.is("expected_fraction_of_max_H1", plan->expected_at_effect / plan->inflation);
  expected.is("expected_fraction_of_max_H0", plan->expected_at_none / plan->inflation);
  expected.is("expected_n_over_fixed_H1", plan->expected_at_effect);
  near_all(expected.take("stop_prob_H1"), above(plan->at_effect));
  near_all(expected.take("stop_prob_H0"), above(plan->at_none));
}

void futility(const Json& inputs, const Json& outputs) {
  const Design design{.alpha = inputs.at("alpha"),
                      .power = inputs.at("power"),
                      .effect_per_customer = 0.7,
                      .deviation = 15};
  const Numbers t = outputs.at("t");
  const auto plan = design_sequential(design, t, Spending::kObrienFleming, true);
  ASSERT_TRUE(plan);
  double power = 0, type1 = 0;
  for (const Crossing& look : plan->at_effect) power += look.above;
  for (const Crossing& look : plan->at_none) type1 += look.above;
  Expected expected(outputs);
  near_all(expected.take("t"), t);
  near_all(expected.take("upper"), each(plan->efficacy, &LookBound::z));
  near_all(expected.take("lower"), plan->futility);
  expected.is("drift", plan->drift);
  expected.is("inflation", plan->inflation);
  expected.is("power", power);
  expected.is("type1_if_futility_obeyed", type1);
  expected.is("expected_n_over_fixed_H1", plan->expected_at_effect);
  expected.is("expected_n_over_fixed_H0", plan->expected_at_none);
  EXPECT_EQ(plan->most_base_customers, expected.take("nB_max").get<std::int64_t>());
}

void asymptotic_sequence(const Json& inputs, const Json& outputs) {
  const double alpha = inputs.at("alpha");
  const double planned = inputs.at("t_star");
  const double sigma = 2 * inputs.at("sd").get<double>();
  const double rho = tuned_rho(alpha, planned);
  const double rho_one = tuned_rho(2 * alpha, planned);
  Expected expected(outputs);
  expected.is("rho_two", rho);
  expected.is("rho_one", rho_one);
  const double best = expected.take("rho_two_exact_lambertW");
  EXPECT_LT(two_sided_half_width(alpha, planned, best),
            two_sided_half_width(alpha, planned, rho) * (1 - 1e-5));
  EXPECT_NEAR(
      two_sided_half_width(alpha, planned, best) / two_sided_half_width(alpha, planned, rho), 1,
      2e-4);
  for (const auto& [name, values] : outputs.items()) {
    if (name.rfind("t=", 0) != 0) continue;
    const double t = std::stod(name.substr(2));
    const double error = sigma / std::sqrt(t);
    Expected at(expected.take(name));
    at.is("halfwidth_two", two_sided_half_width(alpha, t, rho) * error);
    at.is("halfwidth_one_closed_form", one_sided_half_width_bound(alpha, t, rho_one) * error);
    at.is("halfwidth_one_exact_half_normal", one_sided_half_width(alpha, t, rho_one) * error);
    at.is("fixed_z_two", -normal_quantile(alpha / 2) * error);
    at.is("fixed_z_one", -normal_quantile(alpha) * error);
  }
}

// mSPRT is the two-sided mixture with τ = ρ·se·√t.
void msprt(const Json& inputs, const Json& outputs) {
  const double t = inputs.at("nB").get<double>() + inputs.at("nC").get<double>();
  const double sigma = 2 * inputs.at("sd").get<double>();
  const double error = sigma / std::sqrt(t);
  const double z = inputs.at("diff").get<double>() / error;
  const double alpha = inputs.at("alpha");
  const double rho = inputs.at("tau").get<double>() / sigma;
  const double log_e = log_e_two_sided(z, t, rho);
  Expected expected(outputs);
  expected.is("V", error * error);
  expected.is("log_Lambda", log_e);
  expected.is("Lambda", std::exp(log_e));
  expected.is("p_now", always_valid_p(log_e));
  expected.is("halfwidth", two_sided_half_width(alpha, t, rho) * error);
  {
    const double tuned = tuned_rho(alpha, 11358);  // t* of j.asympcs.
    Expected same(expected.take("equivalence"));
    same.is("rho", tuned);
    same.is("tau2_equal_sigma2_rho2", sigma * sigma * tuned * tuned);
    same.is("log_E", log_e_two_sided(z, t, tuned));
    same.is("halfwidth", two_sided_half_width(alpha, t, tuned) * error);
  }
  expected.set_aside("statsig_variant", "another program's formula, wider than needed");
}

void evalue(const Json& inputs, const Json& outputs) {
  const double t = inputs.at("t");
  const double distance = inputs.at("diff").get<double>() - inputs.at("margin").get<double>();
  const double z = distance * std::sqrt(t) / inputs.at("sigma").get<double>();
  const double rho = tuned_rho(0.1, 11358);
  const double log_e = log_e_greater(z, t, rho);
  Expected expected(outputs);
  expected.is("rho", rho);
  expected.is("S", z * std::sqrt(t));
  expected.is("log_e", log_e);
  expected.is("e", std::exp(log_e));
  expected.is("p", always_valid_p(log_e));
  expected.is("log_e_two_sided", log_e_two_sided(z, t, tuned_rho(0.05, 11358)));
}

void wald(const Json& inputs, const Json& outputs) {
  const double t = inputs.at("nB").get<double>() + inputs.at("nC").get<double>();
  const double error = 2 * inputs.at("sd").get<double>() / std::sqrt(t);
  const Sprt result = sprt(inputs.at("diff"), error, t, inputs.at("m0"), inputs.at("m1"),
                           inputs.at("alpha"), inputs.at("beta"));
  Expected expected(outputs);
  expected.is("llr", result.log_ratio);
  expected.is("upper", result.upper);
  expected.is("lower", result.lower);
  expected.is("wald_expected_total_n_H1", result.expected_at_effect);
  expected.is("wald_expected_total_n_H0", result.expected_at_margin);
  expected.set_aside("fixed_total_n", "the fixed test's customers: a.n.* compare them");
}

struct Ends {
  double greater = 0, two_sided = 0, naive = 0, accepted = 0, excluded = 0;
};

// Brownian paths looked at 200 times up to a horizon (in fixed sample sizes), seeds 1…4,000.
Ends simulate(double drift_at_planned, double horizon, const Json& inputs) {
  constexpr int kPaths = 4000, kLooks = 200;
  const double planned = inputs.at("n_fixed_total");
  const double alpha = inputs.at("alpha");
  const double rho_one = tuned_rho(2 * alpha, planned);
  const double rho_two = tuned_rho(alpha, planned);
  const double log_limit = -std::log(alpha);
  Ends ends;
  for (std::uint64_t seed = 1; seed <= kPaths; ++seed) {
    base::Random random(seed);
    bool greater = false, two_sided = false, naive = false;
    int wald_end = 0;
    double b = 0;
    for (int look = 1; look <= kLooks; ++look) {
      const double step = horizon / kLooks;
      b += drift_at_planned * step + std::sqrt(step) * random.normal();
      const double fraction = step * look;
      const double z = b / std::sqrt(fraction);
      const double t = fraction * planned;
      greater |= log_e_greater(z, t, rho_one) >= log_limit;
      two_sided |= z > 0 && log_e_two_sided(z, t, rho_two) >= log_limit;
      naive |= z >= kOneSided;
      if (wald_end == 0) {
        const double effect = 2.4864748605243863;  // In errors of the fixed test: i.inflation.
        const Sprt test = sprt(b / fraction, 1 / std::sqrt(fraction), t, 0, effect, alpha, 0.2);
        if (test.log_ratio >= test.upper) wald_end = 1;
        if (test.log_ratio <= test.lower) wald_end = -1;
      }
    }
    ends.greater += greater ? 1.0 / kPaths : 0;
    ends.two_sided += two_sided ? 1.0 / kPaths : 0;
    ends.naive += naive ? 1.0 / kPaths : 0;
    ends.accepted += wald_end > 0 ? 1.0 / kPaths : 0;
    ends.excluded += wald_end < 0 ? 1.0 / kPaths : 0;
  }
  return ends;
}

// Both simulations err: 20,000 and 4,000 paths, four of their common errors.
void near_share(Expected* expected, const char* key, double actual) {
  const double share = expected->take(key);
  const double variance = std::max(0.0005, share * (1 - share));
  EXPECT_NEAR(actual, share, 4 * std::sqrt(variance * (1.0 / 20000 + 1.0 / 4000))) << key;
}

void simulated(const Json& inputs, const Json& outputs) {
  for (const auto& [effect, horizons] : outputs.items()) {
    for (const auto& [horizon, values] : horizons.items()) {
      SCOPED_TRACE(effect + " " + horizon);
      const double drift = effect.back() == '0' ? 0 : 2.4864748605243863;
      const Ends ends = simulate(drift, std::stod(horizon.substr(horizon.find('=') + 1)), inputs);
      Expected expected(values);
      near_share(&expected, "evalue_one_sided", ends.greater);
      expected.set_aside("evalue_two_sided", "counts both sides");
      near_share(&expected, "naive_peek_one_sided", ends.naive);
      near_share(&expected, "sprt_accept_H1", ends.accepted);
      near_share(&expected, "sprt_accept_H0", ends.excluded);
      expected.set_aside("mean_stop_fraction", "follows from the crossings");
      expected.set_aside("sprt_mean_fraction", "follows from the crossings");
      if (drift == 0) {
        EXPECT_LE(ends.greater, 0.05);
      }
    }
  }
}

const oracle::Handlers& handlers() {
  static const oracle::Handlers all = {
      {"i.ldof.", bounds_of(Spending::kObrienFleming)},
      {"i.ldpocock.", bounds_of(Spending::kPocock)},
      {"i.power2.", bounds_of(Spending::kQuadratic)},
      {"i.classic.", classic},
      {"i.peeking.", peeking},
      {"i.misuse.", misuse},
      {"i.inflation.", inflation},
      {"i.efficacy_futility.", futility},
      {"j.asympcs.", asymptotic_sequence},
      {"j.msprt", msprt},
      {"j.evalue.one_sided.", evalue},
      {"j.sprt", wald},
      {"j.simulation", simulated},
  };
  return all;
}

class SequentialOracle : public testing::TestWithParam<std::string> {};
TEST_P(SequentialOracle, agrees) { oracle::run(handlers(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(checks, SequentialOracle, testing::ValuesIn(oracle::ids({"i", "j"})),
                         oracle::test_name);

}  // namespace
}  // namespace experiment

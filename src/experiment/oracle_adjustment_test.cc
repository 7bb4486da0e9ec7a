// SPDX-License-Identifier: Apache-2.0
// The oracle's sections g (CUPED) and h (ratio metrics).
#include <array>
#include <cmath>

#include "base/random.h"
#include "experiment/cuped.h"
#include "experiment/oracle_for_test.h"
#include "experiment/ratio_metric.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;

// The generator that d.welch.lcg describes: draws, and the money made of them.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : x_(seed) {}
  std::uint64_t draw() {
    x_ = (1103515245 * x_ + 12345) % (std::uint64_t{1} << 31);
    return x_ >> 8;
  }
  std::int64_t cents() {
    const std::uint64_t h = draw();
    const std::uint64_t b = h / 1000 % 1000;
    return h % 1000 < 700 ? 0 : static_cast<std::int64_t>(b * b * b / 200000 + 100);
  }

 private:
  std::uint64_t x_;
};

PairedMoments cuped_arm(std::uint64_t seed, std::uint64_t covariate_seed, int n) {
  Generator outcomes(seed);
  Generator covariates(covariate_seed);
  PairedMoments arm;
  for (int i = 0; i < n; ++i) {
    const std::int64_t y = outcomes.cents();
    const std::int64_t x = y / 2 + covariates.cents();
    arm.add(static_cast<double>(x) / 100, static_cast<double>(y) / 100);
  }
  return arm;
}

void compare_arm(const Json& values, const PairedMoments& arm) {
  Expected expected(values);
  EXPECT_EQ(arm.n(), expected.take("n").get<std::int64_t>());
  expected.is("mx", arm.mean_x());
  expected.is("my", arm.mean_y());
  expected.is("Sxx", arm.sxx());
  expected.is("Syy", arm.syy());
  expected.is("Sxy", arm.sxy());
}

void compare_cuped(const Json& values, const Cuped& result) {
  Expected expected(values);
  expected.is("theta", result.theta);
  expected.is("diff", result.adjusted.difference, 1e-8);  // Near zero: digits cancel.
  expected.is("se", result.adjusted.standard_error);
  expected.is("df", result.adjusted.dof);
  expected.is("t", result.adjusted.t(0), 1e-8);
  expected.is("p_two_sided", result.adjusted.p_two_sided(0));
}

void adjusts(const Json& /*inputs*/, const Json& outputs) {
  const PairedMoments base = cuped_arm(11, 21, 3000);
  const PairedMoments candidate = cuped_arm(12, 22, 3200);
  PairedMoments all = base;
  all.merge(candidate);
  const Cuped result = *cuped(base, candidate);
  const Welch lin = *lin_adjusted(base, candidate);
  Expected expected(outputs);
  compare_arm(expected.take("base"), base);
  compare_arm(expected.take("cand"), candidate);
  {
    Expected unadjusted(expected.take("unadjusted"));
    unadjusted.is("diff", result.unadjusted.difference);
    unadjusted.is("se", result.unadjusted.standard_error);
  }
  compare_cuped(expected.take("cuped_within_arm_theta"), result);
  compare_cuped(expected.take("cuped_joint_theta"),
                *cuped_at(all.sxy() / all.sxx(), base, candidate));
  expected.is("rho_squared_within", result.squared_correlation);
  expected.is("variance_ratio", result.variance_ratio);
  expected.is("ancova_ols_coef", result.adjusted.difference, 1e-8);
  {
    Expected interacted(expected.take("lin_interacted"));
    interacted.is("coef", lin.difference, 1e-8);
    interacted.set_aside("se_HC2", "needs every row; ours is of the sums, 1e-4 away");
  }
  Expected sums(expected.take("lin_from_sufficient_stats"));
  sums.is("theta_base", base.sxy() / base.sxx());
  sums.is("theta_cand", candidate.sxy() / candidate.sxx());
  sums.is("diff", lin.difference, 1e-8);
  sums.is("se", lin.standard_error);
}

PairedMoments ratio_arm(std::uint64_t seed, int n) {
  Generator sessions(seed);
  Generator revenue(seed + 1000);
  PairedMoments arm;
  for (int i = 0; i < n; ++i) {
    const std::uint64_t count = 1 + sessions.draw() % 4;
    std::int64_t cents = 0;
    for (std::uint64_t k = 0; k < count; ++k) cents += revenue.cents();
    arm.add(static_cast<double>(count), static_cast<double>(cents) / 100);
  }
  return arm;
}

void compare_ratio_arm(const Json& values, const PairedMoments& arm) {
  const auto n = static_cast<double>(arm.n());
  const RatioEstimate estimate = *ratio_metric(arm);
  Expected expected(values);
  expected.is("n", n);
  expected.is("sum_rev_cents", arm.mean_y() * n * 100);
  expected.is("sum_sessions", arm.mean_x() * n);
  expected.is("mean_rev", arm.mean_y());
  expected.is("mean_sess", arm.mean_x());
  expected.is("var_rev", arm.syy() / (n - 1));
  expected.is("var_sess", arm.sxx() / (n - 1));
  expected.is("cov", arm.sxy() / (n - 1));
  expected.is("ratio", estimate.ratio);
  expected.is("var_of_ratio", estimate.variance);
}

void ratios(const Json& /*inputs*/, const Json& outputs) {
  const PairedMoments base = ratio_arm(31, 2000);
  const PairedMoments candidate = ratio_arm(32, 2100);
  const Welch difference = *ratio_difference(base, candidate);
  Expected expected(outputs);
  compare_ratio_arm(expected.take("base"), base);
  compare_ratio_arm(expected.take("cand"), candidate);
  expected.is("diff", difference.difference);
  expected.is("se", difference.standard_error);
  expected.is("z", difference.t(0));
  expected.is("p_two_sided", difference.p_two_sided(0));
}

void inflation(const Json& inputs, const Json& outputs) {
  Expected expected(outputs);
  expected.is("deff_equal", design_effect(inputs.at("mean_sessions"), inputs.at("icc")));
}

// One A/A experiment on sessions: what a customer spends a session is his own level (variance 4)
// and chance (variance 9), so ICC = 4/13. Whether sessions, or customers by ratio_metric.h, are
// called different at 5 %.
struct CalledDifferent {
  int by_session = 0;
  int by_customer = 0;
};
CalledDifferent sessions_of(base::Random& random, int customers, bool randomised_by_customer) {
  std::array<Moments, 2> by_session;
  std::array<PairedMoments, 2> by_customer;
  for (int i = 0; i < customers; ++i) {
    const std::size_t his = random.below(2);
    const double level = 2 * random.normal();
    // 1 + Poisson(2), by the gaps of a process that lasts two.
    int sessions = 1;
    for (double left = 2; (left += std::log(1 - random.uniform())) > 0;) ++sessions;
    double spent = 0;
    for (int k = 0; k < sessions; ++k) {
      const double revenue = 20 + level + 3 * random.normal();
      by_session.at(randomised_by_customer ? his : random.below(2)).add(revenue);
      spent += revenue;
    }
    by_customer.at(his).add(sessions, spent);
  }
  const Welch naive = *welch(by_session[0].summary(), by_session[1].summary());
  const Welch sound = *ratio_difference(by_customer[0], by_customer[1]);
  return {naive.p_two_sided(0) < 0.05 ? 1 : 0, sound.p_two_sided(0) < 0.05 ? 1 : 0};
}

// Seed 13, 1,000 experiments; each share within 4 errors of both simulations.
void clusters(const Json& inputs, const Json& outputs) {
  constexpr int kRuns = 1000;
  ASSERT_NEAR(inputs.at("icc"), 4.0 / 13, 1e-12);
  const double both = 1.0 / kRuns + 1 / inputs.at("reps").get<double>();
  const auto compare = [&](Expected& expected, const std::string& key, const Json& value,
                           int called) {
    const double share = value.at(key);
    expected.is_absolutely(key, called / double{kRuns}, 4 * std::sqrt(share * (1 - share) * both));
  };
  Expected expected(outputs);
  for (const bool by_customer : {true, false}) {
    base::Random random(13);
    CalledDifferent all;
    for (int run = 0; run < kRuns; ++run) {
      const CalledDifferent one = sessions_of(random, inputs.at("customers"), by_customer);
      all.by_session += one.by_session;
      all.by_customer += one.by_customer;
    }
    const Json& values = expected.take(by_customer ? "randomised_by_customer_analysed_by_session"
                                                   : "randomised_by_session");
    Expected shares(values);
    compare(shares, "naive_session_fpr", values, all.by_session);
    if (by_customer)
      compare(shares, "delta_method_fpr", values, all.by_customer);
    else
      EXPECT_TRUE(shares.take("delta_method_fpr").is_null());
  }
}

TEST(AdjustmentOracle, agrees) {
  const oracle::Handlers handlers = {{"g.cuped", adjusts},
                                     {"h.ratio", ratios},
                                     {"h.design_effect", inflation},
                                     {"h.cluster_simulation", clusters}};
  for (const auto& [id, handler] : handlers) {
    SCOPED_TRACE(id);
    oracle::run(handlers, id);
  }
}

}  // namespace
}  // namespace experiment

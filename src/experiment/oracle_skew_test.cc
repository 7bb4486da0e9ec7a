// SPDX-License-Identifier: Apache-2.0
// The oracle's checks on skewed revenue that are not with what they check: k.355, k.simulation and
// k.poisson1_thresholds.
#include <cmath>

#include "base/random.h"
#include "experiment/bootstrap.h"
#include "experiment/cap.h"
#include "experiment/coherence.h"
#include "experiment/distribution.h"
#include "experiment/oracle_for_test.h"
#include "experiment/skew_gate.h"
#include "experiment/welch.h"

namespace experiment {
namespace {

using oracle::Expected;
using oracle::Json;

// Unequal arms are refused below 355·skew² customers in the smaller one, and accepted from there.
void rule(const Json& /*inputs*/, const Json& outputs) {
  const auto refused = [](double skew, std::int64_t customers) {
    const PlannedDesign plan{.design = {.effect_per_customer = 30, .deviation = 15, .ratio = 2},
                             .customers = customers,
                             .skew = skew};
    const Coherence result = check(plan);
    return !result.reasons.empty() && result.reasons.front().code == "skewed_and_unequal";
  };
  for (const auto& [skew, customers] : outputs.items()) {
    SCOPED_TRACE(skew);
    EXPECT_FALSE(refused(std::stod(skew), customers.get<std::int64_t>()));
    EXPECT_TRUE(refused(std::stod(skew), customers.get<std::int64_t>() - 1));
  }
}

void thresholds(const Json& inputs, const Json& outputs) {
  ASSERT_EQ(inputs.at("bits"), 32);
  Expected expected(outputs);
  int weight = 0;
  for (const Json& each : expected.take("thresholds")) {
    const std::uint32_t threshold = each;
    EXPECT_EQ(poisson1_weight(threshold - 1), weight);
    EXPECT_EQ(poisson1_weight(threshold), ++weight);
  }
  EXPECT_EQ(poisson1_weight(0), 0);
  EXPECT_EQ(poisson1_weight(UINT32_MAX), weight);
}

// Of one arm's test against no difference: who is called better and worse at 5 %.
struct Called {
  double greater = 0;
  double less = 0;
  void count(double p_greater, double p_less) {
    greater += p_greater < 0.05 ? 1 : 0;
    less += p_less < 0.05 ? 1 : 0;
  }
};

struct Simulated {
  Called plain, corrected, capped;
  Moments g;
};

// k.winsorise's model: nine of ten customers spend nothing, the others exp(3.2 + 1.1·Z).
CappedMoments arm(base::Random& random, int customers) {
  CappedMoments moments(*Cap::make(base::Cents(20'000)));
  for (int i = 0; i < customers; ++i) {
    const double amount = random.bernoulli(0.1) ? std::exp(3.2 + 1.1 * random.normal()) : 0;
    moments.add(base::Cents(std::llround(amount * 100)));
  }
  return moments;
}

Simulated simulate(std::uint64_t seed, int runs, int base_customers, int candidate_customers) {
  base::Random random(seed);
  Simulated result;
  for (int run = 0; run < runs; ++run) {
    const CappedMoments base = arm(random, base_customers);
    const CappedMoments candidate = arm(random, candidate_customers);
    const SampleSummary b = base.uncapped().summary();
    const SampleSummary c = candidate.uncapped().summary();
    const Welch test = *welch(b, c);
    const Welch with_cap = *welch(base.capped().summary(), candidate.capped().summary());
    const double g = skew_of_difference(b, c);
    const double t = test.t(0);
    const double error = tail_error(g, t);
    result.plain.count(test.p_greater(0), test.p_less(0));
    result.corrected.count(normal_sf(t) - error, normal_cdf(t) + error);
    result.capped.count(with_cap.p_greater(0), with_cap.p_less(0));
    result.g.add(g);
  }
  return result;
}

// Seed 4, 1,000 experiments of each size; each share within 4 errors of both simulations, the mean
// of g likewise.
void levels(const Json& /*inputs*/, const Json& outputs) {
  constexpr int kRuns = 1000;
  for (const auto& [sizes, values] : outputs.items()) {
    SCOPED_TRACE(sizes);
    const std::size_t bar = sizes.find('/');
    const Simulated ours =
        simulate(4, kRuns, std::stoi(sizes.substr(0, bar)), std::stoi(sizes.substr(bar + 1)));
    Expected expected(values);
    const double both = 1.0 / kRuns + 1 / expected.take("reps").get<double>();
    const auto compare = [&](const std::string& name, const Called& called) {
      for (const auto& [side, count] :
           {std::pair("_greater", called.greater), {"_less", called.less}}) {
        const double share = values.at(name + side);
        expected.is_absolutely(name + side, count / kRuns,
                               4 * std::sqrt(share * (1 - share) * both));
      }
    };
    compare("welch", ours.plain);
    compare("edgeworth", ours.corrected);
    compare("cap200", ours.capped);
    expected.is_absolutely("mean_g", ours.g.mean(),
                           4 * ours.g.summary().deviation * std::sqrt(both));
  }
}

TEST(SkewOracle, agrees) {
  const oracle::Handlers handlers = {
      {"k.355", rule}, {"k.poisson1_thresholds", thresholds}, {"k.simulation", levels}};
  for (const auto& [id, handler] : handlers) {
    SCOPED_TRACE(id);
    oracle::run(handlers, id);
  }
}

}  // namespace
}  // namespace experiment

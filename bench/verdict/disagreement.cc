// SPDX-License-Identifier: Apache-2.0
// Does the disagreement estimator reach the ordinary test's verdict with q·σ_D²/σ² of its
// customers, at the promised power and error? First a dry run of the simulated shop measures q and
// σ_D, as a user's would; then many seeded experiments, by both methods, with the desired effect
// and with none. Exit code 1 if a count leaves its binomial interval.
#include <CLI/CLI.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>

#include "experiment/disagreement_design.h"
#include "shop/rehearsal.h"

namespace {

struct Options {
  std::int64_t runs = 2000;
  std::uint64_t seed = 2019;
  double effect = 0.7;
  double deviation = 15;
  double alpha = 0.05;
  double power = 0.80;
  double confidence = 0.999;
  std::int64_t dry_run = 200'000;
};

bool report(const char* name, std::int64_t count, std::int64_t runs, double promised,
            double confidence) {
  const shop::CountInterval interval = shop::binomial_interval(runs, promised, confidence);
  const bool kept = interval.holds(count);
  std::printf("    %-22s %5lld of %lld = %.4f   promised %.4f: %lld to %lld   %s\n", name,
              static_cast<long long>(count), static_cast<long long>(runs),
              static_cast<double>(count) / static_cast<double>(runs), promised,
              static_cast<long long>(interval.low), static_cast<long long>(interval.high),
              kept ? "kept" : "BROKEN");
  return kept;
}

// A candidate that leaves base's decision alone unless it is surer of its own than `doubt`.
struct Candidate {
  const char* name;
  double doubt;  // Distance of the probability from 1/q.
  // Of the desired effect: the rarer they differ, the less a candidate can bring, and the more
  // customers it takes to leave the floor of disagreeing customers behind.
  double effect;
};
constexpr Candidate kCandidates[] = {
    {"decides for itself", 0, 1}, {"cautious", 0.25, 0.6}, {"very cautious", 0.40, 0.3}};

// Who is asked what, and what is measured of those on whom the two differ.
experiment::ExpectedDisagreement dry_run(const shop::Money& money, const shop::Decider& base,
                                         const shop::Decider& candidate, std::int64_t customers,
                                         std::uint64_t seed, double* deviation) {
  const shop::Population population(seed);
  const shop::Till till(money);
  experiment::DisagreementMoments moments;
  for (std::int64_t uuid = shop::kFirstLiveUuid; uuid < shop::kFirstLiveUuid + customers; ++uuid) {
    const shop::Customer customer = population.customer(uuid);
    const bool shows = base(customer);
    moments.add(experiment::Arm::kBase, shows, candidate(customer),
                till.settle(customer, shows).revenue);
  }
  const experiment::DisagreementRows rows = moments.rows();
  *deviation = rows.everybody.base.deviation;
  return {.share = static_cast<double>(rows.disagree.base.n) / static_cast<double>(customers),
          .deviation = rows.disagree.base.deviation};
}

base::Result<bool> run_one(const Options& options, const Candidate& which, std::uint64_t seed) {
  const shop::Money whole;
  const double threshold = 1 / shop::profitability(whole);
  const shop::Decider base = [](const shop::Customer& c) { return shop::base_shows(c.age, c.man); };
  const auto shows = [threshold, &which](int age, bool man, double probability) {
    if (std::fabs(probability - threshold) < which.doubt) return shop::base_shows(age, man);
    return probability > threshold;
  };
  const shop::Decider candidate = [&](const shop::Customer& c) {
    return shows(c.age, c.man, c.probability);
  };
  const shop::Reach base_reach = shop::reach_of_base();
  const shop::Reach reach = shop::reach(shows);
  const double desired = options.effect * which.effect;
  experiment::Design design{.alpha = options.alpha,
                            .power = options.power,
                            .effect_per_customer = desired,
                            .deviation = options.deviation};
  TRY_ASSIGN(const shop::Money scaled, shop::with_effect(whole, base_reach, reach, desired));
  TRY_ASSIGN(const shop::Money with,
             shop::with_deviation(scaled, base_reach, reach, options.deviation));
  TRY_ASSIGN(const shop::Money unscaled, shop::with_effect(whole, base_reach, reach, 0));
  TRY_ASSIGN(const shop::Money without,
             shop::with_deviation(unscaled, base_reach, reach, options.deviation));

  const experiment::ExpectedDisagreement expected =
      dry_run(with, base, candidate, options.dry_run, seed - 1, &design.deviation);
  experiment::PlannedDesign ordinary{.design = design};
  TRY_ASSIGN(ordinary.customers, experiment::customers_needed(ordinary));
  experiment::PlannedDesign cheap{.design = design, .disagreement = expected};
  TRY_ASSIGN(cheap.customers, experiment::customers_needed(cheap));
  const double variances = expected.share * std::pow(expected.deviation / design.deviation, 2);
  std::printf(
      "candidate %s: differs for %.2f %% of customers, whose deviation is %.2f $ (all: %.2f $)\n"
      "  customers an arm: %lld, by disagreement %lld: %.4f of them, q·σ_D²/σ² = %.4f\n",
      which.name, 100 * expected.share, expected.deviation, design.deviation,
      static_cast<long long>(ordinary.customers), static_cast<long long>(cheap.customers),
      static_cast<double>(cheap.customers) / static_cast<double>(ordinary.customers), variances);
  bool kept = true;
  for (const bool by_disagreement : {false, true}) {
    for (const bool effect : {true, false}) {
      TRY_ASSIGN(const shop::Verdicts v,
                 shop::rehearse_often({.plan = by_disagreement ? cheap : ordinary,
                                       .money = effect ? with : without,
                                       .base = base,
                                       .candidate = candidate,
                                       .seed = seed},
                                      options.runs));
      std::printf(
          "  %s, true effect %.2f $: estimates %.4f $, %.0f customers on average, %lld fell back\n",
          by_disagreement ? "by disagreement" : "everybody", effect ? desired : 0.0,
          v.mean_estimate, v.mean_customers, static_cast<long long>(v.fell_back));
      TRY_ASSIGN(const double power, experiment::planned_power(by_disagreement ? cheap : ordinary));
      kept &= report("better", v.better, v.runs - v.no_verdict, effect ? power : options.alpha,
                     options.confidence);
    }
  }
  return kept;
}

base::Result<bool> run(const Options& options) {
  bool kept = true;
  std::uint64_t seed = options.seed;
  for (const Candidate& which : kCandidates) {
    TRY_ASSIGN(const bool one, run_one(options, which, seed));
    kept &= one;
    seed += static_cast<std::uint64_t>(options.runs);
  }
  std::printf("%s\n", kept ? "every promise kept" : "A PROMISE IS BROKEN");
  return kept;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"The disagreement estimator against the ordinary test, on the simulated shop"};
  app.add_option("--runs", options.runs, "Experiments of each kind")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of the first experiment; the next ones follow")
      ->capture_default_str();
  app.add_option("--effect", options.effect, "Desired effect, dollars per customer")
      ->capture_default_str();
  app.add_option("--deviation", options.deviation, "Of one customer's revenue, dollars")
      ->capture_default_str();
  app.add_option("--dry-run", options.dry_run, "Customers of the dry run that measures q and σ_D")
      ->capture_default_str();
  app.add_option("--confidence", options.confidence, "Of each count's binomial interval")
      ->check(CLI::Range(0.5, 0.999999))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const base::Result<bool> kept = run(options);
  if (!kept) {
    std::fprintf(stderr, "bench_disagreement: %s\n", kept.error().message.c_str());
    return kept.error().kind == base::ErrorKind::kInput ? 2 : 1;
  }
  return *kept ? 0 : 1;
}

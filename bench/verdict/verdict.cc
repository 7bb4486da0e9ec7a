// SPDX-License-Identifier: Apache-2.0
// Does the verdict keep its promises on money that looks like a shop's? Many seeded experiments at
// the designed size, with true effects from none to twice the desired one; every count beside what
// the operating characteristics promise and the exact binomial interval in which it must lie. Exit
// code 1 if one does not.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>

#include "experiment/operating_characteristics.h"
#include "shop/rehearsal.h"

namespace {

struct Options {
  std::int64_t runs = 1000;
  std::uint64_t seed = 2019;
  double effect = 0.7;
  double deviation = 15;
  double alpha = 0.05;
  double power = 0.80;
  double confidence = 0.99;
};

constexpr double kTruths[] = {0, 0.5, 1, 1.5, 2};  // True effects, as multiples of the desired one.
constexpr int kCountsPerTruth = 6;

// A promised share is exact for normal money; a shop's is skewed. At these sizes that moves no
// share by more than this, which the intervals must not count as a broken promise where the promise
// is nearly 0 or 1.
constexpr double kSmallestShare = 1e-4;

bool report(const char* name, std::int64_t count, std::int64_t runs, double promised,
            double confidence) {
  const double fair = std::min(std::max(promised, kSmallestShare), 1 - kSmallestShare);
  const shop::CountInterval interval = shop::binomial_interval(runs, fair, confidence);
  const bool kept = interval.holds(count);
  std::printf("  %-24s %7lld of %lld = %6.4f   promised %6.4f: %lld to %lld   %s\n", name,
              static_cast<long long>(count), static_cast<long long>(runs),
              static_cast<double>(count) / static_cast<double>(runs), promised,
              static_cast<long long>(interval.low), static_cast<long long>(interval.high),
              kept ? "kept" : "BROKEN");
  return kept;
}

base::Result<bool> run(const Options& options) {
  const experiment::Design design{.alpha = options.alpha,
                                  .power = options.power,
                                  .effect_per_customer = options.effect,
                                  .deviation = options.deviation};
  TRY_ASSIGN(const std::int64_t customers, experiment::solve_customers(design));
  const shop::Money whole;
  const shop::Reach base = shop::reach_of_base();
  const shop::Reach best = shop::reach_of_ideal(whole);
  const double threshold = 1 / shop::profitability(whole);
  std::printf(
      "%lld customers an arm: alpha %g, power %g, effect %g $, deviation %g $; %lld runs each from "
      "seed %llu; "
      "all counts together lie within their intervals with a chance of %g %%\n",
      static_cast<long long>(customers), design.alpha, design.power, design.effect_per_customer,
      design.deviation, static_cast<long long>(options.runs),
      static_cast<unsigned long long>(options.seed), options.confidence * 100);
  // Each of the counts gets its share of what may fail by chance.
  const double confidence = 1 - (1 - options.confidence) / (kCountsPerTruth * std::size(kTruths));
  bool kept = true;
  std::uint64_t seed = options.seed;
  for (const double share : kTruths) {
    const double truth = share * options.effect;
    TRY_ASSIGN(const shop::Money scaled, shop::with_effect(whole, base, best, truth));
    TRY_ASSIGN(const shop::Money money,
               shop::with_deviation(scaled, base, best, options.deviation));
    const auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(const shop::Verdicts v,
               shop::rehearse_often(
                   {.plan = {.design = design,
                             .customers = customers,
                             .skew = {},
                             .customers_per_day = {},
                             .longest_days = {}},
                    .money = money,
                    .base = [](const shop::Customer& c) { return shop::base_shows(c.age, c.man); },
                    .candidate =
                        [threshold](const shop::Customer& c) { return c.probability > threshold; },
                    .seed = seed},
                   options.runs));
    seed += static_cast<std::uint64_t>(options.runs);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const experiment::OutcomeChances promised =
        experiment::outcome_chances(design, experiment::arms(customers, design.ratio), truth);
    std::printf("true effect %.2f $ (estimates %.4f $ on average, deviation %.3f $; %.1f s)\n",
                truth, v.mean_estimate, v.mean_deviation, seconds);
    const std::int64_t judged = v.runs - v.no_verdict;
    kept &= report("better", v.better, judged, promised.better, confidence);
    kept &= report("  proven by the effect", v.proven, judged, promised.proven, confidence);
    kept &=
        report("effect excluded", v.effect_excluded, judged, promised.effect_excluded, confidence);
    kept &= report("worse", v.worse, judged, promised.worse, confidence);
    kept &= report("inconclusive", v.inconclusive, judged, promised.inconclusive, confidence);
    kept &= report("no verdict (sample ratio)", v.no_verdict, v.runs, experiment::kSrmAlarm,
                   confidence);
  }
  std::printf("%s\n", kept ? "every promise kept" : "A PROMISE IS BROKEN");
  return kept;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"The verdict's promises, on many simulated experiments"};
  app.add_option("--runs", options.runs, "Experiments at each true effect")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of the first experiment; the next ones follow")
      ->capture_default_str();
  app.add_option("--effect", options.effect, "Desired effect, dollars per customer")
      ->capture_default_str();
  app.add_option("--deviation", options.deviation, "Of one customer's revenue, dollars")
      ->capture_default_str();
  app.add_option("--alpha", options.alpha, "Chance of crowning a system that is no better")
      ->capture_default_str();
  app.add_option("--power", options.power, "Chance of crowning one that is better by the effect")
      ->capture_default_str();
  app.add_option("--confidence", options.confidence,
                 "Chance that every count of a sound platform lies within its interval")
      ->check(CLI::Range(0.5, 0.999999))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const base::Result<bool> kept = run(options);
  if (!kept) {
    std::fprintf(stderr, "bench_verdict: %s\n", kept.error().message.c_str());
    return kept.error().kind == base::ErrorKind::kInput ? 2 : 1;
  }
  return *kept ? 0 : 1;
}

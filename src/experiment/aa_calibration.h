// SPDX-License-Identifier: Apache-2.0
// A/A calibration: logged sessions of base are assigned anew many times and sent through the whole
// way to the verdict. As nothing differs, the share of wins must be alpha and the p-values uniform.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "experiment/planned_design.h"
#include "experiment/welch.h"

namespace experiment {

// A sound way is rejected with at most this chance.
inline constexpr double kCalibrationLevel = 0.001;

// Rejections R among M runs are accepted if low ≤ R ≤ high: the exact binomial tails P(R < low) and
// P(R > high) are each at most level/2.
struct AcceptedRejections {
  std::int64_t low = 0;
  std::int64_t high = 0;
  double chance_outside = 0;  // Of a sound way.
};
// 1 ≤ runs ≤ 10,000,000; 0 < alpha < 1; 0 < level < 1.
base::Result<AcceptedRejections> accepted_rejections(std::int64_t runs, double alpha,
                                                     double level = kCalibrationLevel);

// The exact interval of a share from k of n at two-sided level alpha (Clopper & Pearson, Biometrika
// 26, 1934). 0 ≤ k ≤ n, n ≥ 1, 0 < alpha < 1.
Interval clopper_pearson(std::int64_t k, std::int64_t n, double two_sided_alpha);

// The largest distance between the p-values' distribution and the uniform one (Kolmogorov's D).
// Every p in [0, 1], at least one.
double distance_from_uniform(std::span<const double> p);

// P(D ≥ distance) for n uniform values: Kolmogorov's limit at (√n + 0.12 + 0.11/√n)·D (Stephens,
// JRSS B 32, 1970). From n = 100 within 3 % of the exact one down to 0.001. distance ≥ 0, n ≥ 1.
double uniformity_p(double distance, std::int64_t n);

// One customer of the logs: what he spent, and, where both systems were asked, what each said.
struct LoggedCustomer {
  std::int64_t customer = 0;
  base::Cents revenue;
  bool base_offers = false;
  bool candidate_offers = false;
};

struct Calibration {
  std::int64_t customers = 0;  // Logged.
  PlannedDesign plan{};        // As judged: no margin, as many customers as the logs hold.
  std::int64_t runs = 0;
  std::int64_t better = 0;  // Verdicts for a candidate that is base itself: the false positives,
  std::int64_t worse = 0;   // and the other side's.
  std::int64_t no_verdict = 0;            // A health alarm; such a run has no p-value.
  std::int64_t fell_back = 0;             // Planned by disagreement, judged by everybody.
  AcceptedRejections accepted{};          // Of `better`, among the runs with a verdict.
  double level = 0;                       // That a sound way keeps: one-sided alpha.
  double distance = 0;                    // Of the p-values' distribution from the uniform one,
  double uniformity_p = 1;                // and its p-value; not with looks or a stop for harm.
  std::vector<std::int64_t> histogram{};  // Of the p-values, in 20 bins.
  bool passed = false;  // `better` is accepted, and the p-values are uniform at kCalibrationLevel.
};

inline constexpr std::int64_t kFewestLogged = 100;

// Assigns the logged customers anew `runs` times, by SHA-256 under a salt of each run, and sends
// them through health checks and looks to the verdict. The plan gives alpha, sides, ratio, looks
// and, by its disagreement, the method; its margin is taken as 0, its customers as what the logs
// hold, and a covariate, which they do not hold, as none; of several candidates one comparison is
// calibrated. Customers must have been served by one system. Runs share the work between threads;
// figures do not depend on how many. An error below kFewestLogged customers.
base::Result<Calibration> calibrate(std::span<const LoggedCustomer> log, PlannedDesign plan,
                                    std::int64_t runs, std::uint64_t seed, unsigned threads,
                                    const std::function<void(std::int64_t done)>& progress = {});

}  // namespace experiment

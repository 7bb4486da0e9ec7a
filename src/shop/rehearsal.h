// SPDX-License-Identifier: Apache-2.0
// A whole experiment in memory, some milliseconds: the shop's customers through assignment, both
// decisions, the executed one, and revenue in cents to the verdict. What the verdict sees is what
// was recorded, never the shop's truth.
#pragma once
#include <cstdint>

#include "base/result.h"
#include "experiment/verdict.h"
#include "shop/truth.h"

namespace shop {

struct Rehearsal {
  experiment::PlannedDesign plan;
  Money money;
  Decider base;
  Decider candidate;
  std::uint64_t seed = 1;  // Another seed: other customers, assigned anew.
};

// Customers come, new ones only, until the plan's look or end has its customers, or it stops for
// harm; all who came count. Refuses what is not a shop or not a plan.
base::Result<experiment::Verdict> rehearse(const Rehearsal& rehearsal);

// Verdicts of many rehearsals with seeds seed, seed + 1, …
struct Verdicts {
  std::int64_t runs = 0;
  std::int64_t better = 0;           // BETTER, with or without proof of the desired effect.
  std::int64_t proven = 0;           // Of these, BETTER BY THE DESIRED EFFECT.
  std::int64_t effect_excluded = 0;  // U < effect, whatever the word.
  std::int64_t worse = 0;
  std::int64_t inconclusive = 0;
  std::int64_t no_verdict = 0;  // A health alarm; such a run counts nowhere else.
  std::int64_t early = 0;       // Ended at a look before the last.
  std::int64_t harmed = 0;      // Stopped for harm; counted as worse too.
  std::int64_t fell_back = 0;   // Planned by disagreement, judged by intention to treat.
  double mean_customers = 0;    // Of both arms; of the runs with a verdict, as below.
  double mean_estimate = 0;     // Dollars per customer; of the runs with a verdict.
  double mean_deviation = 0;    // Of one customer's revenue, both arms pooled.
};
base::Result<Verdicts> rehearse_often(Rehearsal rehearsal, std::int64_t runs);

// The counts that a fair count of `runs` trials of chance `p` misses with at most 1 − confidence,
// half of it on each side (exact binomial): where a simulated share must lie. 1,000 runs at 0.05
// with confidence 0.999: 29 to 74.
struct CountInterval {
  std::int64_t low = 0;
  std::int64_t high = 0;
  [[nodiscard]] bool holds(std::int64_t count) const { return count >= low && count <= high; }
};
CountInterval binomial_interval(std::int64_t runs, double p, double confidence);

}  // namespace shop

// SPDX-License-Identifier: Apache-2.0
// The verdict: what the experiment has shown, in one word and with every figure behind it.
//
// Two one-sided bounds L and U of the difference in money per customer, each at the design's level
// (alpha, or alpha/2 for two sides), are compared with the margin m and the desired effect δ, in
// this order:
//   health alarm → NO VERDICT · customers missing → COLLECTING · L > δ → BETTER BY THE DESIRED
//   EFFECT · L > m → BETTER · U < m → WORSE · U < δ → NOT BETTER BY THE DESIRED EFFECT · otherwise
//   INCONCLUSIVE.
// One L serves every threshold at once: {Δ ≤ m'} are nested, so all statements Δ > m' with m' < L
// hold together with error ≤ the level; no multiplicity cost. P(BETTER | Δ ≤ m) ≤ level and
// P(effect excluded | Δ ≥ δ) ≤ level.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/coherence.h"
#include "experiment/health.h"
#include "experiment/moments.h"
#include "experiment/money_words.h"
#include "experiment/welch.h"

namespace experiment {

enum class VerdictWord {
  kNoVerdict,
  kCollecting,
  kBetterByEffect,
  kBetter,
  kWorse,
  kNotBetterByEffect,
  kInconclusive,
};

// What a BETTER says about the desired effect; kNone for every other word.
enum class EffectStanding {
  kNone,
  kReached,   // The estimate is at least the effect; not proven.
  kOpen,      // Neither shown nor excluded.
  kExcluded,  // Better, but by less than the effect (U < δ).
};

// What was recorded, with the plan it was recorded under.
struct Evidence {
  SampleSummary base{};  // Revenue of the customers that count, in currency.
  SampleSummary candidate{};
  Customers assigned{};  // All customers assigned to each arm, counted or not: what the sample
                         // ratio is tested on.
  std::vector<Alarm>
      alarms{};  // Of the caller's own health checks (lost data, …); any gives NO VERDICT.
};

struct VerdictFigures {
  Welch welch{};              // d, se, ν.
  double level = 0;           // Of each bound, one-sided.
  double lower = 0;           // L, the guaranteed gain.
  double upper = 0;           // U.
  Interval interval{};        // Two-sided at 1 − 2·level: [L, U].
  double p_margin = 1;        // One-sided against Δ ≤ margin.
  double p_effect = 1;        // One-sided against Δ ≤ effect.
  double p_below_effect = 1;  // One-sided against Δ ≥ effect.
  std::optional<RelativeLift> lift{};
};

struct Verdict {
  VerdictWord word = VerdictWord::kCollecting;
  EffectStanding standing = EffectStanding::kNone;
  Design design{};
  Customers planned{};
  Customers collected{};  // Customers that count.
  double planned_power =
      0;  // Exact, for the desired effect at the planned customers: no post-hoc power.
  SampleSummary base{};
  SampleSummary candidate{};
  SampleRatio sample_ratio{};  // The fixed test; decides once the customers are complete.
  SequentialSampleRatio sequential_sample_ratio{};  // Decides before.
  std::vector<Alarm> alarms{};
  // Only once the planned customers are in and no alarm is raised: looking earlier would break the
  // promise of alpha, and data that cannot be trusted has no estimate.
  std::optional<VerdictFigures> figures{};
  // Inconclusive: base customers of a fresh experiment that cannot end so (2·t·se ≤ δ − m at the
  // observed deviations).
  std::optional<std::int64_t> customers_to_settle{};
};

// The plan must be valid (coherence.h) — an invalid one gives an error, not a verdict.
base::Result<Verdict> judge(const PlannedDesign& plan, const Evidence& evidence);

// "BETTER", "COLLECTING", …: the word as printed.
std::string_view word(VerdictWord word);

// One sentence with the money in it:
// "BETTER: +0.83 $ per customer, at least +0.37 $ (95 %); the desired 0.70 $ is reached by the
// estimate, not proven".
std::string sentence(const Verdict& verdict, const MoneyWords& words = {});

}  // namespace experiment

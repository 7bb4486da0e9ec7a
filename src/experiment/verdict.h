// SPDX-License-Identifier: Apache-2.0
// The verdict: what the experiment has shown, in one word and with every figure behind it.
//
// The difference in money per customer is that of everybody by assigned arm (Welch's), or, where
// the plan says so and the data are fit for it, the same adjusted by what customers spent before
// the start (cuped.h) or the disagreement estimator's (disagreement.h; with the customers of all
// arms of several candidates, several_candidates.h).
// Two one-sided bounds L and U of it, each at the plan's level (alpha, or alpha/2 for two sides; at
// a look the level that is spent there; of several candidates comparison_level()), are compared
// with the margin m and the desired effect δ, in this order:
//   health alarm → NO VERDICT · customers missing → COLLECTING · L > δ → BETTER BY THE DESIRED
//   EFFECT · L > m → BETTER · U < m → WORSE · U < δ → NOT BETTER BY THE DESIRED EFFECT · otherwise
//   INCONCLUSIVE.
// One L serves every threshold at once: {Δ ≤ m'} are nested, so all statements Δ > m' with m' < L
// hold together with error ≤ the level; no multiplicity cost. P(BETTER | Δ ≤ m) ≤ level and
// P(effect excluded | Δ ≥ δ) ≤ level. At a look before the last only L > m ends the experiment, and
// with two sides U < m, and L > m only where every guardrail holds there too: the bounds are then
// repeated confidence bounds (Jennison & Turnbull 2000, chapter 9). Guardrails
// (secondary_metrics.h) are judged at the level of the bounds, and change no word: to be taken() a
// candidate must be better and every guardrail must hold. A stop for harm is a WORSE by e-value
// (always_valid.h), at harm_level(); nobody is then called better.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/cuped.h"
#include "experiment/disagreement.h"
#include "experiment/health.h"
#include "experiment/moments.h"
#include "experiment/money_words.h"
#include "experiment/planned_design.h"
#include "experiment/secondary_metrics.h"
#include "experiment/several_candidates.h"
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
  kDryRunComplete,  // Of a dry run, which tests nothing.
};

// What a BETTER says about the desired effect; kNone for every other word.
enum class EffectStanding {
  kNone,
  kReached,   // The estimate is at least the effect; not proven.
  kOpen,      // Neither shown nor excluded.
  kExcluded,  // Better, but by less than the effect (U < δ).
};

// What was recorded of base and one candidate, with the plan it was recorded under.
struct Evidence {
  SampleSummary base{};  // Revenue of the customers that count, in currency.
  SampleSummary candidate{};
  Customers assigned{};  // All customers assigned to each arm, counted or not: what the sample
                         // ratio is tested on.
  std::vector<Alarm>
      alarms{};  // Of the caller's own health checks (lost data, …); any gives NO VERDICT.
  std::optional<DisagreementRows> rows{};  // The same customers by what the systems decided; must
                                           // be there if the plan compares by disagreement.
  std::vector<double> information{};       // At the looks taken before this one, rising.
  bool harmed = false;                     // This candidate reached the stop for harm
                                           // (harm_reached()); of several one is enough.
  std::vector<std::int64_t>
      assigned_arms{};  // Of several candidates: all assigned to base and to each of them, in
                        // order; the sample ratio is then tested on all.
  std::optional<PooledCandidate> pooled{};  // Of several candidates by disagreement: this one, with
                                            // the customers of all arms.
  std::optional<SecondaryRows> counts{};    // The same customers' other metrics; must be there if
                                            // the plan has guardrails.
  std::optional<PairedArms> before{};       // The customers that count, with what each spent before
                                            // the start; must be there if the plan adjusts by it.
};

// All arms' counts and the sizes configured, in the same order: what health.h tests.
struct AssignedArms {
  std::vector<std::int64_t> counts{};
  std::vector<double> weights{};
};
// Of all arms where the evidence has them, else of base and its candidate.
AssignedArms assigned_arms(const Evidence& evidence, double ratio);

// How the difference was estimated.
enum class Method {
  kEverybody,     // Intention to treat: all customers by assigned arm.
  kDisagreement,  // Those on whom the systems differ.
  kCovariate,     // Everybody, adjusted by what they spent before the start.
};

// One planned look.
struct Look {
  int number = 1;          // 1 to the plan's looks.
  double information = 1;  // Of the planned end's; of several candidates number/looks.
  double z = 0;            // The bound: better where the test's z is at or beyond it.
  double level = 0;        // Its one-sided p-value.
  friend bool operator==(const Look&, const Look&) = default;
};

// Whom an estimate rests on that takes the customers of all arms (several_candidates.h).
struct PooledRows {
  std::int64_t customers = 0;
  std::int64_t disagreeing = 0;
  friend bool operator==(const PooledRows&, const PooledRows&) = default;
};

struct VerdictFigures {
  Method method = Method::kEverybody;
  std::string why_everybody{};         // Why not by disagreement, or not adjusted, where the plan
                                       // asked for it.
  std::optional<PooledRows> pooled{};  // By disagreement, with the customers of all arms.
  std::string why_not_pooled{};        // Why without those of the other arms, if they were given.
  double explained = 0;                // By kCovariate: the share of the variance, ρ².
  Welch welch{};                       // d, se, ν.
  double level = 0;                    // Of each bound, one-sided.
  double lower = 0;                    // L, the guaranteed gain.
  double upper = 0;                    // U.
  Interval interval{};                 // Two-sided at 1 − 2·level: [L, U].
  double p_margin = 1;                 // One-sided against Δ ≤ margin.
  double p_effect = 1;                 // One-sided against Δ ≤ effect.
  double p_below_effect = 1;           // One-sided against Δ ≥ effect.
  std::optional<RelativeLift> lift{};  // Of everybody's means; by kEverybody only.
  std::vector<SecondaryFigures> secondary{};  // All metrics beside revenue, where the evidence has
                                              // them; bounds at `level`.
};

struct Verdict {
  VerdictWord word = VerdictWord::kCollecting;
  EffectStanding standing = EffectStanding::kNone;
  Design design{};
  int candidates = 1;  // Planned; of several, figures' level is that of one comparison.
  Customers planned{};
  Customers collected{};  // Customers that count.
  double planned_power =
      0;  // Exact, for the desired effect at the planned customers: no post-hoc power.
  SampleSummary base{};
  SampleSummary candidate{};
  SampleRatio sample_ratio{};  // The fixed test; decides once the customers are complete.
  SequentialSampleRatio sequential_sample_ratio{};  // Decides before.
  std::vector<Alarm> alarms{};
  Method method = Method::kEverybody;      // Planned.
  std::optional<DisagreementRows> rows{};  // As given.
  int looks = 1;                           // Planned.
  std::optional<Look> look{};  // The look that this is, once its customers are in; the last is the
                               // planned end.
  bool harmed = false;  // Ended by the stop for harm: of this candidate where it is WORSE, of
                        // another where it is INCONCLUSIVE; bounds are always-valid.
  // Only once the planned customers are in and no alarm is raised: looking earlier would break the
  // promise of alpha, and data that cannot be trusted has no estimate.
  std::optional<VerdictFigures> figures{};
  // Inconclusive: base customers of a fresh experiment that cannot end so (2·t·se ≤ δ − m at the
  // observed deviations).
  std::optional<std::int64_t> customers_to_settle{};
};

// BETTER or BETTER BY THE DESIRED EFFECT.
bool is_better(const Verdict& verdict);
// Better, and every guardrail holds.
bool taken(const Verdict& verdict);

// The plan must be valid (coherence.h) and the evidence what it asks for — else an error, not a
// verdict. Of several candidates it judges one alone; candidates_verdict.h judges them together.
// Of an experiment with looks: COLLECTING with a `look` means that the bound was not crossed and it
// goes on; keep the look's information for the next.
base::Result<Verdict> judge(const PlannedDesign& plan, const Evidence& evidence);

// An estimate and its always-valid bounds. By the planned method, without the other arms.
struct Band {
  double estimate = 0;
  double lower = 0;
  double upper = 0;
};

// The stop for harm is asked for from so many compared customers in each arm on: the e-value rests
// on the normal limit (of 50 + 50 normal ones asked after each 7 % stopped at 5 % without it).
inline constexpr std::int64_t kFewestForHarm = 30;

// The stop for harm: the e-value against Δ ≥ margin, of the planned method, after the customers so
// far. May be asked after every customer; once it is true it stays a valid reason to stop.
// Log of the e-value; the stop is reached at ln(1/harm_level()), so of K candidates none of which
// does harm any is ever stopped with a chance of at most harm_alpha. Nothing while it cannot be
// estimated, or below kFewestForHarm.
std::optional<double> harm_log_e(const PlannedDesign& plan, const Evidence& evidence);
bool harm_reached(const PlannedDesign& plan, const Evidence& evidence);
// With bounds at harm_level(): upper < margin is where the stop is reached.
std::optional<Band> harm_band(const PlannedDesign& plan, const Evidence& evidence);

// For the chart, at the design's level on each side, of K candidates at 1/K of it (Bonferroni);
// nothing while it cannot be estimated.
std::optional<Band> always_valid_band(const PlannedDesign& plan, const Evidence& evidence);

// "BETTER", "COLLECTING", …: the word as printed.
std::string_view word(VerdictWord word);

// One sentence with the money in it:
// "BETTER: +0.83 $ per customer, at least +0.37 $ (95 %); the desired 0.70 $ is reached by the
// estimate, not proven".
std::string sentence(const Verdict& verdict, const MoneyWords& words = {});
// Why an experiment was stopped: "−4.02 $ per customer, at most −1.20 $ (99 %, 3 candidates)".
std::string sentence_of_harm(const PlannedDesign& plan, const Band& band,
                             const MoneyWords& words = {});

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// What an experiment is planned to be: the promise (design.h), the customers that keep it, who of
// them is compared, how often is looked, and what stops it for harm.
//
// Everybody is compared, or only those on whom the systems differ (disagreement.h): of n customers
// then q·n carry the test, whose effect is δ/q and margin m/q. With K looks the bounds are those of
// the Lan–DeMets spending function of O'Brien–Fleming's shape at k/K of the customers
// (group_sequential.h).
//
// Several candidates share alpha, each compared with base at comparison_alpha(). A covariate, what
// customers spent before the start, leaves 1 − ρ² of the variance (cuped.h). With guardrails
// (guardrails.h) each test, the primary and theirs, is planned with power_of_each(). Everything
// here is pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "experiment/assignment.h"
#include "experiment/design.h"
#include "experiment/group_sequential.h"
#include "experiment/guardrails.h"

namespace experiment {

// What is expected of the customers on whom the systems differ, from a dry run or from history.
struct ExpectedDisagreement {
  double share = 0;                             // q of all customers, in (0, 1].
  double deviation = 0;                         // Of their revenue, in currency; above 0.
  std::optional<double> candidate_deviation{};  // In the candidate's arm, where it differs.
  friend bool operator==(const ExpectedDisagreement&, const ExpectedDisagreement&) = default;
};

inline constexpr int kMostLooks = 20;
// An experiment by disagreement whose systems differ less often than planned does not go on for
// ever: it ends with this many times the customers planned, and is judged by what there is.
inline constexpr double kMostTimesPlanned = 3;

struct PlannedDesign {
  Design design{};
  std::int64_t customers = 0;  // In the base arm; the candidate's follow by design.ratio (arms()).
  std::optional<double> skew{};  // Of one customer's revenue, from history.
  std::optional<double>
      customers_per_day{};  // Sampled customers that arrive in a day: traffic × sampling share.
  std::optional<double> longest_days{};  // Refuse what would take longer.
  std::optional<ExpectedDisagreement>
      disagreement{};      // There: only customers on whom the systems differ are compared.
  int looks = 1;           // 1 to kMostLooks, evenly spaced; 1: only the end.
  bool dry_run = false;    // Base serves everybody, all decide, nothing is tested: `customers` is
                           // how many come, what follows is a forecast (forecast.h).
  double harm_alpha = 0;   // Chance of stopping at any time for the harm of a candidate that is not
                           // below the margin, of all candidates together; 0 (never stop for harm)
                           // or up to below 0.5.
  int candidates = 1;      // 1 to kMostCandidates, each with design.ratio times base's customers.
  bool covariate = false;  // The difference is adjusted by what customers spent before the start;
                           // of everybody, not by disagreement.
  double correlation = 0;  // ρ of that with their revenue, as expected; −1 < ρ < 1.
  std::vector<Guardrail> guardrails{};  // Each metric once.
  friend bool operator==(const PlannedDesign&, const PlannedDesign&) = default;
};

// The alpha of each candidate's comparison with base: of one candidate design.alpha; of several
// that at which the chance of calling any of them better, if none is, is at most design.alpha. With
// s sides:
//   of everybody at one look, where all differences share base's arm: s·(1 − Φ(z)), z Dunnett's
//   one-sided critical value of K at alpha/s (several_candidates.h);
//   by disagreement, where two differences share the customers on whom both candidates differ from
//   base, be they all or none, and with looks: s·(1 − (1 − alpha/s)^(1/K)), which keeps alpha for
//   any correlation that is not negative (Šidák, JASA 62, 1967; Slepian 1962), as the tests of two
//   candidates at any two looks have.
// An alpha or ratio out of range gives design.alpha.
double comparison_alpha(const PlannedDesign& plan);
// The level of each one-sided bound of a comparison: comparison_alpha, or half of it for two sides.
double comparison_level(const PlannedDesign& plan);
// The level at which each candidate is asked for harm: harm_alpha / K (Bonferroni).
double harm_level(const PlannedDesign& plan);

// The power that each test needs, so that all succeed together with design.power.
double needed_power(const PlannedDesign& plan);

// One comparison's test among the customers compared, per compared customer: at comparison_alpha,
// with the deviations that the covariate leaves and needed_power(). The plan's numbers must be
// valid (coherence.h), for this and all below.
Design compared_design(const PlannedDesign& plan);
// The customers compared at the planned end: all, or ⌊q·n⌋ of the base arm's.
Customers compared_customers(const PlannedDesign& plan);
// Of base and all candidates together.
std::int64_t customers_in_all(const PlannedDesign& plan);

// The power for the desired effect of one candidate, exact in Student's t; with looks, by the drift
// that the exact test of one look implies.
base::Result<double> planned_power(const PlannedDesign& plan);
// What may be promised of all tests together: planned_power() without guardrails, else what the
// least powerful test leaves (guardrails.h). An error where that is nothing.
base::Result<double> power_found(const PlannedDesign& plan);
// The fewest base customers with the promised power, of the primary test and every guardrail's;
// plan.customers is not read.
base::Result<std::int64_t> customers_needed(const PlannedDesign& plan);
// The smallest effect found with the promised power; the plan's own is not read. This and
// alpha_needed() are of the primary test.
base::Result<double> effect_found(const PlannedDesign& plan);
// The alpha (of all candidates) that buys the promised power; an error where it would reach 0.5.
base::Result<double> alpha_needed(const PlannedDesign& plan);

// A guardrail's test as a plan of its own, of as many customers: a share is compared as revenue is,
// a ratio with everybody. The guardrail's numbers must be valid.
PlannedDesign guardrail_plan(const PlannedDesign& plan, const Guardrail& guardrail);

// The shares of the planned customers at which is looked: 1/K, 2/K, …, 1.
std::vector<double> look_shares(int looks);

// Customers of base and of one candidate so far.
struct Enrolled {
  Customers customers{};    // Whose revenue is complete.
  Customers disagreeing{};  // Of these, on whom the systems differ.
};
// Whether look `look` (1 to plan.looks) has its customers: each arm its share of what is compared,
// or, by disagreement, kMostTimesPlanned of all customers.
bool enough(const PlannedDesign& plan, int look, const Enrolled& enrolled);
// Information at a look: 1/(1/n_B + r/n_C…) of those compared by that planned, as variances go;
// at least 0.0001.
double information(const PlannedDesign& plan, const Enrolled& enrolled);

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// What an experiment will say, before it starts: the chance of each verdict if the truth were this
// or that.
//
// The verdict rests on two one-sided bounds at level a (alpha, or alpha/2 for two sides): L = d −
// t·se, U = d + t·se. Chances are exact for normal revenue of equal deviation: noncentral t, and
// for the joint statements an integral over the estimated deviation.
#pragma once
#include <vector>

#include "experiment/planned_design.h"

namespace experiment {

struct OutcomeChances {
  double true_effect = 0;     // Δ, in shop currency per customer.
  double better = 0;          // L > margin. Contains `proven` and `effect_reached`.
  double effect_reached = 0;  // Better, and the estimate is at least the desired effect.
  double proven = 0;          // L > effect: better by at least the desired effect.
  double effect_excluded =
      0;  // U < effect. Contains `worse`, and what is better yet by less than the effect.
  double worse = 0;                 // U < margin.
  double not_better_by_effect = 0;  // The verdict of that name: U < effect, not better, not worse.
  double inconclusive = 0;          // Neither L > margin nor U < effect.
};

// For any t statistic: level of each bound, degrees of freedom (infinity: normal), and the
// distances to_margin = (Δ − margin)/se, to_effect = (Δ − effect)/se. Leaves true_effect 0.
OutcomeChances outcome_chances(double one_sided_alpha, double dof, double to_margin,
                               double to_effect);

// At a true effect, for a valid design with these customers.
OutcomeChances outcome_chances(const Design& design, const Customers& customers,
                               double true_effect);

// The table shown before the start: true effects margin + (effect − margin)·{0, ½, 1, 1.5, 2}.
std::vector<OutcomeChances> operating_characteristics(const Design& design,
                                                      const Customers& customers);

// The same of a plan, per customer also where only those are compared on whom the systems differ;
// with looks, as if only the last were taken.
std::vector<OutcomeChances> operating_characteristics(const PlannedDesign& plan);

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/operating_characteristics.h"

#include <algorithm>
#include <cmath>

#include "experiment/detail/scale_integral.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

// With the estimate d and the estimated error s·se (s = χ_ν/√ν, independent of d): for what s is it
// how likely? L > margin  ⇔ Z > t·s − to_margin,  U < effect ⇔ Z < −t·s − to_effect,  d ≥ effect ⇔
// Z ≥ −to_effect.
struct JointChances {
  double reached;        // L > margin and d ≥ effect.
  double inconclusive;   // L ≤ margin and U ≥ effect.
  double only_excluded;  // U < effect, yet margin − not L > margin and not U < margin.
};

JointChances given_scale(double t_times_s, double to_margin, double to_effect) {
  const double better_from = t_times_s - to_margin;
  const double excluded_below = -t_times_s - to_effect;
  const double worse_below = -t_times_s - to_margin;
  // P(low ≤ Z ≤ high) without cancellation: both bounds in the same tail are taken from that tail.
  const auto between = [](double low, double high) {
    if (high <= low) return 0.0;
    return low > 0 ? normal_sf(low) - normal_sf(high) : normal_cdf(high) - normal_cdf(low);
  };
  return {normal_sf(std::max(better_from, -to_effect)), between(excluded_below, better_from),
          between(worse_below, std::min(excluded_below, better_from))};
}

JointChances joint_chances(double t, double dof, double to_margin, double to_effect) {
  if (std::isinf(dof)) return given_scale(t, to_margin, to_effect);
  std::vector<double> edges;
  detail::add_step_edges(to_margin, -t, &edges);
  detail::add_step_edges(to_margin, t, &edges);
  detail::add_step_edges(to_effect, t, &edges);
  edges.push_back((to_margin - to_effect) / t);  // From here on L > margin implies d ≥ effect.
  edges.push_back((to_margin - to_effect) / (2 * t));  // From here on inconclusive is possible.
  const auto expect = [&](double JointChances::*which) {
    return detail::expect_over_scale(
        dof, edges, [&](double s) { return given_scale(t * s, to_margin, to_effect).*which; });
  };
  return {expect(&JointChances::reached), expect(&JointChances::inconclusive),
          expect(&JointChances::only_excluded)};
}

}  // namespace

OutcomeChances outcome_chances(double one_sided_alpha, double dof, double to_margin,
                               double to_effect) {
  const double t = -student_quantile(one_sided_alpha, dof);
  const JointChances joint = joint_chances(t, dof, to_margin, to_effect);
  return {.better = noncentral_student_sf(t, dof, to_margin),
          .effect_reached = joint.reached,
          .proven = noncentral_student_sf(t, dof, to_effect),
          .effect_excluded = noncentral_student_sf(t, dof, -to_effect),
          .worse = noncentral_student_sf(t, dof, -to_margin),
          .not_better_by_effect = joint.only_excluded,
          .inconclusive = joint.inconclusive};
}

OutcomeChances outcome_chances(const Design& design, const Customers& customers,
                               double true_effect) {
  const DesignError error = design_error(design, customers);
  OutcomeChances chances = outcome_chances(
      one_sided_alpha(design), error.dof, (true_effect - design.margin) / error.standard_error,
      (true_effect - design.effect_per_customer) / error.standard_error);
  chances.true_effect = true_effect;
  return chances;
}

std::vector<OutcomeChances> operating_characteristics(const Design& design,
                                                      const Customers& customers) {
  std::vector<OutcomeChances> table;
  for (const double fraction : {0.0, 0.5, 1.0, 1.5, 2.0}) {
    const double gain = (design.effect_per_customer - design.margin) * fraction;
    table.push_back(outcome_chances(design, customers, design.margin + gain));
  }
  return table;
}

std::vector<OutcomeChances> operating_characteristics(const PlannedDesign& plan) {
  std::vector<OutcomeChances> rows =
      operating_characteristics(compared_design(plan), compared_customers(plan));
  if (!plan.disagreement) return rows;
  for (OutcomeChances& row : rows) row.true_effect *= plan.disagreement->share;
  return rows;
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// How many customers the disagreement estimator needs (disagreement.h), against the ordinary test,
// and when to stop: by disagreeing customers collected, which carry the information.
//
//   N = (z_{1−α/s} + z_power)²·[q(σ_B²/(1−p) + σ_C²/p) + δ²(1−q)/q·1{m≠0}]/(δ − m)²
//
// with q the share of customers on whom the systems differ, σ_B and σ_C their deviations in the
// arms, and p the candidate's share of customers. With m = 0 and equal deviations that is
// q·σ_D²/σ² of the ordinary test's customers. The solver is exact in Student's t: it plans the
// ordinary test (design.h) of δ/q against m/q among the disagreeing.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "experiment/design.h"
#include "experiment/disagreement.h"

namespace experiment {

struct DisagreementDesign {
  Design design{};   // Of the whole: effect and margin per customer, deviation of all customers.
  double share = 0;  // q in (0, 1], from history or a shadow dry run.
  double deviation = 0;  // σ_B among disagreeing customers, in currency; above 0.
  std::optional<double> candidate_deviation{};           // σ_C among them, where it differs.
  std::int64_t fewest_disagreeing = kFewestDisagreeing;  // In each arm; the stop rule's floor.
};

struct DisagreementCustomers {
  Customers disagreeing{};            // To stop at: at least the floor in each arm.
  std::int64_t customers = 0;         // N expected with them: disagreeing/q, rounded up.
  Customers ordinary{};               // What the ordinary test needs.
  double ratio_to_ordinary = 0;       // customers/ordinary; below 1 where this is the cheaper test.
  bool floor_binds = false;           // The floor, not the power, decides.
  double effect_per_disagreeing = 0;  // δ/q: what each disagreement must bring.
  // Set where δ/q is above one deviation of such a customer's revenue: hardly to be believed, to
  // be confirmed. The threshold is a judgement.
  std::optional<Reason> implausible{};
};

// The same test among the disagreeing customers alone, per such customer. Against a margin the
// share's own error counts, τ²(1−q)/N_D of variance: as much as this added to the variance of each.
Design among_disagreeing(const DisagreementDesign& plan);

// δ/q above one deviation of such a customer's revenue; nothing where it is not.
std::optional<Reason> implausible_effect(const DisagreementDesign& plan);

// Refuses numbers that the ordinary solver refuses, and a share or deviation out of range.
base::Result<DisagreementCustomers> solve_disagreement(const DisagreementDesign& plan);

// N by the formula above, real; without the floor.
base::Result<double> disagreement_customers_by_formula(const DisagreementDesign& plan);

// The stop rule: both arms hold the disagreeing customers planned. It looks at counts alone, so
// stopping by it does not depend on revenue.
struct DisagreementProgress {
  Customers missing{};  // Disagreeing customers still to come; 0 where complete.
  bool complete = false;
  // Customers still to sample, at the share seen so far; nothing while none disagreed.
  std::optional<std::int64_t> customers_to_come{};
};
DisagreementProgress disagreement_progress(const Customers& planned, const Customers& disagreeing,
                                           std::int64_t customers);

}  // namespace experiment

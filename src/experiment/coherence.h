// SPDX-License-Identifier: Apache-2.0
// Whether the four configured numbers can all be true. An experiment starts only when they are.
//
// Rule: all numbers valid, and the exact power of (alpha, effect, customers) ≥ the promised power −
// 1e-9. Otherwise refused, with the four repairs, each of which alone makes the design coherent.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/money_words.h"
#include "experiment/planned_design.h"
#include "experiment/reason.h"

namespace experiment {

enum class CoherenceOutcome {
  kAccepted,
  kMoreThanNeeded,  // Accepted: over 1.2 times the customers needed; `remarks` says what effect
                    // they could find.
  kRefused,
};

// Change one number to this and the design is coherent. `value` is rounded to few digits towards
// the safe side, ready for an input field; `exact` is not rounded.
struct Repair {
  std::string field{};  // "customers" (base arm), "effect", "power", "alpha" or
                        // "guardrails[0].worst".
  double value = 0;
  double exact = 0;
  std::string text{};  // "Use 5,679", "accept 0.746 $", "accept 75.4 %", "accept α 6.8 %".
};

struct Coherence {
  CoherenceOutcome outcome = CoherenceOutcome::kRefused;
  std::vector<Reason> reasons{};  // Why refused: empty exactly when accepted. Code "underpowered"
                                  // comes with repairs.
  std::vector<Reason>
      remarks{};  // Worth saying, not refused: more_than_needed, skewed, less_than_a_week.
  std::vector<Repair> repairs{};  // In the order customers, effect, power, alpha; alpha is left out
                                  // where it would reach 0.5; then what one guardrail that
                                  // lacks power may lose. Each alone is enough.
  std::string sentence{};         // All of it for a person, one line.
  // Figures, where the numbers are valid enough to compute them.
  std::optional<double> achieved_power{};  // Exact, at the planned customers; of the primary test.
  std::vector<double> guardrail_power{};   // The same of each guardrail, where nothing is lost.
  std::optional<double>
      smallest_effect{};  // Found with the promised power at the planned customers.
  std::optional<std::int64_t> customers_needed{};  // In the base arm.
  std::optional<double> days{};                    // All customers / customers_per_day.
  [[nodiscard]] bool accepted() const { return outcome != CoherenceOutcome::kRefused; }
};

// Reasons' codes: not_a_number, absurd_number (beyond ±1e100), alpha_out_of_range,
// power_out_of_range, power_not_above_alpha, effect_not_above_margin, deviation_not_positive,
// candidate_deviation_not_positive, ratio_out_of_range, too_few_customers, too_many_customers,
// share_out_of_range, disagreeing_deviation_not_positive, too_few_disagreeing, looks_out_of_range,
// harm_alpha_out_of_range, candidates_out_of_range, correlation_out_of_range,
// correlation_without_covariate, covariate_by_disagreement, guardrail_twice,
// guardrail_worst_out_of_range, guardrail_deviation_not_positive, underpowered,
// guardrail_underpowered, skewed_and_unequal (n of the smaller arm < 355·skew² at a ratio other
// than 1; Kohavi et al., KDD 2014), too_long, not_positive (skew, customers_per_day, longest_days).
// Remarks' codes: more_than_needed, skewed, less_than_a_week, effect_per_disagreeing_implausible.
Coherence check(const PlannedDesign& plan, const MoneyWords& words = {});

// Everything wrong with the numbers beside the four: disagreement's, looks, the stop for harm, the
// candidates, the covariate, the guardrails.
std::vector<Reason> invalid_extras(const PlannedDesign& plan);

}  // namespace experiment

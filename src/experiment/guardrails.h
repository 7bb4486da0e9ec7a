// SPDX-License-Identifier: Apache-2.0
// Guardrails: metrics beside revenue that must not get worse by more than their margins. A
// candidate is to be taken if it is better on the primary metric and not inferior on each
// guardrail; as all must hold, alpha is not split, but the power must be shared out. Source:
// Schultzberg, Ankargren & Frånberg, arXiv 2402.11609 (2024).
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "experiment/design.h"

namespace experiment {

// What else a customer's session shows. A share is of all customers of an arm; a ratio's
// denominator varies with the customers.
enum class SecondaryMetric {
  kBuyers,           // Share of customers with revenue above 0.
  kRevenuePerBuyer,  // Ratio: their revenue (capped, where the plan has a cap), in currency.
  kOffers,           // Share of customers who were shown the offer; fewer is better.
  kAcceptance,       // Ratio: of those, who accepted it.
};
inline constexpr std::array kSecondaryMetrics{
    SecondaryMetric::kBuyers, SecondaryMetric::kRevenuePerBuyer, SecondaryMetric::kOffers,
    SecondaryMetric::kAcceptance};

// "buyers", "revenue_per_buyer", "offers", "acceptance"; and back.
std::string_view name(SecondaryMetric metric);
std::optional<SecondaryMetric> secondary_metric(std::string_view name);
// For a person: "customers who buy", …
std::string_view title(SecondaryMetric metric);
// Between 0 and 1, said in percent; the other is money.
bool in_percent(SecondaryMetric metric);
// A mean over all customers.
bool is_share(SecondaryMetric metric);
bool more_is_better(SecondaryMetric metric);

struct Guardrail {
  SecondaryMetric metric = SecondaryMetric::kBuyers;
  double worst = 0;  // The most it may get worse, in its own unit (0.01: one point); above 0.
  // Of one customer, to plan with: of a share √(p(1 − p)), where nothing is said 0.5, the most it
  // can be; a ratio Σy/Σk must say its own, √Var(y − R·k)/k̄.
  std::optional<double> deviation{};
  friend bool operator==(const Guardrail&, const Guardrail&) = default;
};

// What is planned with; 0 for a ratio that says none.
double planned_deviation(const Guardrail& guardrail);

// The power to plan each of 1 + guardrails tests with, so that all succeed together with the
// promised power at least: 1 − (1 − power)/(guardrails + 1). guardrails ≥ 0.
double power_of_each(double power, int guardrails);
// Its inverse: what all promise together where each has this power.
double power_of_all(double each, int guardrails);

// The one-sided design of a guardrail that may lose up to `worst_loss` (above 0) per customer and
// is expected to lose nothing; its other numbers, and the shared-out power, come from the primary.
Design guardrail_design(const Design& primary, int guardrails, double worst_loss, double deviation);

}  // namespace experiment

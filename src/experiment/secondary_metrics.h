// SPDX-License-Identifier: Apache-2.0
// What a candidate does to the metrics beside revenue (guardrails.h), and whether its guardrails
// hold. Everything here is pure and thread-safe.
//
// A share of everybody: difference of two shares with Newcombe's bounds (proportion.h). By
// disagreement (disagreement.h): q̂ times the difference δ̂ among those on whom the systems differ,
// with bounds from Newcombe's (l, u) of δ̂ and the share's own error by MOVER (Zou & Donner,
// Statistics in Medicine 27, 2008): L = q̂δ̂ − √(q̂²(δ̂ − l)² + z²δ̂²q̂(1 − q̂)/N), U alike.
// A ratio Σy/Σk, always of everybody: the delta method (ratio_metric.h).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiment/assignment.h"
#include "experiment/guardrails.h"
#include "experiment/moments.h"
#include "experiment/money_words.h"

namespace experiment {

// Of an arm's customers. Counts, so that they are the same in whatever order customers come.
struct CustomerCounts {
  std::int64_t customers = 0;
  std::int64_t buyers = 0;    // Their revenue is above 0.
  std::int64_t shown = 0;     // They were shown the offer,
  std::int64_t accepted = 0;  // and of these, they accepted it.
  friend bool operator==(const CustomerCounts&, const CustomerCounts&) = default;
};

struct ArmCounts {
  CustomerCounts base{};
  CustomerCounts candidate{};
  friend bool operator==(const ArmCounts&, const ArmCounts&) = default;
};

// One customer of a pair of systems.
struct CountedCustomer {
  Arm arm = Arm::kBase;
  bool differ = false;  // The systems decide differently.
  bool bought = false, shown = false, accepted = false;
};

// The customers of base and of one candidate.
struct SecondaryRows {
  ArmCounts agree{};
  ArmCounts differ{};
  void add(const CountedCustomer& customer) { count(customer, 1); }
  void remove(const CountedCustomer& customer) { count(customer, -1); }  // One that was added.
  [[nodiscard]] ArmCounts everybody() const;
  friend bool operator==(const SecondaryRows&, const SecondaryRows&) = default;

 private:
  void count(const CountedCustomer& customer, std::int64_t by);
};

enum class GuardrailStanding {
  kNone,    // No guardrail.
  kHolds,   // It is shown not to be worse by its margin.
  kOpen,    // Neither shown nor excluded,
  kBroken,  // It is worse by more than its margin.
};
// "none", "holds", "open", "broken".
std::string_view name(GuardrailStanding standing);

struct MetricChange {
  double difference = 0;  // Candidate − base, per customer of all.
  double lower = 0;       // One-sided bounds, each at the level asked for.
  double upper = 0;
  friend bool operator==(const MetricChange&, const MetricChange&) = default;
};

struct SecondaryFigures {
  SecondaryMetric metric = SecondaryMetric::kBuyers;
  std::optional<double> base{};  // Of each arm; nothing where nobody is counted by it.
  std::optional<double> candidate{};
  std::optional<MetricChange> change{};  // Nothing where it cannot be estimated.
  bool by_disagreement = false;
  std::optional<double> worst{};  // The guardrail's margin.
  GuardrailStanding standing = GuardrailStanding::kNone;
  friend bool operator==(const SecondaryFigures&, const SecondaryFigures&) = default;
};

// All of kSecondaryMetrics in order. `base` and `candidate`: the same customers' revenue, in
// currency, capped where the plan caps it. 0 < level < 0.5.
std::vector<SecondaryFigures> secondary_figures(const SecondaryRows& rows,
                                                const SampleSummary& base,
                                                const SampleSummary& candidate,
                                                std::span<const Guardrail> guardrails, double level,
                                                bool by_disagreement);

// Whether every guardrail holds; true where there is none.
bool all_hold(std::span<const SecondaryFigures> figures);

// One arm's metric and what Guardrail::deviation asks for; nothing where nobody is counted by it.
struct MetricValue {
  double value = 0;
  double deviation = 0;
};
std::optional<MetricValue> metric_value(SecondaryMetric metric, const CustomerCounts& counts,
                                        const SampleSummary& revenue);

// A change in words: "1.3 points", "0.50 $"; signed: "+1.3 points".
std::string say_change(SecondaryMetric metric, double change, const MoneyWords& words);
// "customers who buy −0.8 points, at worst −1.4 points (−1 point allowed): open"; without a change
// "…: nothing to measure". It is a guardrail's.
std::string sentence(const SecondaryFigures& figures, const MoneyWords& words = {});

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// The AUC with its error, and the difference of two AUCs on the same rows (DeLong, DeLong &
// Clarke-Pearson 1988), by midranks in O(n log n) (Sun & Xu 2014). Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "metric/interval.h"

namespace metric {

// With m positives and n negatives, V₁ of a positive = the share of negatives below it (ties one
// half), V₀ of a negative = the share of positives above it: AUC = mean V₁ = mean V₀, and
// Var AUC = var(V₁)/m + var(V₀)/n. Nothing with fewer than two rows of either class. The interval
// is cut at 0 and 1.
std::optional<Interval> auc_interval(std::span<const double> scores,
                                     std::span<const std::uint8_t> labels,
                                     double confidence = 0.95);

struct AucDifference {
  Interval difference;  // First less second.
  double z = 0;
  double p = 1;  // Two-sided; 1 where the two never differ.
};

// The same for V of the first less V of the second: the two AUCs are correlated, and it counts.
std::optional<AucDifference> auc_difference(std::span<const double> first,
                                            std::span<const double> second,
                                            std::span<const std::uint8_t> labels,
                                            double confidence = 0.95);

}  // namespace metric

// SPDX-License-Identifier: Apache-2.0
// Two models on the same rows: only rows on which they disagree can differ in money, so the error
// of the difference is far below the errors of the two. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <span>

#include "base/result.h"
#include "metric/interval.h"
#include "profit/decisions.h"
#include "profit/economics.h"

namespace profit {

// The table of two models' decisions by label.
struct Disagreement {
  std::int64_t first_only_positive = 0;  // Only the first offers, and the customer accepts.
  std::int64_t first_only_negative = 0;
  std::int64_t second_only_positive = 0;
  std::int64_t second_only_negative = 0;
  std::int64_t rows = 0;       // All rows, agreed upon or not.
  std::int64_t positives = 0;  // All positives.
  [[nodiscard]] std::int64_t discordant() const {
    return first_only_positive + first_only_negative + second_only_positive + second_only_negative;
  }
  friend bool operator==(const Disagreement&, const Disagreement&) = default;
};

Disagreement disagreement(const Decisions& decisions, std::size_t first, std::size_t second);

// First less second. With d the difference of profit on a row (±(i − c) where they disagree on a
// positive, ∓c on a negative, otherwise 0), n rows:
//   profit per customer  d̄, standard error s_d/√n, s_d² = Σ(d − d̄)²/(n − 1)
//   RAP                  D = Σd / TAP, with N⁺ random too: Var D = Σ(d/(i − c) − D·y)²/N⁺²
//   z = d̄/(s_d/√n), p two-sided by the normal distribution (0 and 1 where they never disagree)
// With fewer than some twenty discordant rows p is rough.
struct PairedDifference {
  metric::Interval profit_per_customer;
  metric::Interval rap;
  double z = 0;
  double p = 1;
  std::int64_t discordant = 0;
};

// Refuses fewer than two rows, no positives, counts that do not fit together, and a confidence
// outside (0, 1).
base::Result<PairedDifference> paired_difference(const Disagreement& table, const Economics& e,
                                                 double confidence = 0.95);

}  // namespace profit

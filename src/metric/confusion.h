// SPDX-License-Identifier: Apache-2.0
// How often a decision was right: counts of offered against would accept, and the rates that come
// from them.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace metric {

struct Confusion {
  std::int64_t tp = 0;  // Offered, and accepts.
  std::int64_t fp = 0;  // Offered, and does not.
  std::int64_t tn = 0;  // Not offered, and would not have accepted.
  std::int64_t fn = 0;  // Not offered, and would have accepted.

  [[nodiscard]] std::int64_t total() const { return tp + fp + tn + fn; }
  [[nodiscard]] std::int64_t positives() const { return tp + fn; }
  [[nodiscard]] std::int64_t negatives() const { return tn + fp; }
  [[nodiscard]] std::int64_t offered() const { return tp + fp; }
  Confusion& operator+=(const Confusion& more);
  friend bool operator==(const Confusion&, const Confusion&) = default;
};

// Counts with an offer wherever probability > threshold. Labels are 0 or 1; both spans have one
// value for each row.
Confusion confusion_at(std::span<const double> probabilities, std::span<const std::uint8_t> labels,
                       double threshold);

// Counts of decisions already taken (0 or 1).
Confusion confusion_of(std::span<const std::uint8_t> decisions,
                       std::span<const std::uint8_t> labels);

// Each is nothing where its denominator is zero: a model that never offers has no precision.
std::optional<double> accuracy(const Confusion& c);     // (TP + TN) / all
std::optional<double> precision(const Confusion& c);    // TP / (TP + FP)
std::optional<double> recall(const Confusion& c);       // TP / (TP + FN)
std::optional<double> false_alarm(const Confusion& c);  // FP / (FP + TN)
std::optional<double> specificity(const Confusion& c);  // TN / (FP + TN)
// (1 + β²) TP / ((1 + β²) TP + β² FN + FP), the β-weighted harmonic mean of precision and recall
// (van Rijsbergen 1979).
std::optional<double> f_score(const Confusion& c, double beta = 1.0);

// Models that look at nobody: what a trained model has to beat.
Confusion always(std::int64_t positives, std::int64_t negatives);
Confusion never(std::int64_t positives, std::int64_t negatives);
// Offers with the given chance in [0, 1]: expected counts, rounded to whole customers.
Confusion random(std::int64_t positives, std::int64_t negatives, double chance = 0.5);

}  // namespace metric

// SPDX-License-Identifier: Apache-2.0
// How good predicted probabilities are, before any threshold. Probabilities lie in [0, 1], labels
// are 0 or 1, one of each for a row. Every function is nothing where it is not defined (no rows;
// one class only, for the AUC).
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "metric/interval.h"

namespace metric {

// The chance that a random positive scores above a random negative, a tie counting one half (Mann &
// Whitney 1947; Hanley & McNeil 1982): exact, by ranks. Any finite scores will do.
std::optional<double> auc(std::span<const double> scores, std::span<const std::uint8_t> labels);

// Mean of (p − y)² (Brier 1950).
std::optional<double> brier(std::span<const double> probabilities,
                            std::span<const std::uint8_t> labels);

// Mean of −y ln p − (1 − y) ln(1 − p), in nats; p is held in [1e-15, 1 − 1e-15] so that one certain
// error is not infinite.
std::optional<double> log_loss(std::span<const double> probabilities,
                               std::span<const std::uint8_t> labels);

// Both with their errors: mean of the rows' losses ± z·s/√n. Nothing with fewer than two rows;
// confidence in (0, 1).
std::optional<Interval> brier_interval(std::span<const double> probabilities,
                                       std::span<const std::uint8_t> labels,
                                       double confidence = 0.95);
std::optional<Interval> log_loss_interval(std::span<const double> probabilities,
                                          std::span<const std::uint8_t> labels,
                                          double confidence = 0.95);

// Expected calibration error: rows in bins of equal width of p; the mean over rows of |mean p −
// share of positives| in the row's bin (Naeini, Cooper & Hauskrecht 2015). At least one bin.
std::optional<double> calibration_error(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> labels, int bins = 20);

// Mean of |p − truth|, where the true probabilities are known.
std::optional<double> mean_absolute_difference(std::span<const double> probabilities,
                                               std::span<const double> truth);

}  // namespace metric

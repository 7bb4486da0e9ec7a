// SPDX-License-Identifier: Apache-2.0
// Whether 10 % means ten in a hundred: the calibration curve (reliability diagram; Murphy & Winkler
// 1977), with what chance allows. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "metric/interval.h"

namespace metric {

enum class Bins {
  kEqualWidth,  // [0, 1/k), [1/k, 2/k) … [1 − 1/k, 1].
  kEqualCount,  // As many rows in each as ties allow: equal probabilities share a bin.
};

struct CalibrationBin {
  double from = 0, to = 0;      // The least and the largest probability seen in it.
  double mean_probability = 0;  // What the model says.
  Interval share;               // Of positives: what is seen, with Wilson's interval.
  std::int64_t rows = 0;        // At least 1: empty bins are left out.
};

// In ascending order. Probabilities lie in [0, 1], labels are 0 or 1; bins ≥ 1.
std::vector<CalibrationBin> calibration_curve(std::span<const double> probabilities,
                                              std::span<const std::uint8_t> labels, Bins kind,
                                              int bins = 10, double confidence = 0.95);

}  // namespace metric

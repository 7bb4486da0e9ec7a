// SPDX-License-Identifier: Apache-2.0
// Probabilities for learners that know sides only: a sigmoid of decision values of rows that the
// fit has not seen.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/calibration.h"

namespace learn::detail {

inline constexpr int kCalibrationFolds = 3;

// The fold of every row. Refuses a class of fewer rows than folds, and a fold without which a class
// has no weight.
base::Result<std::vector<std::uint16_t>> calibration_folds(std::span<const std::uint8_t> labels,
                                                           std::span<const double> weights,
                                                           std::uint64_t seed);

// Of the out-of-fold decision values. A slope below 0, which would turn the model's order round,
// becomes 0, with a note.
base::Result<Sigmoid> calibrating_sigmoid(std::span<const double> values,
                                          std::span<const std::uint8_t> labels,
                                          std::span<const double> weights,
                                          std::vector<std::string>& notes);

}  // namespace learn::detail

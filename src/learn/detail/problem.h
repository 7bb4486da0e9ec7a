// SPDX-License-Identifier: Apache-2.0
// What linear classifiers and their like ask of rows, labels, weights and numbers, said once.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "learn/logistic_regression.h"
#include "learn/training_set.h"

namespace learn::detail {

// Refuses spans of different lengths, labels of one class, values and weights that are not finite,
// weights below 0.
base::Result<void> check(const LogisticProblem& problem);
// The same of a training set; its columns are finite by themselves.
base::Result<void> check(const TrainingSet& set);

// Refuses what is not finite and above 0: "C is -1: it must be finite and above 0".
base::Result<void> check_positive(const std::string& what, double value);

// Refuses labels and weights that do not fit each other; weights of both classes must be above 0.
base::Result<void> check_weights(std::span<const std::uint8_t> labels,
                                 std::span<const double> weights);

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// The k nearest training rows vote: the document holds the rows.
//
// Distance: Euclidean; numeric columns in standard deviations, a text column counts 2 where texts
// differ (as two indicators of 0 and 1 do). Missing: the mean, or a text of its own; an unlisted
// text differs from all. Of rows equally near, the first ones. With row weights, rows are stored as
// often as their weights ask.
#pragma once
#include <cstddef>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

struct NearestNeighborsOptions {
  std::size_t k = 25;             // More: smoother probabilities.
  bool distance_weights = false;  // Votes count 1 / (distance + 0.001) instead of 1.
  // A row costs a comparison whenever somebody is scored. With more, a sample is stored: of each
  // class by its weight.
  std::size_t most_rows = 5000;
};

// Measures no importance (permutation_importance.h does). The probability is the share of the
// votes. Refuses k of 0 or more than the rows stored, most_rows below 2, and a set without a usable
// column.
base::Result<Trained> train_nearest_neighbors(const TrainingSet& set,
                                              const NearestNeighborsOptions& options,
                                              const LearnerSettings& settings);

}  // namespace learn

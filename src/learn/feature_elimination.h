// SPDX-License-Identifier: Apache-2.0
// Recursive feature elimination (Guyon, Weston, Barnhill & Vapnik 2002) over a table's columns: fit
// a logistic regression, leave out the columns that matter least, fit again, until few are left.
//
// A column's importance is the sum of the squared coefficients of its features, each in standard
// deviations; a text column is one column, whatever its number of values. On numeric columns the
// order is that of scikit-learn's RFE with LogisticRegression after StandardScaler. Every fit
// begins at what the last one's curvature foretells of the optimum without the columns left out.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/logistic_regression.h"
#include "learn/training_set.h"

namespace learn {

struct EliminationOptions {
  LogisticOptions logistic = {.penalty_scale = PenaltyScale::kDeviations};  // `start` is not used.
  std::size_t step = 1;   // Columns left out at a time.
  std::size_t least = 1;  // Columns that stay at the end.
};

// One fit of the path. Columns by their places in the set, rising.
struct EliminationStep {
  std::vector<std::size_t> columns;
  Trained trained;
};

struct Elimination {
  // All columns of the set, the one kept longest first. Those left out together stand by
  // importance; constant and empty ones, which no fit has, come last.
  std::vector<std::size_t> order;
  std::vector<EliminationStep> steps;  // The one of all columns first.
};

// options.logistic.threads gives way to settings.threads. Refuses what train_logistic() refuses, a
// step or least of 0, and a set without a usable column.
base::Result<Elimination> eliminate_features(const TrainingSet& set,
                                             const EliminationOptions& options,
                                             const LearnerSettings& settings,
                                             const Prepared* prepared = nullptr);

}  // namespace learn

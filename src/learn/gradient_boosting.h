// SPDX-License-Identifier: Apache-2.0
// Gradient boosting of trees for log-loss (Friedman 2001) with second derivatives and an L2 penalty
// on the values of leaves (Chen & Guestrin 2016), on histograms of binned columns
// (learn/detail/binned.h).
//
// A missing value goes the way that gains most; one where none was missing in training, the way of
// the greater part, and so does a text that training has not seen. Texts are parted into two sets,
// along their order by gradient over curvature. Importance: the share of all gain.
#pragma once
#include <cstddef>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

namespace detail {
struct BinnedSet;
}
class Prepared;

// Named and defaulted as in XGBoost where there is a word for it.
struct GradientBoostingOptions {
  std::size_t n_estimators = 100;  // With early stopping: at most.
  double learning_rate = 0.3;      // Lower needs more trees and is seldom worse.
  std::size_t max_depth = 6;       // 0: any; then limit max_leaves.
  std::size_t max_leaves = 0;      // 0: any.
  bool best_first = false;         // grow_policy: "lossguide" instead of "depthwise".
  double min_child_weight = 1;     // Of the second derivatives of a leaf's rows.
  std::size_t min_samples_leaf = 1;
  double reg_lambda = 1;        // On the values of leaves.
  double gamma = 0;             // What a split must gain.
  double subsample = 1;         // Rows drawn for each tree, in (0, 1].
  double colsample_bytree = 1;  // Columns drawn for each tree, in (0, 1].
  double cat_smooth = 10;       // Steadies the order of rare texts (LightGBM's name).
  // Early stopping: with a share above 0 (and below 1) so many rows, drawn by the seed, are held
  // back, and trees stop when the log-loss there has not fallen for early_stopping_rounds trees;
  // those up to the best one remain.
  double validation_fraction = 0;
  std::size_t early_stopping_rounds = 10;
};

base::Result<Trained> train_gradient_boosting(const TrainingSet& set,
                                              const GradientBoostingOptions& options = {},
                                              const LearnerSettings& settings = {},
                                              const Prepared* prepared = nullptr);
base::Result<Trained> train_gradient_boosting(const detail::BinnedSet& set,
                                              const GradientBoostingOptions& options = {},
                                              const LearnerSettings& settings = {});

}  // namespace learn

// SPDX-License-Identifier: Apache-2.0
// A random forest (Breiman 2001): decision trees on bootstrap samples that look at a few columns,
// drawn anew, for each split; the probability is the mean of the trees'.
//
// As learn/decision_tree.h, but a column of many texts has them ordered once for the whole forest,
// by their share of positive weight, and parted along that order: nearly as good as parting them
// anew in each node (Wright & König 2019), and it leaves few different sets to ask a row for.
//
// Where rows have weights, bootstrap samples are drawn in proportion to them and count every draw
// alike: a few heavy rows then make no more noise in a tree than many light ones.
#pragma once
#include <cstddef>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

namespace detail {
struct BinnedSet;
}
class Prepared;

// Named as in scikit-learn. A document grows by about half a kB for every leaf of every tree: for
// many rows raise min_samples_leaf.
struct RandomForestOptions {
  std::size_t n_estimators = 100;    // More: steadier probabilities, more to score.
  std::size_t max_features = 0;      // For each split; 0: the root of the number of columns.
  std::size_t max_depth = 0;         // 0: any.
  std::size_t max_leaf_nodes = 0;    // Of each tree; 0: any.
  std::size_t min_samples_leaf = 1;  // Different rows.
  bool bootstrap = true;             // false: every tree sees all rows.
};

base::Result<Trained> train_random_forest(const TrainingSet& set,
                                          const RandomForestOptions& options = {},
                                          const LearnerSettings& settings = {},
                                          const Prepared* prepared = nullptr);
base::Result<Trained> train_random_forest(const detail::BinnedSet& set,
                                          const RandomForestOptions& options = {},
                                          const LearnerSettings& settings = {});

}  // namespace learn

// SPDX-License-Identifier: Apache-2.0
// A decision tree by Gini impurity (Breiman, Friedman, Olshen & Stone 1984). All thresholds between
// neighbouring values are tried, of a column of more than 65,280 values so many. Single trees need
// them: forests and boosting even out what 254 bins blur.
//
// A missing value goes the way that parts the classes best; one where none was missing in training,
// the way of the greater part, and so does a text that training has not seen. Texts are parted into
// two sets. Importance: the share of the decrease of impurity, by weight.
#pragma once
#include <cstddef>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

namespace detail {
struct BinnedSet;
}
class Prepared;

// Named as in scikit-learn. Larger leaves and fewer of them: less overfitting, smaller documents.
struct DecisionTreeOptions {
  std::size_t max_depth = 0;         // In splits; 0: any.
  std::size_t max_leaf_nodes = 0;    // The splits that gain most are made first; 0: any.
  std::size_t min_samples_leaf = 1;  // Rows, whatever their weight.
  double min_weight_leaf = 0;        // Sum of weights.
  // Of a split, as a share of all weight.
  double min_impurity_decrease = 0;
  // Leaves say (positive weight + laplace) / (weight + 2 laplace): 0 for plain shares, 1 for the
  // rule of succession.
  double laplace = 0;
};

// Refuses rows that check() in learn/detail/binned.h refuses, columns that make_binned() refuses
// and options out of their ranges.
base::Result<Trained> train_decision_tree(const TrainingSet& set,
                                          const DecisionTreeOptions& options = {},
                                          const LearnerSettings& settings = {},
                                          const Prepared* prepared = nullptr);
// The same on columns that are binned already; exact where add_fine() has been there.
base::Result<Trained> train_decision_tree(const detail::BinnedSet& set,
                                          const DecisionTreeOptions& options = {},
                                          const LearnerSettings& settings = {});

}  // namespace learn

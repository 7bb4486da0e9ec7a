// SPDX-License-Identifier: Apache-2.0
// Support vector machine with the radial kernel exp(−γ|x − y|²), and its probabilities.
//
// The problem is LIBSVM's C-SVC (scikit-learn's SVC), each row's C times its weight; solved by
// sequential minimal optimisation (detail/radial_machine.h). Numeric columns are in standard
// deviations of the rows given, whatever their weights, which are costs and no distances (missing:
// the mean); text columns are one indicator of 0 or 1 for each value.
#pragma once
#include <cstddef>
#include <optional>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

struct RbfSvmOptions {
  double c = 1.0;
  // Nothing: relative_gamma over half the mean squared distance of two rows that train. With
  // numbers alone that is their count, as in scikit-learn's "scale"; a column of texts counts less,
  // the more so the more of its rows hold the same text.
  std::optional<double> gamma = {};
  // Nothing: ½, 1 or 2, whichever orders held-out rows best: by the mean AUC of three folds of
  // 2,000 rows at most.
  std::optional<double> relative_gamma = {};
  double tolerance = 1e-3;     // On the optimality conditions.
  std::size_t cache_mb = 256;  // For rows of the kernel matrix, in all threads together.
  // The cost grows with the square of the rows, in training, and with the rows in scoring. With
  // more, a sample is trained on: of each class in proportion.
  std::size_t most_rows = 10'000;
};

// Measures no importance. Probabilities: Platt's sigmoid (fit_sigmoid) of the decision values that
// three folds get from fits on the other two. The document chains the machine and a logit. Refuses
// c, gamma or tolerance ≤ 0, most_rows below 6, a class of fewer than three rows, and a set without
// a usable column.
base::Result<Trained> train_rbf_svm(const TrainingSet& set, const RbfSvmOptions& options,
                                    const LearnerSettings& settings);

}  // namespace learn

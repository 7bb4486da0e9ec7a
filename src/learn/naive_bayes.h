// SPDX-License-Identifier: Apache-2.0
// Naive Bayes: numeric columns are normal within each class, text columns have counts; given the
// class, columns know nothing of each other. Quick, and hard to overfit; its probabilities are too
// sure of themselves where columns repeat one another: calibrate them.
//
// A missing value, and a text that training has not seen, says nothing of the class, neither in
// training nor in the document.
#pragma once
#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

struct NaiveBayesOptions {
  double laplace = 1.0;  // Added to every count of a text within a class.
  // The share of a column's variance that is added to its variance within each class, so that a
  // column that is constant within a class does not decide alone: scikit-learn's GaussianNB after
  // StandardScaler. (Without that GaussianNB takes the largest variance of any column, and a column
  // of large numbers then drowns those of small ones.)
  double variance_smoothing = 1e-9;
};

// No density counts less than this, in the document as here: one outlier does not silence all other
// columns. (37 standard deviations from the mean.)
inline constexpr double kLeastDensity = 1e-300;

// Measures no importance (permutation_importance.h does). A column without a value in one of the
// classes is left out, with a note. Refuses laplace ≤ 0, variance_smoothing < 0, and a set without
// a usable column.
base::Result<Trained> train_naive_bayes(const TrainingSet& set, const NaiveBayesOptions& options,
                                        const LearnerSettings& settings);

}  // namespace learn

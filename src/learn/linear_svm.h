// SPDX-License-Identifier: Apache-2.0
// Linear support vector machine with the squared hinge loss, to its exact optimum, and its
// probabilities.
//
// Minimises over weights w and a free intercept b
//     ½‖w‖² + C · Σ_i s_i · max(0, 1 − y_i (b + w·x_i))²,   y_i = ±1, s_i the row's weight,
// LIBLINEAR's L2-regularised L2-loss problem and scikit-learn's LinearSVC, but that their intercept
// is penalised too. The solver is that of logistic_regression.h with the generalised Hessian
// (Keerthi & DeCoste 2005).
#pragma once
#include "base/result.h"
#include "learn/logistic_regression.h"
#include "learn/training_set.h"

namespace learn {

struct LinearSvmOptions {
  double c = 1.0;
  bool standardised_penalty = false;  // As in LogisticOptions.
  double tolerance = 1e-6;            // As in LogisticOptions.
  int max_iterations = 200;
  int threads = 2;
};

// Refuses what fit_logistic() refuses.
base::Result<LogisticFit> fit_linear_svm(const LogisticProblem& problem,
                                         const LinearSvmOptions& options = {});

// The learner; features and importance as train_logistic(). Probabilities: Platt's sigmoid
// (fit_sigmoid) of the decision values that three folds, dealt by the seed, get from fits on the
// other two; it is folded into the weights, so the document is a logistic regression's. Refuses a
// class of fewer than three rows.
base::Result<Trained> train_linear_svm(const TrainingSet& set, const LinearSvmOptions& options,
                                       const LearnerSettings& settings,
                                       const Prepared* prepared = nullptr);

}  // namespace learn

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
  PenaltyScale penalty_scale = PenaltyScale::kAsGiven;
  double tolerance = 1e-6;  // As in LogisticOptions.
  int max_iterations = 200;
  int threads = 2;
};

// Refuses what fit_logistic() refuses.
base::Result<LogisticFit> fit_linear_svm(const LogisticProblem& problem,
                                         const LinearSvmOptions& options = {});

// The learner; features and importance as train_logistic(). Probabilities: for each of three folds,
// dealt by the seed, a fit on the other two and Platt's sigmoid (fit_sigmoid) of its decision
// values on the fold; the mean of the three log-odds. That is scikit-learn's
// CalibratedClassifierCV(cv=3) but for the mean, which theirs takes of probabilities: this one is
// again linear, so the document is a logistic regression's. Rows that say nothing give slopes about
// 0, of either sign; one below 0 is told in a note. Refuses a class of fewer than three rows.
base::Result<Trained> train_linear_svm(const TrainingSet& set, const LinearSvmOptions& options,
                                       const LearnerSettings& settings,
                                       const Prepared* prepared = nullptr);

}  // namespace learn

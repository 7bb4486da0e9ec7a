// SPDX-License-Identifier: Apache-2.0
#include "learn/linear_svm.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "learn/detail/linear.h"
#include "learn/detail/minimise.h"
#include "learn/detail/out_of_fold.h"
#include "learn/detail/problem.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

constexpr double kFoldTolerance = 1e-4;  // Decision values need not be that exact.

base::Result<void> check(const LinearSvmOptions& options) {
  TRY(detail::check_positive("C", options.c));
  TRY(detail::check_positive("the tolerance", options.tolerance));
  if (options.max_iterations < 1) return base::input_error("max_iterations must be at least 1");
  return {};
}

detail::Objective objective_of(const LinearSvmOptions& options) {
  return {.loss = detail::Loss::kSquaredHinge,
          .c = options.c,
          .l1_ratio = 0,
          .standardised_penalty = options.standardised_penalty};
}

// Every row's decision value by the fit on the other folds. They begin where the fit of all rows
// ended, with two thirds of its curvature.
std::vector<double> out_of_fold_values(const LogisticProblem& problem,
                                       const LinearSvmOptions& options,
                                       std::span<const std::uint16_t> folds,
                                       const std::vector<detail::Moments>& moments,
                                       const detail::State& whole, int threads) {
  std::vector<double> values(problem.labels.size());
  std::vector<double> hessian = whole.hessian;
  for (double& value : hessian) value *= 1 - 1.0 / detail::kCalibrationFolds;
  for (int fold = 0; fold < detail::kCalibrationFolds; ++fold) {
    std::vector<double> weights(problem.labels.size(), 1);
    std::copy(problem.weights.begin(), problem.weights.end(), weights.begin());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (folds[i] == fold) weights[i] = 0;
    }
    const LogisticProblem others = {problem.features, problem.labels, weights};
    const detail::Standardised standardised(others, objective_of(options), threads, moments);
    detail::State state;
    state.u = whole.u;
    state.hessian = hessian;
    if (!hessian.empty()) state.preconditioner.emplace(hessian, standardised.dimension());
    detail::find_minimum(standardised, std::max(options.tolerance, kFoldTolerance),
                         options.max_iterations, state);
    std::vector<double> original;
    const double intercept = standardised.original(state.u, original);
    const std::vector<double> all = detail::decision_values(problem, intercept, original, threads);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (folds[i] == fold) values[i] = all[i];
    }
  }
  return values;
}

}  // namespace

base::Result<LogisticFit> fit_linear_svm(const LogisticProblem& problem,
                                         const LinearSvmOptions& options) {
  TRY(detail::check(problem));
  TRY(check(options));
  const detail::Standardised standardised(problem, objective_of(options), options.threads);
  detail::State state;
  detail::find_minimum(standardised, options.tolerance, options.max_iterations, state);
  return detail::to_fit(standardised, state);
}

base::Result<Trained> train_linear_svm(const TrainingSet& set, const LinearSvmOptions& options,
                                       const LearnerSettings& settings, const Prepared* prepared) {
  TRY(check(options));
  TRY_ASSIGN(const detail::Design design, detail::design_of(set, settings, prepared));
  TRY_ASSIGN(const std::vector<std::uint16_t> folds,
             detail::calibration_folds(set.labels->values, set.weights, settings.seed));
  const LogisticProblem problem = detail::problem_of(design, set);
  const std::vector<detail::Moments> moments = detail::moments_of(design, set, settings.threads);
  const detail::Standardised standardised(problem, objective_of(options), settings.threads,
                                          moments);
  detail::State state;
  detail::find_minimum(standardised, options.tolerance, options.max_iterations, state);
  const std::vector<double> values =
      out_of_fold_values(problem, options, folds, moments, state, settings.threads);

  Trained trained;
  trained.notes = detail::texts_of(design.notes);
  TRY_ASSIGN(const Sigmoid sigmoid,
             detail::calibrating_sigmoid(values, set.labels->values, set.weights, trained.notes));
  LogisticFit fit = detail::to_fit(standardised, state);
  for (double& weight : fit.weights) weight *= sigmoid.slope;
  fit.intercept = sigmoid.slope * fit.intercept + sigmoid.offset;
  trained.document = detail::to_document(design, fit, *set.labels, 0.5, settings.name,
                                         "linear support vector machine");
  trained.importance = detail::importance_of(design, state.u);
  if (!state.converged) trained.notes.push_back(detail::no_convergence(state));
  return trained;
}

}  // namespace learn

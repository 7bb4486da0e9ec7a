// SPDX-License-Identifier: Apache-2.0
#include "learn/linear_svm.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "learn/calibration.h"
#include "learn/detail/linear.h"
#include "learn/detail/minimise.h"
#include "learn/detail/out_of_fold.h"
#include "learn/detail/problem.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

constexpr double kStartTolerance = 1e-3;  // Where the fits without a fold begin need not be exact.

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
          .penalty_scale = options.penalty_scale};
}

// The rows without a fold: their weights.
std::vector<double> weights_without(int fold, std::span<const std::uint16_t> folds,
                                    std::span<const double> given) {
  std::vector<double> weights(folds.size(), 1);
  std::copy(given.begin(), given.end(), weights.begin());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (folds[i] == fold) weights[i] = 0;
  }
  return weights;
}

// The sigmoid of the fold's decision values, which come from a fit that has not seen it.
base::Result<Sigmoid> sigmoid_of(int fold, std::span<const std::uint16_t> folds,
                                 const LogisticProblem& problem,
                                 const std::vector<double>& values) {
  std::vector<double> held_values, held_weights;
  std::vector<std::uint8_t> held_labels;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] != fold) continue;
    held_values.push_back(values[i]);
    held_labels.push_back(problem.labels[i]);
    if (!problem.weights.empty()) held_weights.push_back(problem.weights[i]);
  }
  return fit_sigmoid({held_values, held_labels, held_weights});
}

// What the calibrated fits without each fold say together.
struct Committee {
  LogisticFit mean;          // Of their log-odds.
  std::vector<double> u;     // The same in standardised coordinates.
  int turned = 0;            // So many have a slope below 0.
  detail::State unfinished;  // The last that did not converge.
  bool converged = true;
};

base::Result<Committee> committee_of(const LogisticProblem& problem,
                                     const LinearSvmOptions& options,
                                     std::span<const std::uint16_t> folds,
                                     const std::vector<detail::Moments>& moments, int threads) {
  const detail::Standardised whole(problem, objective_of(options), threads, moments);
  detail::State start;
  detail::find_minimum(whole, std::max(options.tolerance, kStartTolerance), options.max_iterations,
                       start);
  // Two thirds of the rows have two thirds of the curvature.
  for (double& value : start.hessian) value *= 1 - 1.0 / detail::kCalibrationFolds;
  Committee committee;
  committee.u.assign(whole.dimension(), 0);
  for (int fold = 0; fold < detail::kCalibrationFolds; ++fold) {
    const std::vector<double> weights = weights_without(fold, folds, problem.weights);
    const LogisticProblem others = {problem.features, problem.labels, weights};
    const detail::Standardised standardised(others, objective_of(options), threads, moments);
    detail::State state;
    state.u = start.u;
    state.hessian = start.hessian;
    if (!state.hessian.empty()) state.preconditioner.emplace(state.hessian, whole.dimension());
    detail::find_minimum(standardised, options.tolerance, options.max_iterations, state);
    std::vector<double> original;
    const double intercept = standardised.original(state.u, original);
    TRY_ASSIGN(const Sigmoid sigmoid,
               sigmoid_of(fold, folds, problem,
                          detail::decision_values(problem, intercept, original, threads)));
    committee.turned += sigmoid.slope < 0 ? 1 : 0;
    for (std::size_t j = 0; j < committee.u.size(); ++j)
      committee.u[j] += sigmoid.slope * state.u[j] / detail::kCalibrationFolds;
    committee.u.back() += sigmoid.offset / detail::kCalibrationFolds;
    if (!state.converged) {
      committee.converged = false;
      committee.unfinished = std::move(state);
    }
  }
  committee.mean.intercept = whole.original(committee.u, committee.mean.weights);
  return committee;
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
  TRY_ASSIGN(const Committee committee,
             committee_of(problem, options, folds, moments, settings.threads));
  Trained trained;
  trained.notes = detail::texts_of(design.notes);
  trained.document = detail::to_document(design, committee.mean, *set.labels, 0.5, settings.name,
                                         "linear support vector machine");
  trained.importance = detail::importance_of(design, committee.u);
  if (committee.turned > 0) {
    trained.notes.push_back("of the fits on two thirds of the rows " +
                            std::to_string(committee.turned) + " of " +
                            std::to_string(detail::kCalibrationFolds) +
                            " ranked the other third worse than chance, and count the other way "
                            "round: there is little to learn from these rows");
  }
  if (!committee.converged) trained.notes.push_back(detail::no_convergence(committee.unfinished));
  return trained;
}

}  // namespace learn

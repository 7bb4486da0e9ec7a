// SPDX-License-Identifier: Apache-2.0
#include "learn/logistic_regression.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/check.h"
#include "base/number.h"
#include "learn/detail/linear.h"
#include "learn/detail/minimise.h"
#include "learn/detail/problem.h"
#include "learn/detail/standardised.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

base::Result<void> check(const LogisticOptions& options, std::size_t features) {
  TRY(detail::check_positive("C", options.c));
  TRY(detail::check_positive("the tolerance", options.tolerance));
  if (!(options.l1_ratio >= 0 && options.l1_ratio <= 1)) {
    return base::input_error("l1_ratio is " + base::format_double(options.l1_ratio) +
                             ": it lies between 0 and 1");
  }
  if (options.max_iterations < 1) return base::input_error("max_iterations must be at least 1");
  if (!options.start) return {};
  if (options.start->weights.size() != features) {
    return base::input_error("the start has " + std::to_string(options.start->weights.size()) +
                             " weights for " + std::to_string(features) + " features");
  }
  const bool finite =
      std::isfinite(options.start->intercept) &&
      std::ranges::all_of(options.start->weights, [](double w) { return std::isfinite(w); });
  if (!finite) return base::input_error("the start holds a weight that is not finite");
  return {};
}

detail::Objective objective_of(const LogisticOptions& options) {
  return {.loss = detail::Loss::kLogistic,
          .c = options.c,
          .l1_ratio = options.l1_ratio,
          .penalty_scale = options.penalty_scale};
}

detail::State solve(const detail::Standardised& problem, const LogisticOptions& options) {
  detail::State state;
  if (options.start)
    state.u = problem.coordinates(options.start->intercept, options.start->weights);
  detail::find_minimum(problem, options.tolerance, options.max_iterations, state);
  return state;
}

}  // namespace

base::Result<LogisticFit> fit_logistic(const LogisticProblem& problem,
                                       const LogisticOptions& options) {
  TRY(detail::check(problem));
  TRY(check(options, problem.features.size()));
  const detail::Standardised standardised(problem, objective_of(options), options.threads);
  return detail::to_fit(standardised, solve(standardised, options));
}

base::Result<Trained> train_logistic(const TrainingSet& set, const LogisticOptions& options,
                                     const LearnerSettings& settings, const Prepared* prepared) {
  TRY_ASSIGN(const detail::Design design, detail::design_of(set, settings, prepared));
  TRY(check(options, design.features.size()));
  const LogisticProblem problem = detail::problem_of(design, set);
  const detail::Standardised standardised(problem, objective_of(options), settings.threads,
                                          detail::moments_of(design, set, settings.threads));
  const detail::State state = solve(standardised, options);
  Trained trained;
  trained.document = detail::to_document(design, detail::to_fit(standardised, state), *set.labels,
                                         0.5, settings.name);
  trained.importance = detail::importance_of(design, state.u);
  trained.notes = detail::texts_of(design.notes);
  if (!state.converged) trained.notes.push_back(detail::no_convergence(state));
  return trained;
}

double logistic_objective(const LogisticProblem& problem, double c, double intercept,
                          std::span<const double> weights) {
  CHECK(weights.size() == problem.features.size());
  double loss = 0, penalty = 0;
  for (std::size_t i = 0; i < problem.labels.size(); ++i) {
    double z = intercept;
    for (std::size_t j = 0; j < weights.size(); ++j) {
      z += weights[j] *
           std::visit([i](const auto& values) { return static_cast<double>(values[i]); },
                      problem.features[j]);
    }
    const double margin = problem.labels[i] != 0 ? z : -z;
    const double row =
        margin > 0 ? std::log1p(std::exp(-margin)) : -margin + std::log1p(std::exp(margin));
    loss += (problem.weights.empty() ? 1 : problem.weights[i]) * row;
  }
  for (const double w : weights) penalty += w * w;
  return 0.5 * penalty + c * loss;
}

}  // namespace learn

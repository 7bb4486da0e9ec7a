// SPDX-License-Identifier: Apache-2.0
// What the linear learners share: a training set as a problem for the solver, and the fit as a
// document.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/detail/design.h"
#include "learn/detail/minimise.h"
#include "learn/detail/standardised.h"
#include "learn/logistic_regression.h"
#include "learn/prepared.h"
#include "learn/training_set.h"

namespace learn::detail {

// The set's features: made now, or the set's part of those prepared.
base::Result<Design> design_of(const TrainingSet& set, const LearnerSettings& settings,
                               const Prepared* prepared);

// The problem borrows from the design and the set. Moments that are known hold for rows without
// weights.
LogisticProblem problem_of(const Design& design, const TrainingSet& set);
std::vector<Moments> moments_of(const Design& design, const TrainingSet& set, int threads);

// The fit of a state that find_minimum() left.
LogisticFit to_fit(const Standardised& problem, const State& state);

// intercept + weights·x of every row.
std::vector<double> decision_values(const LogisticProblem& problem, double intercept,
                                    std::span<const double> weights, int threads);

std::string no_convergence(const State& state);

// One for each of the columns: the sum of |coordinate| over its features, as shares.
std::vector<Importance> importance_of(const Design& design, std::span<const double> coordinates);

}  // namespace learn::detail

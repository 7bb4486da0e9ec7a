// SPDX-License-Identifier: Apache-2.0
// The three tree learners before they become documents. The sets and options have been checked.
#pragma once
#include <string>
#include <vector>

#include "learn/decision_tree.h"
#include "learn/detail/binned.h"
#include "learn/detail/histogram.h"
#include "learn/detail/tree.h"
#include "learn/gradient_boosting.h"
#include "learn/random_forest.h"

namespace learn::detail {

Ensemble fit_decision_tree(const BinnedSet& set, const DecisionTreeOptions& options,
                           const LearnerSettings& settings);
Ensemble fit_random_forest(const BinnedSet& set, const RandomForestOptions& options,
                           const LearnerSettings& settings);
// Adds a note where it stopped early.
Ensemble fit_gradient_boosting(const BinnedSet& set, const GradientBoostingOptions& options,
                               const LearnerSettings& settings, std::vector<std::string>& notes);

// For weights up to the largest one given: pulls are whole numbers of these units.
Units units_for(std::size_t rows, double largest);

// The rows of positive weight.
std::vector<std::uint32_t> rows_of(const BinnedSet& set);

// Each row's weight on the positive class and its weight; `times`, if not empty, says how often a
// row counts.
std::vector<Pull> weights_as_pulls(const BinnedSet& set, std::span<const std::uint16_t> times,
                                   Units& units);

}  // namespace learn::detail

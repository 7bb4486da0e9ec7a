// SPDX-License-Identifier: Apache-2.0
// Preconditioned L-BFGS on the standardised objective.
#pragma once
#include <optional>
#include <vector>

#include "learn/detail/preconditioner.h"
#include "learn/detail/standardised.h"

namespace learn::detail {

struct Stage {
  Sample gradient_rows;     // Which rows make up the objective.
  Sample hessian_rows;      // Which rows the curvature is taken on.
  double tolerance = 1e-7;  // On the gradient norm.
  int max_iterations = 200;
};

struct State {
  std::vector<double> u;  // Where the search begins, and ends.
  std::optional<Preconditioner>
      preconditioner;           // Of an earlier stage; made anew when it serves badly.
  std::vector<double> hessian;  // What it was made of; empty where that was the diagonal only.
  double value = 0;
  double gradient_norm =
      0;               // The largest slope along a standardised coordinate, relative to the value.
  int iterations = 0;  // These two add up over stages.
  int hessians = 0;
  bool converged = false;
};

// Of the smooth part alone: for objectives without an L1 part.
void minimise(const Standardised& problem, const Stage& stage, State& state);

// Which rows are enough for the curvature: with r rows for each feature a Newton step leaves about
// 2/√r of the gradient.
Sample hessian_sample(const Standardised& problem);

// The minimum of the whole objective, by way of a sample where there are many rows. Begins at
// state.u if that is set, then with what else the state holds, without the sample.
void find_minimum(const Standardised& problem, double tolerance, int max_iterations, State& state);

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/linear.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/number.h"
#include "learn/detail/kernels.h"
#include "learn/detail/parallel.h"
#include "learn/detail/problem.h"

namespace learn::detail {

base::Result<Design> design_of(const TrainingSet& set, const LearnerSettings& settings,
                               const Prepared* prepared) {
  TRY(check(set));
  if (prepared != nullptr) {
    TRY_ASSIGN(const Design* const design, prepared->design());
    return part_of(*design, set.columns);
  }
  return make_design(set.columns, settings.most_categories);
}

LogisticProblem problem_of(const Design& design, const TrainingSet& set) {
  return {.features = design.features, .labels = set.labels->values, .weights = set.weights};
}

std::vector<Moments> moments_of(const Design& design, const TrainingSet& set, int threads) {
  if (set.weights.empty() && !design.moments.empty()) return design.moments;
  return measure(design.features, set.weights, threads);
}

LogisticFit to_fit(const Standardised& problem, const State& state) {
  LogisticFit fit;
  fit.intercept = problem.original(state.u, fit.weights);
  fit.objective = state.value;
  fit.gradient_norm = state.gradient_norm;
  fit.iterations = state.iterations;
  fit.hessians = state.hessians;
  fit.converged = state.converged;
  return fit;
}

std::vector<double> decision_values(const LogisticProblem& problem, double intercept,
                                    std::span<const double> weights, int threads) {
  constexpr std::size_t kRows = 4096;  // Of a piece; its values stay in the cache.
  const std::size_t rows = problem.labels.size();
  std::vector<double> values(rows, intercept);
  for_each_piece((rows + kRows - 1) / kRows, threads, [&](std::size_t piece) {
    const std::size_t first = piece * kRows, n = std::min(kRows, rows - first);
    for (std::size_t j = 0; j < weights.size(); ++j) {
      if (const auto* bytes = std::get_if<0>(&problem.features[j])) {
        kernels().add_bytes(bytes->data() + first, weights[j], &values[first], n);
      } else if (const auto* doubles = std::get_if<1>(&problem.features[j])) {
        kernels().add_doubles(doubles->data() + first, weights[j], &values[first], n);
      } else {
        const Indicator& indicator = std::get<Indicator>(problem.features[j]);
        for (std::size_t i = first; i < first + n; ++i) values[i] += weights[j] * indicator[i];
      }
    }
  });
  return values;
}

std::string no_convergence(const State& state) {
  return "the solver stopped after " + std::to_string(state.iterations) +
         " steps before its optimum: the largest slope is " +
         base::format_double(state.gradient_norm) + " of the objective";
}

std::vector<Importance> importance_of(const Design& design, std::span<const double> coordinates) {
  std::vector<double> of_input(design.inputs.size(), 0);
  double all = 0;
  for (std::size_t j = 0; j < design.meanings.size(); ++j) {
    of_input[design.meanings[j].input] += std::fabs(coordinates[j]);
    all += std::fabs(coordinates[j]);
  }
  std::unordered_map<std::string, double> share;
  for (std::size_t i = 0; i < of_input.size(); ++i)
    share[design.inputs[i].column] = all > 0 ? of_input[i] / all : 0;
  std::vector<Importance> importance;
  for (const data::Column* column : design.columns)
    importance.push_back({column->name(), share[column->name()]});
  return importance;
}

}  // namespace learn::detail

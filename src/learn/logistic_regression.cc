// SPDX-License-Identifier: Apache-2.0
#include "learn/logistic_regression.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/check.h"
#include "base/number.h"
#include "learn/detail/minimise.h"
#include "learn/detail/standardised.h"

namespace learn {
namespace {

// Rows for the curvature: with r rows for each feature a Newton step leaves about 2/√r of the
// gradient.
constexpr std::size_t kHessianRowsPerFeature = 300;
constexpr std::size_t kLeastHessianRows = 32'768;

base::Result<void> validate(const LogisticProblem& problem, const LogisticOptions& options) {
  const std::size_t rows = problem.labels.size();
  for (std::size_t j = 0; j < problem.features.size(); ++j) {
    const std::size_t size =
        std::visit([](const auto& values) { return values.size(); }, problem.features[j]);
    if (size != rows) {
      return base::input_error("feature " + std::to_string(j + 1) + " has " + std::to_string(size) +
                               " values for " + std::to_string(rows) + " labels");
    }
    const auto* doubles = std::get_if<1>(&problem.features[j]);
    if (doubles == nullptr) continue;
    const auto at = std::find_if_not(doubles->begin(), doubles->end(),
                                     [](double v) { return std::isfinite(v); });
    if (at != doubles->end()) {
      return base::input_error("feature " + std::to_string(j + 1) + " is not finite in row " +
                               std::to_string(at - doubles->begin() + 1));
    }
  }
  if (!problem.weights.empty() && problem.weights.size() != rows) {
    return base::input_error(std::to_string(problem.weights.size()) + " weights for " +
                             std::to_string(rows) + " labels");
  }
  double weight_of[2] = {0, 0};
  for (std::size_t i = 0; i < rows; ++i) {
    const double weight = problem.weights.empty() ? 1 : problem.weights[i];
    if (problem.labels[i] > 1)
      return base::input_error("the label of row " + std::to_string(i + 1) + " is not 0 or 1");
    if (!(weight >= 0) || std::isinf(weight)) {
      return base::input_error("the weight of row " + std::to_string(i + 1) + " is " +
                               base::format_double(weight) +
                               ": it must be finite and not negative");
    }
    weight_of[problem.labels[i]] += weight;
  }
  if (weight_of[0] == 0 || weight_of[1] == 0) {
    return base::input_error("all labels are of one class: there is nothing to tell apart");
  }
  if (!(options.c > 0) || std::isinf(options.c)) {
    return base::input_error("C is " + base::format_double(options.c) +
                             ": it must be finite and above 0");
  }
  if (!(options.tolerance > 0) || std::isinf(options.tolerance)) {
    return base::input_error("the tolerance is " + base::format_double(options.tolerance) +
                             ": it must be above 0");
  }
  if (options.max_iterations < 1) return base::input_error("max_iterations must be at least 1");
  return {};
}

}  // namespace

base::Result<LogisticFit> fit_logistic(const LogisticProblem& problem,
                                       const LogisticOptions& options) {
  TRY(validate(problem, options));
  const detail::Standardised standardised(problem, options.c, options.threads);
  const std::size_t wanted =
      std::max(kLeastHessianRows, kHessianRowsPerFeature * standardised.dimension()) /
      detail::kBlockRows;
  const detail::Sample sample{.stride = std::max<std::size_t>(1, standardised.blocks() / wanted)};

  detail::State state;
  state.u = standardised.start();
  if (sample.stride > 1) {
    // On a sample first: it comes close to the optimum for a fraction of the work. Precisely there
    // is not worth it.
    detail::minimise(
        standardised,
        {.gradient_rows = sample, .hessian_rows = sample, .tolerance = 1e-3, .max_iterations = 20},
        state);
    std::vector<double> gradient;
    const std::vector<double> origin = standardised.start();
    if (!(standardised.evaluate(state.u, {}, gradient) <
          standardised.evaluate(origin, {}, gradient)))
      state.u = origin;
    state.preconditioner.reset();
  }
  detail::minimise(standardised,
                   {.gradient_rows = {},
                    .hessian_rows = sample,
                    .tolerance = options.tolerance,
                    .max_iterations = options.max_iterations},
                   state);
  LogisticFit fit;
  fit.intercept = standardised.original(state.u, fit.weights);
  fit.objective = state.value;
  fit.gradient_norm = state.gradient_norm;
  fit.iterations = state.iterations;
  fit.hessians = state.hessians;
  fit.converged = state.converged;
  return fit;
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

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/problem.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/number.h"

namespace learn::detail {

base::Result<void> check_positive(const std::string& what, double value) {
  if (value > 0 && std::isfinite(value)) return {};
  return base::input_error(what + " is " + base::format_double(value) +
                           ": it must be finite and above 0");
}

base::Result<void> check_weights(std::span<const std::uint8_t> labels,
                                 std::span<const double> weights) {
  if (!weights.empty() && weights.size() != labels.size()) {
    return base::input_error(std::to_string(weights.size()) + " weights for " +
                             std::to_string(labels.size()) + " labels");
  }
  double weight_of[2] = {0, 0};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (labels[i] > 1)
      return base::input_error("the label of row " + std::to_string(i + 1) + " is not 0 or 1");
    if (!(weight >= 0) || std::isinf(weight)) {
      return base::input_error("the weight of row " + std::to_string(i + 1) + " is " +
                               base::format_double(weight) +
                               ": it must be finite and not negative");
    }
    weight_of[labels[i]] += weight;
  }
  if (weight_of[0] == 0 || weight_of[1] == 0) {
    return base::input_error("all labels are of one class: there is nothing to tell apart");
  }
  if (std::isinf(weight_of[0]) || std::isinf(weight_of[1]))
    return base::input_error("the weights add up to more than a double holds");
  return {};
}

base::Result<void> check(const LogisticProblem& problem) {
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
  return check_weights(problem.labels, problem.weights);
}

base::Result<void> check(const TrainingSet& set) {
  CHECK(set.labels != nullptr);
  const std::size_t rows = set.labels->values.size();
  for (const data::Column* column : set.columns) {
    if (column->size() != rows) {
      return base::input_error("column '" + column->name() + "' has " +
                               std::to_string(column->size()) + " values for " +
                               std::to_string(rows) + " labels");
    }
  }
  return check_weights(set.labels->values, set.weights);
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <span>

#include "pmml/interpret/field_number.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

// What the data explain of the variance at a point: the squared length of the solution of
// factor v = k.
double explained_variance(const Matrix& factor, std::vector<double> k) {
  double sum = 0;
  for (std::size_t i = 0; i < k.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) k[i] -= factor.at(i, j) * k[j];
    k[i] /= factor.at(i, i);
    sum += k[i] * k[i];
  }
  return sum;
}

}  // namespace

// «GaussianProcess»: with k the covariances of the row with the points and C those of the points
// plus noise, the mean is k' C⁻¹ y and the variance k(x, x) - k' C⁻¹ k plus noise, whose root is
// the standard error.
Outcome evaluate_body(const GaussianProcessModel& body, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  std::vector<double> x;
  for (const auto& input : body.inputs) {
    const auto number = number_of(input.field, scope);
    if (!number) return outcome;
    x.push_back(*number);
  }
  const std::span<const double> points(body.points.values);
  std::vector<double> k;
  for (std::size_t row = 0; row < body.points.rows; ++row)
    k.push_back(covariance(body.kernel, x, points.subspan(row * x.size(), x.size())));
  for (std::size_t i = 0; i < k.size(); ++i) outcome.number += k[i] * body.weights[i];
  outcome.missing = std::isnan(outcome.number);
  if (outcome.missing) return outcome;
  const double variance = covariance(body.kernel, x, x) -
                          explained_variance(body.factor, std::move(k)) +
                          body.kernel.noise_variance;
  outcome.standard_error = std::sqrt(std::max(variance, 0.0));
  return outcome;
}

}  // namespace pmml

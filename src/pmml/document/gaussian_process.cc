// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/gaussian_process.h"

#include <cmath>

namespace pmml {

double covariance(const CovarianceKernel& kernel, std::span<const double> x,
                  std::span<const double> z) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = std::abs(x[i] - z[i]) / kernel.lambda[i];
    switch (kernel.type) {
      case CovarianceKernel::Type::kRadialBasis:
      case CovarianceKernel::Type::kArdSquaredExponential:
        sum += 0.5 * d * d;
        break;
      case CovarianceKernel::Type::kAbsoluteExponential:
        sum += d;
        break;
      case CovarianceKernel::Type::kGeneralizedExponential:
        sum += std::pow(d, kernel.degree);
        break;
    }
  }
  return kernel.gamma * std::exp(-sum);
}

bool factorize(GaussianProcessModel& model) {
  const std::size_t n = model.points.rows;
  const std::span<const double> points(model.points.values);
  const std::size_t width = model.points.columns;
  const auto point = [&](std::size_t i) { return points.subspan(i * width, width); };
  model.factor = {n, n, std::vector<double>(n * n, 0)};
  auto& lower = model.factor.values;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = covariance(model.kernel, point(i), point(j));
      if (i == j) sum += model.kernel.noise_variance;
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i * n + k] * lower[j * n + k];
      if (i == j && !(sum > 0)) return false;
      lower[i * n + j] = i == j ? std::sqrt(sum) : sum / lower[j * n + j];
    }
  }
  // Forward, then backward substitution.
  model.weights = model.responses;
  auto& w = model.weights;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) w[i] -= lower[i * n + k] * w[k];
    w[i] /= lower[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) w[i] -= lower[k * n + i] * w[k];
    w[i] /= lower[i * n + i];
  }
  return true;
}

}  // namespace pmml

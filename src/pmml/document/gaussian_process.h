// SPDX-License-Identifier: Apache-2.0
// GaussianProcessModel (PMML 4.4 «GaussianProcess»): a regression with zero mean.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "pmml/document/matrix.h"

namespace pmml {

// The covariance of the function at two points; d is their difference, l the length scales. The
// formulas follow the authors' published exporter of the ARD kernel; the chapter's own page was not
// at hand for the other three.
struct CovarianceKernel {
  enum class Type {
    kRadialBasis,            // gamma exp(-|d|² / (2 l²)), one length scale for all inputs
    kArdSquaredExponential,  // gamma exp(-sum of (d[i] / l[i])² / 2)
    kAbsoluteExponential,    // gamma exp(-sum of |d[i]| / l[i])
    kGeneralizedExponential  // gamma exp(-sum of (|d[i]| / l[i]) ^ degree)
  };
  Type type = Type::kRadialBasis;
  double gamma = 1;
  double noise_variance = 1;
  double degree = 1;
  std::vector<double> lambda = {};  // One per input.
  bool operator==(const CovarianceKernel&) const = default;
};

[[nodiscard]] double covariance(const CovarianceKernel& kernel, std::span<const double> x,
                                std::span<const double> z);

struct GaussianProcessModel {
  // One column of the training table.
  struct Instance {
    std::string field = {};
    std::string column = {};
    bool operator==(const Instance&) const = default;
  };
  CovarianceKernel kernel = {};
  bool is_transformed = false;
  std::vector<Instance> inputs = {};
  Instance target = {};
  Matrix points = {};  // A row per training record, a column per input.
  std::vector<double> responses = {};
  // What factorize() makes of the above: the lower Cholesky factor of the covariance matrix of the
  // points plus noise, row by row, and the solution of that matrix times weights = responses.
  Matrix factor = {};
  std::vector<double> weights = {};
  bool operator==(const GaussianProcessModel&) const = default;
};

// A factor costs the cube of the points in time and the square in memory.
inline constexpr std::size_t kMaxGaussianProcessPoints = 2000;

// Fills factor and weights; false where the covariance matrix is not positive definite.
[[nodiscard]] bool factorize(GaussianProcessModel& model);

}  // namespace pmml

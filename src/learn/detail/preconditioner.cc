// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/preconditioner.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <utility>

namespace learn::detail {

struct Preconditioner::Factor {
  Eigen::LLT<Eigen::MatrixXd> cholesky;
};

Preconditioner::Preconditioner(Preconditioner&&) noexcept = default;
Preconditioner& Preconditioner::operator=(Preconditioner&&) noexcept = default;
Preconditioner::~Preconditioner() = default;

Preconditioner::Preconditioner(std::vector<double> diagonal)
    : inverse_diagonal_(std::move(diagonal)) {
  const double size = *std::max_element(inverse_diagonal_.begin(), inverse_diagonal_.end());
  for (double& value : inverse_diagonal_) value = 1 / std::max(value, 1e-12 * size + 1e-300);
}

Preconditioner::Preconditioner(std::span<const double> hessian, std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  // The lower triangle, row by row, is the upper one of a matrix that is stored column by column.
  Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd>(hessian.data(), d, d).transpose();
  // A Hessian in single precision may miss being positive definite by a rounding: lift its diagonal
  // until it is.
  const double size = matrix.diagonal().cwiseAbs().maxCoeff();
  for (double lift = 1e-12; lift < 1; lift *= 100) {
    matrix.diagonal().array() += lift * size;
    auto factor = std::make_unique<Factor>();
    factor->cholesky.compute(matrix);
    if (factor->cholesky.info() != Eigen::Success) continue;
    factor_ = std::move(factor);
    return;
  }
  std::vector<double> diagonal(dimension);
  for (std::size_t j = 0; j < dimension; ++j) diagonal[j] = hessian[j * dimension + j];
  *this = Preconditioner(std::move(diagonal));
}

void Preconditioner::apply(std::span<double> v) const {
  if (factor_ != nullptr) {
    Eigen::Map<Eigen::VectorXd> vector(v.data(), static_cast<Eigen::Index>(v.size()));
    factor_->cholesky.solveInPlace(vector);
    return;
  }
  for (std::size_t j = 0; j < v.size(); ++j) v[j] *= inverse_diagonal_[j];
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/preconditioner.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>

namespace learn::detail {

struct Preconditioner::Factor {
  Eigen::LLT<Eigen::MatrixXd> cholesky;
};

Preconditioner::Preconditioner(Preconditioner&&) noexcept = default;
Preconditioner& Preconditioner::operator=(Preconditioner&&) noexcept = default;
Preconditioner::~Preconditioner() = default;

Preconditioner::Preconditioner(const Standardised& problem, std::span<const double> u,
                               const Sample& sample) {
  const auto d = static_cast<Eigen::Index>(problem.dimension());
  if (problem.dimension() <= kMostCholeskyColumns + 1) {
    const std::vector<double> sums = problem.hessian(u, sample);
    // The lower triangle, row by row, is the upper one of a matrix that is stored column by column.
    Eigen::MatrixXd hessian = Eigen::Map<const Eigen::MatrixXd>(sums.data(), d, d).transpose();
    // A Hessian in single precision may miss being positive definite by a rounding: lift its
    // diagonal until it is.
    const double size = hessian.diagonal().cwiseAbs().maxCoeff();
    for (double lift = 1e-12; lift < 1; lift *= 100) {
      hessian.diagonal().array() += lift * size;
      auto factor = std::make_unique<Factor>();
      factor->cholesky.compute(hessian);
      if (factor->cholesky.info() != Eigen::Success) continue;
      factor_ = std::move(factor);
      return;
    }
  }
  inverse_diagonal_ = problem.hessian_diagonal(u, sample);
  const double size = *std::max_element(inverse_diagonal_.begin(), inverse_diagonal_.end());
  for (double& value : inverse_diagonal_) value = 1 / std::max(value, 1e-12 * size + 1e-300);
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

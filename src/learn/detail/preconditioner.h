// SPDX-License-Identifier: Apache-2.0
// An approximate inverse of the Hessian: what makes all directions about equally steep.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "learn/detail/standardised.h"

namespace learn::detail {

class Preconditioner {
 public:
  // Of a matrix as Standardised::hessian() gives it; if it cannot be factored, of its diagonal.
  Preconditioner(std::span<const double> hessian, std::size_t dimension);
  explicit Preconditioner(std::vector<double> diagonal);
  Preconditioner(Preconditioner&&) noexcept;
  Preconditioner& operator=(Preconditioner&&) noexcept;
  ~Preconditioner();

  // v becomes H⁻¹ v.
  void apply(std::span<double> v) const;

 private:
  struct Factor;
  std::unique_ptr<Factor> factor_;  // Nothing: the diagonal.
  std::vector<double> inverse_diagonal_;
};

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// The support vector machine with the radial kernel exp(−γ|x − y|²): its dual problem by sequential
// minimal optimisation.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace learn::detail {

// Rows in single precision, feature by feature, each padded with zeros to a multiple of 16 rows and
// the features to a multiple of 4.
class Points {
 public:
  Points(std::size_t rows, std::size_t features);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t features() const { return features_; }
  [[nodiscard]] std::size_t padded_rows() const { return padded_; }
  [[nodiscard]] float& at(std::size_t row, std::size_t feature) {
    return values_[feature * padded_ + row];
  }
  [[nodiscard]] float at(std::size_t row, std::size_t feature) const {
    return values_[feature * padded_ + row];
  }
  // To be called when all values are there.
  void measure();
  [[nodiscard]] Points take(std::span<const std::uint32_t> rows) const;
  // kernel[i] = exp(−gamma |x_i − x|²) for all rows i (padded_rows() places), x the row `row` of
  // `other`, which has the same features.
  void kernel_row(const Points& other, std::size_t row, float gamma, float* kernel) const;

 private:
  std::size_t rows_, features_, padded_, padded_features_;
  std::vector<float> values_, squares_;
};

struct MachineProblem {
  const Points* points = nullptr;
  std::span<const std::uint8_t> labels;  // 0 or 1; both occur.
  std::span<const double> costs;         // The most that each row's coefficient can be; above 0.
  double gamma = 1;
  double tolerance = 1e-3;                         // On the optimality conditions, as LIBSVM's.
  std::size_t cache_bytes = std::size_t{1} << 27;  // For rows of the kernel matrix.
};

struct Machine {
  std::vector<double> coefficients;  // y_i alpha_i of each row; 0 for rows that are no vectors.
  double bias = 0;                   // The value is Σ coefficients K + bias.
  std::size_t steps = 0;
  bool converged = false;  // False: 100 steps a row and ten million are over, or no step moves.
};

// Least ½ α'Qα − Σα, 0 ≤ α ≤ cost, Σyα = 0 (Platt 1998), with pairs chosen by second-order
// information (Fan, Chen & Lin 2005, working set selection 2).
Machine solve(const MachineProblem& problem);

// The value for every row of `points`.
std::vector<double> machine_values(const Machine& machine, const Points& vectors,
                                   const Points& points, double gamma, int threads);

}  // namespace learn::detail

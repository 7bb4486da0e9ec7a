// SPDX-License-Identifier: Apache-2.0
// The objective of logistic_regression.h as a function of standardised coefficients: its value,
// gradient and Hessian, summed over blocks of rows. Coordinates u: u[j] belongs to (x_j − mean_j) /
// deviation_j, the last one is the intercept. The data stay as they are; only coefficients are
// converted.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/logistic_regression.h"

namespace learn::detail {

inline constexpr std::size_t kBlockRows = 512;  // Two Hessian tiles.

// Every stride-th block of rows stands for all: its sums count stride times.
struct Sample {
  std::size_t stride = 1;
};

class Standardised {
 public:
  // The problem must outlive this and have been validated.
  Standardised(const LogisticProblem& problem, double c, int threads);

  [[nodiscard]] std::size_t dimension() const { return features_ + 1; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }

  // Returns the value and writes the gradient.
  double evaluate(std::span<const double> u, const Sample& sample,
                  std::vector<double>& gradient) const;
  // The full matrix, dimension × dimension, row by row; only k ≤ j is set.
  [[nodiscard]] std::vector<double> hessian(std::span<const double> u, const Sample& sample) const;
  [[nodiscard]] std::vector<double> hessian_diagonal(std::span<const double> u,
                                                     const Sample& sample) const;

  // Coefficients on the original scale; returns the intercept.
  double original(std::span<const double> u, std::vector<double>& weights) const;
  // The coordinates with all weights 0 and the intercept that fits the share of positives.
  [[nodiscard]] std::vector<double> start() const;

 private:
  struct Block;
  void measure_features(int threads);
  [[nodiscard]] std::size_t sampled_blocks(const Sample& sample) const;
  void margins(std::span<const double> weights, double intercept, std::size_t first, std::size_t n,
               double* z) const;
  void block_residuals(std::span<const double> weights, double intercept, std::size_t first,
                       std::size_t n, Block& block) const;
  void add_block_gradient(std::size_t first, std::size_t n, const double* residual,
                          double* sums) const;
  void fill_tile(std::size_t first, std::size_t n, const float* root_curvature, float* tile) const;

  const LogisticProblem& problem_;
  const double c_;
  const int threads_;
  const std::size_t rows_;
  const std::size_t features_;
  std::vector<double> mean_, deviation_;
  std::vector<double> penalty_;        // 1 / deviation², 0 for the intercept.
  std::vector<std::size_t> by_fours_;  // First of every four byte features that are read together.
  std::vector<std::size_t> singly_;
  double total_weight_ = 0;
  double positive_weight_ = 0;
};

}  // namespace learn::detail

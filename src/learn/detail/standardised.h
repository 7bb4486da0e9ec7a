// SPDX-License-Identifier: Apache-2.0
// The smooth part of a linear classifier's objective as a function of standardised coefficients:
// its value, gradient and Hessian, summed over blocks of rows. Coordinates u: u[j] belongs to
// (x_j − mean_j) / deviation_j, the last one is the intercept. The data stay as they are; only
// coefficients are converted.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/detail/indicators.h"
#include "learn/detail/moments.h"
#include "learn/logistic_regression.h"

namespace learn::detail {

inline constexpr std::size_t kBlockRows = 512;  // Two Hessian tiles.

// Every stride-th block of rows stands for all: its sums count stride times.
struct Sample {
  std::size_t stride = 1;
};

enum class Loss {
  kLogistic,      // log(1 + exp(−y z))
  kSquaredHinge,  // max(0, 1 − y z)²; its curvature is the generalised one, 2 where y z < 1.
};

// (1 − l1_ratio)/2 ‖w‖² + l1_ratio ‖w‖₁ + c Σ s_i loss_i, without the second term.
struct Objective {
  Loss loss = Loss::kLogistic;
  double c = 1;
  double l1_ratio = 0;
  PenaltyScale penalty_scale = PenaltyScale::kAsGiven;  // Of w; kDeviations: of u.
};

class Standardised {
 public:
  // The problem must outlive this and have been validated. Without `moments`, one for each feature,
  // they are measured.
  Standardised(const LogisticProblem& problem, const Objective& objective, int threads,
               std::vector<Moments> moments = {});

  [[nodiscard]] std::size_t dimension() const { return features_ + 1; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }

  // Returns the value and writes the gradient.
  double evaluate(std::span<const double> u, const Sample& sample,
                  std::vector<double>& gradient) const;
  // The full matrix, dimension × dimension, row by row; only k ≤ j is set.
  [[nodiscard]] std::vector<double> hessian(std::span<const double> u, const Sample& sample) const;
  // That of some features and the intercept, which comes last.
  [[nodiscard]] std::vector<double> hessian(std::span<const double> u, const Sample& sample,
                                            std::span<const std::size_t> features) const;
  [[nodiscard]] std::vector<double> hessian_diagonal(std::span<const double> u,
                                                     const Sample& sample) const;

  // Coefficients on the original scale; returns the intercept.
  double original(std::span<const double> u, std::vector<double>& weights) const;
  // The other way round.
  [[nodiscard]] std::vector<double> coordinates(double intercept,
                                                std::span<const double> weights) const;
  // What |u[j]| costs: 0 for the intercept, and for all where the penalty has no such part.
  [[nodiscard]] std::span<const double> l1() const { return l1_; }
  // The coordinates with all weights 0 and the intercept that fits the share of positives.
  [[nodiscard]] std::vector<double> start() const;

 private:
  // On the original scale.
  struct Coefficients {
    std::vector<double> weights;
    double intercept = 0;
    std::vector<double> of_slot;  // The weights of indicators again, by their slots.
  };
  struct Block {
    explicit Block(const IndicatorSlots& indicators)
        : slots(indicators.columns() * kBlockRows, 0) {}
    alignas(64) std::array<double, kBlockRows> z{}, y{}, residual{}, loss{}, curvature{};
    std::vector<std::uint32_t> slots;  // As IndicatorSlots::find() gives them.
  };
  struct CurvatureSums;

  [[nodiscard]] std::size_t sampled_blocks(const Sample& sample) const;
  [[nodiscard]] Coefficients coefficients(std::span<const double> u) const;
  void margins(const Coefficients& coefficients, std::size_t first, std::size_t n,
               Block& block) const;
  void block_residuals(const Coefficients& coefficients, std::size_t first, std::size_t n,
                       Block& block) const;
  // Of features that are no indicators to `sums`, of those to `slot_sums`.
  void add_block_gradient(std::size_t first, std::size_t n, const Block& block, double* sums,
                          double* slot_sums) const;
  void fill_tile(std::span<const std::size_t> features, std::size_t first, std::size_t n,
                 const float* root_curvature, float* tile) const;
  [[nodiscard]] CurvatureSums curvature_sums(const Coefficients& at, const Sample& sample,
                                             std::span<const std::size_t> plain,
                                             const IndicatorSlots& indicators) const;

  const LogisticProblem& problem_;
  const Objective objective_;
  const int threads_;
  const std::size_t rows_;
  const std::size_t features_;
  std::vector<Moments> moments_;
  std::vector<double> penalty_;  // What ½ u[j]² costs; 0 for the intercept.
  std::vector<double> l1_;
  std::vector<std::size_t> by_fours_;  // First of every four byte features that are read together.
  std::vector<std::size_t> singly_;
  IndicatorSlots indicators_;
  double total_weight_ = 0;
  double positive_weight_ = 0;
};

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/standardised.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "learn/detail/kernels.h"
#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

// Sums are gathered in a number of pieces that does not depend on the number of threads, so neither
// does the result.
constexpr std::size_t kGradientPieces = 32;

// What a coordinate of standardised features is multiplied by to be penalised on that scale.
double penalty_size(PenaltyScale scale, const FeatureValues& values,
                    std::span<const double> weights, double deviation) {
  switch (scale) {
    case PenaltyScale::kAsGiven:
      return 1 / deviation;
    case PenaltyScale::kDeviations:
      return 1;
    case PenaltyScale::kIndicatorsAsGiven:
      return is_indicator(values) ? 1 / deviation
                                  : 1 / std::sqrt(share_off_commonest(values, weights));
  }
  CHECK(false);
}

}  // namespace

Standardised::Standardised(const LogisticProblem& problem, const Objective& objective, int threads,
                           std::vector<Moments> moments)
    : problem_(problem),
      objective_(objective),
      threads_(threads),
      rows_(problem.labels.size()),
      features_(problem.features.size()),
      moments_(std::move(moments)) {
  if (moments_.empty()) moments_ = measure(problem.features, problem.weights, threads);
  penalty_.assign(features_ + 1, 0);
  l1_.assign(features_ + 1, 0);
  for (std::size_t j = 0; j < features_; ++j) {
    const double size = penalty_size(objective.penalty_scale, problem.features[j], problem.weights,
                                     moments_[j].deviation);
    penalty_[j] = (1 - objective.l1_ratio) * size * size;
    l1_[j] = objective.l1_ratio * size;
  }
  std::vector<std::size_t> all(features_);
  std::iota(all.begin(), all.end(), std::size_t{0});
  indicators_ = IndicatorSlots(problem.features, all, 1);
  const auto is_bytes = [&](std::size_t j) {
    return std::holds_alternative<std::span<const std::uint8_t>>(problem.features[j]);
  };
  for (std::size_t j = 0; j < features_;) {
    std::size_t bytes = 0;
    while (bytes < 4 && j + bytes < features_ && is_bytes(j + bytes)) ++bytes;
    if (bytes == 4)
      by_fours_.push_back(j);
    else if (!std::holds_alternative<Indicator>(problem.features[j]))
      singly_.push_back(j);
    j += bytes == 4 ? 4 : 1;
  }
  for (std::size_t i = 0; i < rows_; ++i) {
    const double weight = problem.weights.empty() ? 1 : problem.weights[i];
    total_weight_ += weight;
    positive_weight_ += problem.labels[i] != 0 ? weight : 0;
  }
}

std::vector<double> Standardised::start() const {
  std::vector<double> u(dimension(), 0);
  const double negative_weight = total_weight_ - positive_weight_;
  u.back() = objective_.loss == Loss::kLogistic
                 ? std::log(positive_weight_ / negative_weight)
                 : (positive_weight_ - negative_weight) / total_weight_;
  return u;
}

double Standardised::original(std::span<const double> u, std::vector<double>& weights) const {
  weights.resize(features_);
  double intercept = u[features_];
  for (std::size_t j = 0; j < features_; ++j) {
    weights[j] = u[j] / moments_[j].deviation;
    intercept -= weights[j] * moments_[j].mean;
  }
  return intercept;
}

std::vector<double> Standardised::coordinates(double intercept,
                                              std::span<const double> weights) const {
  std::vector<double> u(dimension());
  u[features_] = intercept;
  for (std::size_t j = 0; j < features_; ++j) {
    u[j] = weights[j] * moments_[j].deviation;
    u[features_] += weights[j] * moments_[j].mean;
  }
  return u;
}

std::size_t Standardised::sampled_blocks(const Sample& sample) const {
  return (blocks() + sample.stride - 1) / sample.stride;
}

Standardised::Coefficients Standardised::coefficients(std::span<const double> u) const {
  Coefficients all;
  all.intercept = original(u, all.weights);
  for (const std::size_t j : indicators_.places())
    all.of_slot.push_back(j == IndicatorSlots::kNone ? 0 : all.weights[j]);
  return all;
}

void Standardised::margins(const Coefficients& coefficients, std::size_t first, std::size_t n,
                           Block& block) const {
  const Kernels& kernel = kernels();
  const std::vector<double>& weights = coefficients.weights;
  double* const z = block.z.data();
  std::fill(z, z + n, coefficients.intercept);
  for (const std::size_t j : by_fours_) {
    const std::uint8_t* columns[4];
    for (std::size_t k = 0; k < 4; ++k)
      columns[k] = std::get_if<0>(&problem_.features[j + k])->data() + first;
    kernel.add_four_bytes(columns, &weights[j], z, n);
  }
  for (const std::size_t j : singly_) {
    if (const auto* bytes = std::get_if<0>(&problem_.features[j])) {
      kernel.add_bytes(bytes->data() + first, weights[j], z, n);
    } else {
      kernel.add_doubles(std::get_if<1>(&problem_.features[j])->data() + first, weights[j], z, n);
    }
  }
  indicators_.find(first, n, block.slots.data());
  for (std::size_t column = 0; column < indicators_.columns(); ++column) {
    const std::uint32_t* const slots = block.slots.data() + column * n;
    for (std::size_t i = 0; i < n; ++i) z[i] += coefficients.of_slot[slots[i]];
  }
}

void Standardised::block_residuals(const Coefficients& coefficients, std::size_t first,
                                   std::size_t n, Block& block) const {
  margins(coefficients, first, n, block);
  for (std::size_t i = 0; i < n; ++i) block.y[i] = problem_.labels[first + i];
  if (objective_.loss == Loss::kLogistic) {
    kernels().logistic(block.z.data(), block.y.data(), block.residual.data(), block.loss.data(),
                       block.curvature.data(), n);
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      const double sign = 2 * block.y[i] - 1, slack = std::max(0.0, 1 - sign * block.z[i]);
      block.residual[i] = -2 * sign * slack;
      block.loss[i] = slack * slack;
      block.curvature[i] = slack > 0 ? 2 : 0;
    }
  }
  if (problem_.weights.empty()) return;
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = problem_.weights[first + i];
    block.residual[i] *= weight;
    block.loss[i] *= weight;
    block.curvature[i] *= weight;
  }
}

void Standardised::add_block_gradient(std::size_t first, std::size_t n, const Block& block,
                                      double* sums, double* slot_sums) const {
  const Kernels& kernel = kernels();
  const double* const residual = block.residual.data();
  for (const std::size_t j : by_fours_) {
    const std::uint8_t* columns[4];
    double four[4];
    for (std::size_t k = 0; k < 4; ++k)
      columns[k] = std::get_if<0>(&problem_.features[j + k])->data() + first;
    kernel.dot_four_bytes(columns, residual, n, four);
    for (std::size_t k = 0; k < 4; ++k) sums[j + k] += four[k];
  }
  for (const std::size_t j : singly_) {
    const auto* bytes = std::get_if<0>(&problem_.features[j]);
    sums[j] += bytes != nullptr
                   ? kernel.dot_bytes(bytes->data() + first, residual, n)
                   : kernel.dot_doubles(std::get_if<1>(&problem_.features[j])->data() + first,
                                        residual, n);
  }
  for (std::size_t column = 0; column < indicators_.columns(); ++column) {
    const std::uint32_t* const slots = block.slots.data() + column * n;
    for (std::size_t i = 0; i < n; ++i) slot_sums[slots[i]] += residual[i];
  }
}

double Standardised::evaluate(std::span<const double> u, const Sample& sample,
                              std::vector<double>& gradient) const {
  const Coefficients at = coefficients(u);
  const std::size_t count = sampled_blocks(sample), pieces = std::min(count, kGradientPieces);
  // Per piece: the sums of residual · x, of residuals, of losses, and of residuals by slot.
  const std::size_t width = features_ + 2 + indicators_.size();
  std::vector<double> sums(pieces * width, 0);
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block(indicators_);
    double* const own = &sums[piece * width];
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(at, first, n, block);
      add_block_gradient(first, n, block, own, own + features_ + 2);
      for (std::size_t i = 0; i < n; ++i) {
        own[features_] += block.residual[i];
        own[features_ + 1] += block.loss[i];
      }
    }
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) {
    for (std::size_t k = 0; k < width; ++k) sums[k] += sums[piece * width + k];
  }
  for (std::size_t slot = 0; slot < indicators_.size(); ++slot) {
    const std::size_t j = indicators_.places()[slot];
    if (j != IndicatorSlots::kNone) sums[j] = sums[features_ + 2 + slot];
  }
  const double scale = objective_.c * static_cast<double>(sample.stride);
  double value = scale * sums[features_ + 1];
  gradient.resize(dimension());
  gradient[features_] = scale * sums[features_];
  for (std::size_t j = 0; j < features_; ++j) {
    gradient[j] = scale * (sums[j] - moments_[j].mean * sums[features_]) / moments_[j].deviation +
                  penalty_[j] * u[j];
    value += 0.5 * penalty_[j] * u[j] * u[j];
  }
  return value;
}

}  // namespace learn::detail

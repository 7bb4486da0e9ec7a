// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/standardised.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "learn/detail/kernels.h"
#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

// Sums are gathered in a number of pieces that does not depend on the number of threads, so neither
// does the result.
constexpr std::size_t kGradientPieces = 32;
constexpr std::size_t kHessianPieces = 4;
constexpr std::size_t kMostHessianFloats =
    1'000'000;  // Larger Hessians are gathered in one piece, to save memory.

static_assert(kBlockRows % kTileRows == 0);

Moments moments_of(std::span<const std::uint8_t> values) {
  constexpr std::size_t kChunk = 32'768;  // Sums of squares of bytes stay below 2³² in a chunk.
  std::uint64_t sum = 0, squares = 0;
  for (std::size_t at = 0; at < values.size(); at += kChunk) {
    std::uint32_t chunk_sum = 0, chunk_squares = 0;
    for (const std::uint8_t value : values.subspan(at, std::min(kChunk, values.size() - at))) {
      chunk_sum += value;
      chunk_squares += std::uint32_t{value} * value;
    }
    sum += chunk_sum;
    squares += chunk_squares;
  }
  const auto n = static_cast<double>(values.size());
  const double mean = static_cast<double>(sum) / n;
  const double variance = static_cast<double>(squares) / n - mean * mean;
  return {mean, variance > 1e-12 ? std::sqrt(variance) : 1};
}

Moments moments_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double size = 0;
  for (const double value : values) size = std::max(size, std::fabs(value));
  if (size == 0) return {};
  // In units of the largest value, so that squares do not overflow.
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / size;
  mean /= n;
  for (const double value : values) squares += (value / size - mean) * (value / size - mean);
  const double deviation = std::sqrt(squares / n);
  return {mean * size, deviation > 1e-13 ? deviation * size : 1};
}

Moments moments_of(const FeatureValues& values, std::span<const double> weights) {
  return std::visit(
      [weights](const auto& x) -> Moments {
        double total = 0, size = 0, mean = 0, squares = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
          if (weights[i] == 0) continue;
          total += weights[i];
          size = std::max(size, std::fabs(static_cast<double>(x[i])));
        }
        if (size == 0 || total == 0) return {};
        for (std::size_t i = 0; i < x.size(); ++i) mean += weights[i] / total * (x[i] / size);
        for (std::size_t i = 0; i < x.size(); ++i)
          squares += weights[i] / total * (x[i] / size - mean) * (x[i] / size - mean);
        const double deviation = std::sqrt(squares);
        return {mean * size, deviation > 1e-13 ? deviation * size : 1};
      },
      values);
}

bool is_indicator(const FeatureValues& values) {
  return std::visit(
      [](const auto& x) { return std::ranges::all_of(x, [](auto v) { return v == 0 || v == 1; }); },
      values);
}

// The share of all weight that is not at the commonest value; 1 where there is none.
double share_off_commonest(const FeatureValues& values, std::span<const double> weights) {
  return std::visit(
      [weights](const auto& x) {
        std::unordered_map<double, double> weight_at;
        double total = 0, most = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
          const double weight = weights.empty() ? 1 : weights[i];
          total += weight;
          most = std::max(most, weight_at[static_cast<double>(x[i])] += weight);
        }
        return most < total ? (total - most) / total : 1;
      },
      values);
}

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

std::vector<std::size_t> all_of(std::size_t features) {
  std::vector<std::size_t> all(features);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

std::vector<Moments> measure(std::span<const FeatureValues> features,
                             std::span<const double> weights, int threads) {
  std::vector<Moments> moments(features.size());
  for_each_piece(features.size(), threads, [&](std::size_t j) {
    moments[j] = weights.empty()
                     ? std::visit([](const auto& x) { return moments_of(x); }, features[j])
                     : moments_of(features[j], weights);
  });
  return moments;
}

struct Standardised::Block {
  alignas(64) std::array<double, kBlockRows> z, y, residual, loss, curvature;
};

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
  for (std::size_t j = 0; j < features_;) {
    std::size_t bytes = 0;
    while (bytes < 4 && j + bytes < features_ && problem.features[j + bytes].index() == 0) ++bytes;
    (bytes == 4 ? by_fours_ : singly_).push_back(j);
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

void Standardised::margins(std::span<const double> weights, double intercept, std::size_t first,
                           std::size_t n, double* z) const {
  const Kernels& kernel = kernels();
  std::fill(z, z + n, intercept);
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
}

void Standardised::block_residuals(std::span<const double> weights, double intercept,
                                   std::size_t first, std::size_t n, Block& block) const {
  margins(weights, intercept, first, n, block.z.data());
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

void Standardised::add_block_gradient(std::size_t first, std::size_t n, const double* residual,
                                      double* sums) const {
  const Kernels& kernel = kernels();
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
}

double Standardised::evaluate(std::span<const double> u, const Sample& sample,
                              std::vector<double>& gradient) const {
  std::vector<double> weights;
  const double intercept = original(u, weights);
  const std::size_t count = sampled_blocks(sample), pieces = std::min(count, kGradientPieces);
  // Per piece: the sums of residual · x, of residuals, and of losses.
  const std::size_t width = features_ + 2;
  std::vector<double> sums(pieces * width, 0);
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block = {};
    double* const own = &sums[piece * width];
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(weights, intercept, first, n, block);
      add_block_gradient(first, n, block.residual.data(), own);
      for (std::size_t i = 0; i < n; ++i) {
        own[features_] += block.residual[i];
        own[features_ + 1] += block.loss[i];
      }
    }
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) {
    for (std::size_t k = 0; k < width; ++k) sums[k] += sums[piece * width + k];
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

void Standardised::fill_tile(std::span<const std::size_t> features, std::size_t first,
                             std::size_t n, const float* root_curvature, float* tile) const {
  const Kernels& kernel = kernels();
  const auto pad = [n](float* row) { std::fill(row + n, row + kTileRows, 0.0F); };
  for (std::size_t k = 0; k < features.size(); ++k) {
    const std::size_t j = features[k];
    float* const row = tile + k * kTileRows;
    if (const auto* bytes = std::get_if<0>(&problem_.features[j])) {
      kernel.scale_bytes(bytes->data() + first, root_curvature, moments_[j].mean,
                         1 / moments_[j].deviation, row, n);
    } else {
      const auto* doubles = std::get_if<1>(&problem_.features[j]);
      kernel.scale_doubles(doubles->data() + first, root_curvature, moments_[j].mean,
                           1 / moments_[j].deviation, row, n);
    }
    pad(row);
  }
  float* const ones = tile + features.size() * kTileRows;
  std::copy(root_curvature, root_curvature + n, ones);
  pad(ones);
}

std::vector<double> Standardised::hessian(std::span<const double> u, const Sample& sample) const {
  return hessian(u, sample, all_of(features_));
}

std::vector<double> Standardised::hessian(std::span<const double> u, const Sample& sample,
                                          std::span<const std::size_t> features) const {
  std::vector<double> weights;
  const double intercept = original(u, weights);
  const std::size_t d = features.size() + 1, count = sampled_blocks(sample);
  const std::size_t pieces = d * d > kMostHessianFloats ? 1 : std::min(count, kHessianPieces);
  std::vector<double> sums(pieces * d * d, 0);
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block = {};
    std::vector<float> tile(d * kTileRows);
    std::array<float, kBlockRows> root;
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(weights, intercept, first, n, block);
      for (std::size_t i = 0; i < n; ++i)
        root[i] = static_cast<float>(std::sqrt(block.curvature[i]));
      for (std::size_t at = 0; at < n; at += kTileRows) {
        fill_tile(features, first + at, std::min(kTileRows, n - at), &root[at], tile.data());
        kernels().add_outer_products(tile.data(), d, &sums[piece * d * d]);
      }
    }
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) {
    for (std::size_t k = 0; k < d * d; ++k) sums[k] += sums[piece * d * d + k];
  }
  sums.resize(d * d);
  const double scale = objective_.c * static_cast<double>(sample.stride);
  for (double& sum : sums) sum *= scale;
  for (std::size_t k = 0; k < features.size(); ++k) sums[k * d + k] += penalty_[features[k]];
  return sums;
}

std::vector<double> Standardised::hessian_diagonal(std::span<const double> u,
                                                   const Sample& sample) const {
  std::vector<double> weights;
  const double intercept = original(u, weights);
  const std::vector<std::size_t> all = all_of(features_);
  const std::size_t d = dimension(), count = sampled_blocks(sample),
                    pieces = std::min(count, kGradientPieces);
  std::vector<double> sums(pieces * d, 0);
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block = {};
    std::vector<float> tile(d * kTileRows);
    std::array<float, kBlockRows> root;
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(weights, intercept, first, n, block);
      for (std::size_t i = 0; i < n; ++i)
        root[i] = static_cast<float>(std::sqrt(block.curvature[i]));
      for (std::size_t at = 0; at < n; at += kTileRows) {
        fill_tile(all, first + at, std::min(kTileRows, n - at), &root[at], tile.data());
        for (std::size_t j = 0; j < d; ++j) {
          const float* row = &tile[j * kTileRows];
          sums[piece * d + j] += std::inner_product(row, row + kTileRows, row, 0.0);
        }
      }
    }
  });
  std::vector<double> diagonal(penalty_);
  const double scale = objective_.c * static_cast<double>(sample.stride);
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    for (std::size_t j = 0; j < d; ++j) diagonal[j] += scale * sums[piece * d + j];
  }
  return diagonal;
}

}  // namespace learn::detail

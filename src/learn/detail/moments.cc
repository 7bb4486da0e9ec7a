// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/moments.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <unordered_map>

#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

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

Moments moments_of(const Indicator& values) {
  const auto ones = std::ranges::count(values.codes, values.code);
  const double mean = static_cast<double>(ones) / static_cast<double>(values.size());
  const double variance = mean * (1 - mean);
  return {mean, variance > 0 ? std::sqrt(variance) : 1};
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

}  // namespace

bool is_indicator(const FeatureValues& values) {
  return std::visit(
      [](const auto& x) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(x)>, Indicator>)
          return true;
        else
          return std::ranges::all_of(x, [](auto v) { return v == 0 || v == 1; });
      },
      values);
}

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

}  // namespace learn::detail

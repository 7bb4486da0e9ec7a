// SPDX-License-Identifier: Apache-2.0
#include "score/floor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/random.h"

namespace bench {

void sum_rows(const Rows& rows, std::span<const double> weights, std::span<double> out) {
  for (std::size_t r = 0; r < rows.count; ++r) {
    const std::span<const double> row = rows.row(r);
    std::array<double, 4> sums{};
    std::size_t i = 0;
    for (; i + 4 <= row.size(); i += 4)
      for (std::size_t k = 0; k < 4; ++k) sums[k] += weights[i + k] * row[i + k];
    for (; i < row.size(); ++i) sums[0] += weights[i] * row[i];
    out[r] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

void sum_columns(const Rows& rows, std::span<const double> weights, std::size_t block,
                 std::span<double> out) {
  for (std::size_t begin = 0; begin < rows.count; begin += block) {
    const std::size_t count = std::min(block, rows.count - begin);
    double* const sums = out.data() + begin;
    std::fill_n(sums, count, 0.0);
    for (std::size_t i = 0; i < rows.width; ++i) {
      const double* const column = rows.columns[i].data() + begin;
      for (std::size_t r = 0; r < count; ++r) sums[r] += weights[i] * column[r];
    }
  }
}

CompleteTrees::CompleteTrees(const Rows& rows, std::size_t trees, std::size_t splits)
    : depth_(static_cast<int>(std::bit_width(splits / trees))),
      trees_((trees + 7) / 8 * 8),
      width_(rows.width) {
  base::Random random(1);
  rows_.reserve(rows.by_row.size());
  for (const double cell : rows.by_row)
    rows_.push_back(std::isnan(cell) ? 0.0F : static_cast<float>(cell));
  const std::size_t size = trees_ << depth_;
  for (std::size_t at = 0; at < size; ++at) {
    const std::size_t feature = random.below(width_);
    nodes_.push_back({.threshold = rows_[random.below(rows.count) * width_ + feature],
                      .feature = static_cast<std::uint32_t>(feature)});
    leaves_.push_back(static_cast<float>(random.normal()));
  }
}

void CompleteTrees::sum(std::span<double> out) const {
  const std::size_t stride = std::size_t{1} << depth_;
  for (std::size_t r = 0; r < out.size(); ++r) {
    const float* const row = rows_.data() + r * width_;
    float sum = 0;
    for (std::size_t tree = 0; tree < trees_; tree += 8) {
      const Node* const nodes = nodes_.data() + tree * stride;
      std::array<std::size_t, 8> at{1, 1, 1, 1, 1, 1, 1, 1};
      for (int level = 0; level < depth_; ++level)
        for (std::size_t k = 0; k < 8; ++k) {
          const Node node = nodes[k * stride + at[k]];
          at[k] = 2 * at[k] + static_cast<std::size_t>(row[node.feature] > node.threshold);
        }
      for (std::size_t k = 0; k < 8; ++k) sum += leaves_[(tree + k) * stride + at[k] - stride];
    }
    out[r] = sum;
  }
}

}  // namespace bench

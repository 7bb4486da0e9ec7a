// SPDX-License-Identifier: Apache-2.0
// The least that scoring could cost on this machine: plain loops over the same rows, which decide
// nothing, treat no missing value and know no document.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "score/rows.h"

namespace bench {

// One weighted sum of every row: reads every number of a row once. The sums go to out.
void sum_rows(const Rows& rows, std::span<const double> weights, std::span<double> out);

// The same by columns, in blocks of rows.
void sum_columns(const Rows& rows, std::span<const double> weights, std::size_t block,
                 std::span<double> out);

// As many complete trees as the model has, each as deep as its splits need, with thresholds from
// the rows: branch-free, eight trees at once, one row at a time, portable.
class CompleteTrees {
 public:
  CompleteTrees(const Rows& rows, std::size_t trees, std::size_t splits);
  [[nodiscard]] int depth() const { return depth_; }
  void sum(std::span<double> out) const;

 private:
  struct Node {
    float threshold = 0;
    std::uint32_t feature = 0;
  };
  int depth_ = 0;
  std::size_t trees_ = 0;  // A multiple of eight.
  std::size_t width_ = 0;
  std::vector<float> rows_;
  std::vector<Node> nodes_;    // trees × 2^depth; the root at 1.
  std::vector<float> leaves_;  // trees × 2^depth.
};

}  // namespace bench

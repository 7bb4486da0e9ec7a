// SPDX-License-Identifier: Apache-2.0
// Small trees over many rows: instead of one row after another, 64 rows go down a tree together, as
// a set of 64 bits that every test splits in two. A test is decided once for all rows and all
// trees.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmml::detail {

inline constexpr std::size_t kBlockRows = 64;

// Positions within a tree: its nodes, the root first and every node before those it leads to, then
// its leaves.
struct RowSetNode {
  std::uint16_t test = 0;  // Into the masks of the block.
  std::uint16_t yes = 0;
  std::uint16_t no = 0;
};

struct RowSetTree {
  std::uint32_t first_node = 0;
  std::uint32_t nodes = 0;
  std::uint32_t first_leaf = 0;
  std::uint32_t leaves = 0;
};

inline constexpr std::size_t kMostRowSets = 2048;  // Of one tree, nodes and leaves.

struct RowSets {
  std::vector<RowSetTree> trees;
  std::vector<RowSetNode> nodes;
  std::vector<std::uint32_t> answers;  // Of the leaves.
  std::vector<double> numbers;         // Of the leaves; of regressions only.
  std::vector<float> floats;           // The same, rounded.
};

// The same for the kernels, which call no function that other files compile too.
struct RowSetView {
  const RowSetTree* trees = nullptr;
  std::size_t size = 0;
  const RowSetNode* nodes = nullptr;
  const std::uint32_t* answers = nullptr;
  const double* numbers = nullptr;
  const float* floats = nullptr;
};
[[nodiscard]] inline RowSetView view(const RowSets& sets) {
  return {sets.trees.data(),   sets.trees.size(),   sets.nodes.data(),
          sets.answers.data(), sets.numbers.data(), sets.floats.data()};
}

// Tests whose outcome for 64 rows is one word. The sets' columns come first, in the order of their
// columns, then these.
struct NumberMask {
  std::uint16_t column = 0;
  std::uint16_t bound = 0;
};

}  // namespace pmml::detail

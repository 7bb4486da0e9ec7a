// SPDX-License-Identifier: Apache-2.0
// Trees over binned columns, and ensembles of them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "learn/detail/binned.h"

namespace learn::detail {

// Bins of one column.
using BinSet = std::array<std::uint64_t, 4>;
inline bool holds(const BinSet& set, std::size_t bin) {
  return (set[bin >> 6] >> (bin & 63) & 1) != 0;
}
inline void put(BinSet& set, std::size_t bin) { set[bin >> 6] |= std::uint64_t{1} << (bin & 63); }

inline constexpr std::uint32_t kNoChild = 0;  // The root is nobody's child.
inline constexpr std::uint32_t kNoSet = 0xffff'ffff;

struct TreeNode {
  std::uint32_t column = 0;    // Into Binned::columns.
  std::uint32_t set = kNoSet;  // Text: into Tree::sets, the bins that go left.
  std::uint16_t bin = 0;       // Numeric: the last bin that goes left,
  bool fine = false;           // of the column's fine ones.
  bool missing_left = false;
  std::uint32_t left = kNoChild;  // Leaves have no children.
  std::uint32_t right = kNoChild;
  double gain = 0;
  double gradient = 0;  // Sums of the rows of a leaf.
  double curvature = 0;
  double value = 0;  // What a leaf says.
};

struct Tree {
  std::vector<TreeNode> nodes;  // nodes[0] is the root; children stand after their parents.
  std::vector<BinSet> sets;

  [[nodiscard]] bool goes_left(const Binned& binned, const TreeNode& node, std::size_t row) const {
    const BinnedColumn& column = binned.columns[node.column];
    if (node.fine) {
      const std::size_t bin = column.fine->cells[row];
      return bin == column.fine->bins ? node.missing_left : bin <= node.bin;
    }
    const std::size_t bin = column.cells[row];
    if (bin == column.bins) return node.missing_left;
    return node.set == kNoSet ? bin <= node.bin : holds(sets[node.set], bin);
  }
  [[nodiscard]] double answer(const Binned& binned, std::size_t row) const {
    const TreeNode* node = nodes.data();
    while (node->left != kNoChild)
      node = &nodes[goes_left(binned, *node, row) ? node->left : node->right];
    return node->value;
  }
};

struct Ensemble {
  // kTree, kMean: leaves hold probabilities. kLogit: they hold summands of the log-odds.
  enum class Kind { kTree, kMean, kLogit } kind = Kind::kTree;
  std::vector<Tree> trees;  // At least one; of kTree one.
  double base = 0;          // kLogit: the first summand.

  // Of the positive value, by the operations of a scorer of its document, in their order.
  [[nodiscard]] double probability(const Binned& binned, std::size_t row) const;
};

// The shares of all gain that the splits on each of the given columns brought: one for each of
// Binned::given.
std::vector<double> gain_shares(const Ensemble& ensemble, const Binned& binned);

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/tree.h"

#include <cmath>

namespace learn::detail {

double Ensemble::probability(const Binned& binned, std::size_t row) const {
  if (kind == Kind::kTree) return trees.front().answer(binned, row);
  double sum = 0;
  for (const Tree& tree : trees) sum += tree.answer(binned, row);
  if (kind == Kind::kMean) return sum / static_cast<double>(trees.size());
  return 1 / (1 + std::exp(-(base + sum)));
}

std::vector<double> gain_shares(const Ensemble& ensemble, const Binned& binned) {
  std::vector<double> shares(binned.given.size(), 0.0);
  double all = 0;
  for (const Tree& tree : ensemble.trees) {
    for (const TreeNode& node : tree.nodes) {
      if (node.left == kNoChild) continue;
      shares[binned.columns[node.column].position] += node.gain;
      all += node.gain;
    }
  }
  if (all > 0) {
    for (double& share : shares) share /= all;
  }
  return shares;
}

}  // namespace learn::detail

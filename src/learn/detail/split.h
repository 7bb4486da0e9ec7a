// SPDX-License-Identifier: Apache-2.0
// The best way to part the rows of a node in two by one column.
//
// A part with gradients G and curvatures H is worth G² / (H + λ); a split gains what its parts are
// worth more than the whole (Chen & Guestrin 2016, «XGBoost», eq. 7, without its factor ½). With
// the positive weight as G, the weight as H and λ = 0 this is half the decrease of the Gini
// impurity, times the weight (Breiman et al. 1984).
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "learn/detail/histogram.h"
#include "learn/detail/tree.h"

namespace learn::detail {

struct SplitRule {
  Units units;
  double lambda = 0;
  double min_child_weight = 0;  // Of curvature.
  std::int64_t min_samples_leaf = 1;
  // Texts without a fixed order are ordered by G / (H + category_smoothing) in each node; for two
  // classes and without smoothing the best parts are intervals of that order (Fisher 1958).
  double category_smoothing = 0;

  [[nodiscard]] double worth(double gradient, double curvature) const {
    const double below = curvature + lambda;
    return below > 0 ? gradient * gradient / below : 0;
  }
};

struct Split {
  double gain = -std::numeric_limits<double>::infinity();  // So: none is allowed.
  std::uint32_t column = 0;
  bool by_set = false;
  std::uint16_t bin = 0;
  bool fine = false;
  BinSet set{};
  bool missing_left = false;
  Sums left{};
};

// The bins of a column that occur in a node, missing ones not among them, and their sums.
struct ColumnSums {
  std::uint32_t column = 0;
  std::size_t bins = 0;  // Of the column.
  bool numeric = true;
  std::span<const std::uint8_t> order;    // Text: bins in a fixed order, or empty.
  std::span<const std::uint8_t> present;  // Rising.
  const Sums* sums = nullptr;             // One for each present bin.
  Sums missing{};
};

// Replaces `best` by a split of this column that gains more. True: the column holds two values at
// least (missing is one).
bool improve(const ColumnSums& column, const Sums& total, const SplitRule& rule, Split& best);

// Where pulls are weights: marks[b] for each present bin b of numbers, whether a cut inside it may
// gain more than `gain`. True: one may.
bool mark_bins_to_look_into(const ColumnSums& column, const Sums& total, const SplitRule& rule,
                            double gain, std::uint8_t* marks);

// One bin's fine bins that occur in a node, at least one, and their sums.
struct FineSums {
  std::uint32_t column = 0;
  std::span<const std::uint16_t> present;  // Rising.
  const Sums* sums = nullptr;
  Sums before{};  // Of the bins below.
  Sums missing{};
};

// Replaces `best` by a cut between these that gains more.
void improve_inside(const FineSums& bin, const Sums& total, const SplitRule& rule, Split& best);

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// Grows one tree: from pulls of rows to nodes.
//
// Large nodes keep the histograms of all their columns, so that of two children only the smaller
// one's rows are read (the other is the parent without it); small nodes sum one column at a time,
// only the bins that occur. Where there are fine bins and pulls are weights, bins that may hide a
// better cut are then looked into. Sums are whole numbers: the tree does not depend on the team.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/random.h"
#include "learn/detail/split.h"
#include "learn/detail/team.h"
#include "learn/detail/tree.h"

namespace learn::detail {

struct GrowSettings {
  SplitRule rule;
  double min_gain = 0;         // A split gains at least this much.
  bool pure_is_leaf = false;   // Pulls are weights: a node of one class is not split.
  bool best_first = false;     // The node that gains most is split next; otherwise level by level.
  std::size_t max_depth = 0;   // 0: any.
  std::size_t max_leaves = 0;  // 0: any.
  std::size_t max_features = 0;  // Columns drawn for each node; 0: all.
};

// A fixed order of a text column's bins: by the share of positive weight among `rows`.
std::vector<std::uint8_t> order_of_bins(const BinnedColumn& column, std::span<const Pull> pulls,
                                        const Units& units);

class Grower {
 public:
  // Borrows all but the settings. `orders`, if not empty, has an order for each column of the
  // table; those of numbers, and of texts that each node orders anew, are empty.
  Grower(const Binned& binned, std::vector<std::uint32_t> columns, const GrowSettings& settings,
         std::span<const std::vector<std::uint8_t>> orders, Team& team);
  ~Grower();

  void use_columns(std::vector<std::uint32_t> columns);
  void use_units(const Units& units);

  // pulls[row] for each row of the table; those of `rows`, rising, count. Leaves have sums and no
  // value. `random` draws columns.
  Tree grow(std::span<const Pull> pulls, std::vector<std::uint32_t> rows, base::Random& random);

  // Of the tree grown last: each leaf's rows.
  struct Leaf {
    std::uint32_t node = 0;
    std::span<const std::uint32_t> rows;
  };
  [[nodiscard]] std::span<const Leaf> leaves() const { return leaves_; }

 private:
  struct Open;
  struct Spare;
  struct FineSpare;
  using Histogram = std::unique_ptr<Sums[]>;

  Open open_root();
  void split(Open& parent, std::vector<Open>& children);
  void look(Open& node, base::Random& random);
  void look_at_both(Open& left, Open& right, Histogram of_parent, base::Random& random);
  void close(const Open& node);
  [[nodiscard]] bool may_split(const Open& node) const;
  [[nodiscard]] bool is_large(const Open& node) const;
  [[nodiscard]] std::span<std::uint32_t> rows_of(const Open& node);
  Histogram take_histogram();
  void sum_rows(const Open& node, Sums* histogram);
  void add_bundles(const Sums* bundles, Sums* histogram) const;
  void best_of_histogram(const Sums* histogram, Open& node, Spare& spare) const;
  void best_of_rows(Open& node, base::Random& random);
  [[nodiscard]] ColumnSums column_of_histogram(std::size_t c, const Sums* histogram,
                                               Spare& spare) const;
  [[nodiscard]] ColumnSums column_of_rows(std::size_t c, std::span<const std::uint32_t> rows,
                                          Spare& spare) const;
  void look_into_bins(const ColumnSums& column, const Open& node, FineSpare& spare, Split& best);
  void best_of_fine(Open& node, const Sums* histogram);
  void place_finely(const Open& node, Split& best);
  void fill_node_pulls(const Open& node);
  [[nodiscard]] ColumnSums describe(std::uint32_t column) const;

  const Binned& binned_;
  GrowSettings settings_;
  std::span<const std::vector<std::uint8_t>> orders_;
  Team& team_;
  std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> starts_;  // Of each of columns_ in a histogram.
  std::size_t slots_ = 0;
  std::vector<std::size_t> fine_;       // Those of columns_ that have fine bins and use them.
  std::vector<std::uint32_t> bundles_;  // Those that hold some of columns_.
  std::vector<std::uint32_t> bundle_starts_;
  std::size_t bundle_slots_ = 0;
  std::vector<std::uint32_t> start_of_;  // For each column of the table.

  std::span<const Pull> pulls_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> spare_rows_;
  std::vector<std::uint8_t> goes_left_;  // For each bin of a split's column.
  std::vector<Histogram> unused_;
  std::vector<std::vector<Sums>> bundle_sums_;  // One for each member of the team.
  std::vector<Sums> node_pulls_;
  std::vector<Spare> spares_;
  std::vector<FineSpare> fine_spares_;  // One for each member of the team.
  Tree tree_;
  std::vector<Leaf> leaves_;
};

}  // namespace learn::detail

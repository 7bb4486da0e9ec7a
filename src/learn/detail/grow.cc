// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/grow.h"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <utility>

namespace learn::detail {
namespace {

constexpr std::size_t kSharedCells = 1 << 16;  // For fewer the team is not woken.
constexpr std::size_t kSharedSlots = 1 << 12;

}  // namespace

// A node whose rows are known, and perhaps its best split.
struct Grower::Open {
  std::uint32_t node = 0;
  std::size_t first = 0, last = 0;  // Of its rows.
  std::size_t depth = 0;
  Sums sums{};
  Split best;
  Histogram histogram;
  [[nodiscard]] std::size_t rows() const { return last - first; }
};

struct Grower::Spare {
  std::array<Sums, 256> zeros{};
  std::array<Sums, 256> sums{};
  std::array<std::uint8_t, 256> bins{};
};

struct Grower::FineSpare {
  Spare coarse;
  std::array<std::uint8_t, 256> marks{};
  std::vector<std::uint64_t> keys;
  std::vector<std::uint16_t> bins;
  std::vector<Sums> sums;
};

std::vector<std::uint8_t> order_of_bins(const BinnedColumn& column, std::span<const Pull> pulls,
                                        const Units& units) {
  std::array<Sums, 256> sums{};
  for (std::size_t row = 0; row < pulls.size(); ++row)
    sums[column.cells[row]] += units.of(pulls[row]);
  std::vector<std::uint8_t> order(column.bins);
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::array<double, 256> rates{};
  for (const std::uint8_t bin : order) {
    const double weight = units.curvature_of(sums[bin]);
    rates[bin] = weight > 0 ? units.gradient_of(sums[bin]) / weight : 0;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return rates[a] < rates[b]; });
  return order;
}

Grower::Grower(const Binned& binned, std::vector<std::uint32_t> columns,
               const GrowSettings& settings, std::span<const std::vector<std::uint8_t>> orders,
               Team& team)
    : binned_(binned), settings_(settings), orders_(orders), team_(team) {
  bundle_sums_.resize(team.size());
  spares_.resize(2);
  fine_spares_.resize(team.size());
  use_columns(std::move(columns));
}

Grower::~Grower() = default;

void Grower::use_units(const Units& units) { settings_.rule.units = units; }

void Grower::use_columns(std::vector<std::uint32_t> columns) {
  if (columns == columns_ && !columns.empty()) return;
  columns_ = std::move(columns);
  unused_.clear();
  starts_.clear();
  fine_.clear();
  slots_ = 0;
  constexpr std::uint32_t kUnused = 0xffff'ffff;
  start_of_.assign(binned_.columns.size(), kUnused);
  for (const std::uint32_t column : columns_) {
    starts_.push_back(static_cast<std::uint32_t>(slots_));
    start_of_[column] = starts_.back();
    slots_ += binned_.columns[column].slots();
  }
  for (std::size_t c = 0; settings_.pure_is_leaf && c < columns_.size(); ++c) {
    if (binned_.columns[columns_[c]].fine != nullptr) fine_.push_back(c);
  }
  bundles_.clear();
  bundle_starts_.clear();
  bundle_slots_ = 0;
  for (std::uint32_t b = 0; b < binned_.bundles.size(); ++b) {
    const Bundle& bundle = binned_.bundles[b];
    if (std::none_of(bundle.parts.begin(), bundle.parts.end(),
                     [&](const Bundle::Part& p) { return start_of_[p.column] != kUnused; }))
      continue;
    bundles_.push_back(b);
    bundle_starts_.push_back(static_cast<std::uint32_t>(bundle_slots_));
    bundle_slots_ += bundle.bins;
  }
}

std::span<std::uint32_t> Grower::rows_of(const Open& node) {
  return std::span(rows_).subspan(node.first, node.rows());
}

// Worth a histogram: reading its rows costs more than going through all slots. All open histograms
// together so take less than 8 bytes for each cell of the table.
bool Grower::is_large(const Open& node) const {
  return settings_.max_features == 0 &&
         node.rows() * columns_.size() > 2 * (slots_ + bundle_slots_);
}

bool Grower::may_split(const Open& node) const {
  const Units& units = settings_.rule.units;
  if (settings_.max_depth != 0 && node.depth >= settings_.max_depth) return false;
  if (units.rows(node.sums) < 2 * settings_.rule.min_samples_leaf || node.rows() < 2) return false;
  if (units.curvature_of(node.sums) < 2 * settings_.rule.min_child_weight) return false;
  const std::int64_t gradient = units.gradient_units(node.sums);
  return !settings_.pure_is_leaf || (gradient != 0 && gradient != node.sums[1]);
}

Grower::Histogram Grower::take_histogram() {
  if (unused_.empty()) return std::make_unique<Sums[]>(slots_);
  Histogram histogram = std::move(unused_.back());
  unused_.pop_back();
  return histogram;
}

// The histograms of columns from those of the bundles that they are in.
void Grower::add_bundles(const Sums* sums, Sums* histogram) const {
  std::fill_n(histogram, slots_, Sums{});
  for (std::size_t b = 0; b < bundles_.size(); ++b) {
    const Bundle& bundle = binned_.bundles[bundles_[b]];
    const Sums* of_bundle = sums + bundle_starts_[b];
    for (const Bundle::Part& part : bundle.parts) {
      const std::size_t slots = binned_.columns[part.column].slots();
      if (start_of_[part.column] == 0xffff'ffff) continue;
      Sums* out = histogram + start_of_[part.column];
      for (std::size_t at = 0; at < bundle.bins;) {
        for (std::size_t bin = 0; bin < slots; ++bin) {
          Sums sum = of_bundle[at++];
          for (std::uint32_t i = 1; i < part.step; ++i) sum += of_bundle[at++];
          out[bin] += sum;
        }
      }
    }
  }
}

void Grower::sum_rows(const Open& node, Sums* histogram) {
  const std::span<const std::uint32_t> rows = rows_of(node);
  const BundleRows bundles{binned_.cells.data(), binned_.bundles.size(), bundles_, bundle_starts_};
  const bool shared = rows.size() * bundles_.size() >= kSharedCells;
  const std::size_t pieces = shared ? team_.size() : 1;
  team_.run(pieces, [&](std::size_t piece) {
    std::vector<Sums>& sums = bundle_sums_[piece];
    sums.assign(bundle_slots_, Sums{});
    const std::size_t first = rows.size() * piece / pieces,
                      last = rows.size() * (piece + 1) / pieces;
    add_rows(bundles, rows.subspan(first, last - first), pulls_.data(), settings_.rule.units,
             sums.data());
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) {
    for (std::size_t i = 0; i < bundle_slots_; ++i) bundle_sums_[0][i] += bundle_sums_[piece][i];
  }
  add_bundles(bundle_sums_[0].data(), histogram);
}

ColumnSums Grower::describe(std::uint32_t column) const {
  const BinnedColumn& binned = binned_.columns[column];
  return {.column = column,
          .bins = binned.bins,
          .numeric = binned.numeric,
          .order = orders_.empty() ? std::span<const std::uint8_t>{} : orders_[column]};
}

ColumnSums Grower::column_of_histogram(std::size_t c, const Sums* histogram, Spare& spare) const {
  const Sums* sums = histogram + starts_[c];
  ColumnSums column = describe(columns_[c]);
  std::size_t present = 0;
  for (std::size_t bin = 0; bin < column.bins; ++bin) {
    spare.bins[present] = static_cast<std::uint8_t>(bin);
    spare.sums[present] = sums[bin];
    present += sums[bin][0] != 0 ? 1 : 0;
  }
  column.present = std::span(spare.bins).first(present);
  column.sums = spare.sums.data();
  if (binned_.columns[columns_[c]].missing) column.missing = sums[column.bins];
  return column;
}

ColumnSums Grower::column_of_rows(std::size_t c, std::span<const std::uint32_t> rows,
                                  Spare& spare) const {
  ColumnSums column = describe(columns_[c]);
  std::size_t present =
      sum_column(binned_.columns[columns_[c]].cells.data(), rows, node_pulls_.data(),
                 spare.zeros.data(), spare.bins.data(), spare.sums.data());
  if (present > 0 && spare.bins[present - 1] == column.bins) column.missing = spare.sums[--present];
  column.present = std::span(spare.bins).first(present);
  column.sums = spare.sums.data();
  return column;
}

void Grower::best_of_histogram(const Sums* histogram, Open& node, Spare& spare) const {
  for (std::size_t c = 0; c < columns_.size(); ++c)
    improve(column_of_histogram(c, histogram, spare), node.sums, settings_.rule, node.best);
}

void Grower::fill_node_pulls(const Open& node) {
  const std::span<const std::uint32_t> rows = rows_of(node);
  if (node_pulls_.size() < rows.size()) node_pulls_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    node_pulls_[i] = settings_.rule.units.of(pulls_[rows[i]]);
}

// Looks inside those bins of a column that may hide a better cut.
void Grower::look_into_bins(const ColumnSums& column, const Open& node, FineSpare& spare,
                            Split& best) {
  const Sums& total = node.sums;
  if (!mark_bins_to_look_into(column, total, settings_.rule, best.gain, spare.marks.data())) return;
  const BinnedColumn& binned = binned_.columns[column.column];
  const std::span<const std::uint32_t> rows = rows_of(node);
  spare.keys.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t bin = binned.cells[rows[i]];
    if (bin < column.bins && spare.marks[bin] != 0)
      spare.keys.push_back(std::uint64_t{binned.fine->cells[rows[i]]} << 32 | i);
  }
  std::sort(spare.keys.begin(), spare.keys.end());
  FineSums inside{.column = column.column, .missing = column.missing};
  auto key = spare.keys.begin();
  for (std::size_t b = 0; b < column.present.size(); ++b) {
    const bool last = column.present[b] + std::size_t{1} == column.bins;
    spare.bins.clear();
    spare.sums.clear();
    for (; spare.marks[column.present[b]] != 0 && key != spare.keys.end(); ++key) {
      const auto bin = static_cast<std::uint16_t>(*key >> 32);
      if (!last && binned.fine->edges[bin] > binned.edges[column.present[b]]) break;
      if (spare.bins.empty() || spare.bins.back() != bin) {
        spare.bins.push_back(bin);
        spare.sums.push_back(Sums{});
      }
      spare.sums.back() += node_pulls_[*key & 0xffff'ffff];
    }
    inside.present = spare.bins;
    inside.sums = spare.sums.data();
    if (spare.bins.size() > 1) improve_inside(inside, total, settings_.rule, best);
    inside.before += column.sums[b];
  }
}

// The number of pieces does not matter: of equally good cuts the first column's wins.
void Grower::best_of_fine(Open& node, const Sums* histogram) {
  if (fine_.empty()) return;
  fill_node_pulls(node);
  const std::span<const std::uint32_t> rows = rows_of(node);
  const bool shared = rows.size() * fine_.size() >= kSharedCells;
  const std::size_t pieces = shared ? team_.size() : 1;
  std::vector<Split> best(pieces, node.best);
  team_.run(pieces, [&](std::size_t piece) {
    FineSpare& spare = fine_spares_[piece];
    for (std::size_t i = piece; i < fine_.size(); i += pieces) {
      const ColumnSums column = histogram != nullptr
                                    ? column_of_histogram(fine_[i], histogram, spare.coarse)
                                    : column_of_rows(fine_[i], rows, spare.coarse);
      look_into_bins(column, node, spare, best[piece]);
    }
  });
  for (const Split& split : best) {
    const bool earlier = split.fine && node.best.fine && split.column < node.best.column;
    if (split.gain > node.best.gain || (split.gain == node.best.gain && earlier)) node.best = split;
  }
}

// Draws columns until enough of them have been seen that hold two values here at least.
void Grower::best_of_rows(Open& node, base::Random& random) {
  const std::span<const std::uint32_t> rows = rows_of(node);
  fill_node_pulls(node);
  Spare& spare = spares_[0];
  const std::size_t wanted = settings_.max_features;
  std::size_t useful = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (wanted != 0) {
      if (c >= wanted && useful > 0) break;
      std::swap(columns_[c], columns_[c + random.below(columns_.size() - c)]);
    }
    const ColumnSums column = column_of_rows(c, rows, spare);
    useful += improve(column, node.sums, settings_.rule, node.best) ? 1U : 0U;
  }
}

void Grower::look(Open& node, base::Random& random) {
  if (!may_split(node)) return;
  if (is_large(node)) {
    node.histogram = take_histogram();
    sum_rows(node, node.histogram.get());
    best_of_histogram(node.histogram.get(), node, spares_[0]);
  } else {
    best_of_rows(node, random);
  }
  best_of_fine(node, node.histogram.get());
}

// The smaller child's histogram is summed, the other one's is what remains of the parent's.
void Grower::look_at_both(Open& left, Open& right, Histogram of_parent, base::Random& random) {
  Open& small = left.rows() <= right.rows() ? left : right;
  Open& large = &small == &left ? right : left;
  if (of_parent == nullptr || !may_split(large) || !is_large(large)) {
    if (of_parent != nullptr) unused_.push_back(std::move(of_parent));
    look(left, random);
    look(right, random);
    return;
  }
  small.histogram = take_histogram();
  large.histogram = std::move(of_parent);
  sum_rows(small, small.histogram.get());
  const auto look_at = [&](std::size_t which) {
    if (which == 0) {
      if (may_split(small)) best_of_histogram(small.histogram.get(), small, spares_[0]);
      return;
    }
    for (std::size_t i = 0; i < slots_; ++i) large.histogram[i] -= small.histogram[i];
    best_of_histogram(large.histogram.get(), large, spares_[1]);
  };
  if (slots_ >= kSharedSlots) {
    team_.run(2, look_at);
  } else {
    look_at(0);
    look_at(1);
  }
  if (may_split(small)) best_of_fine(small, small.histogram.get());
  best_of_fine(large, large.histogram.get());
  if (!may_split(small) || !is_large(small)) unused_.push_back(std::move(small.histogram));
}

// In the middle between the values on both sides, as far as fine bins tell: so that the place does
// not depend on where the coarse ones end.
void Grower::place_finely(const Open& node, Split& best) {
  const BinnedColumn& column = binned_.columns[best.column];
  if (fine_.empty() || column.fine == nullptr || best.fine) return;
  best.fine = true;
  if (best.bin + std::size_t{1} >= column.bins) {  // It parts missing values from all others.
    best.bin = static_cast<std::uint16_t>(column.fine->bins - 1);
    return;
  }
  std::size_t below = 0, above = column.fine->bins;
  for (const std::uint32_t row : rows_of(node)) {
    const std::size_t bin = column.cells[row], fine = column.fine->cells[row];
    if (bin == column.bins) continue;
    if (bin <= best.bin) {
      below = std::max(below, fine);
    } else {
      above = std::min(above, fine);
    }
  }
  best.bin = static_cast<std::uint16_t>(below + (above - below - 1) / 2);
}

void Grower::split(Open& parent, std::vector<Open>& children) {
  place_finely(parent, parent.best);
  const Split& best = parent.best;
  const BinnedColumn& column = binned_.columns[best.column];
  const std::size_t bins = best.fine ? column.fine->bins : column.bins;
  goes_left_.assign(bins + 1, 0);
  for (std::size_t bin = 0; bin < bins; ++bin)
    goes_left_[bin] = (best.by_set ? holds(best.set, bin) : bin <= best.bin) ? 1 : 0;
  goes_left_[bins] = best.missing_left ? 1 : 0;
  const auto part_by = [&](const auto& cells) {
    return part(cells.data(), goes_left_.data(), rows_of(parent), spare_rows_.data());
  };
  const std::size_t middle =
      parent.first + (best.fine ? part_by(column.fine->cells) : part_by(column.cells));

  TreeNode& node = tree_.nodes[parent.node];
  node.column = best.column;
  node.bin = best.bin;
  node.fine = best.fine;
  node.missing_left = best.missing_left;
  node.gain = best.gain;
  if (best.by_set) {
    node.set = static_cast<std::uint32_t>(tree_.sets.size());
    tree_.sets.push_back(best.set);
  }
  node.left = static_cast<std::uint32_t>(tree_.nodes.size());
  node.right = node.left + 1;
  const std::uint32_t left = node.left;
  tree_.nodes.resize(tree_.nodes.size() + 2);
  children.clear();
  children.push_back({.node = left,
                      .first = parent.first,
                      .last = middle,
                      .depth = parent.depth + 1,
                      .sums = best.left});
  children.push_back({.node = left + 1,
                      .first = middle,
                      .last = parent.last,
                      .depth = parent.depth + 1,
                      .sums = parent.sums - best.left});
}

void Grower::close(const Open& node) {
  TreeNode& leaf = tree_.nodes[node.node];
  leaf.gradient = settings_.rule.units.gradient_of(node.sums);
  leaf.curvature = settings_.rule.units.curvature_of(node.sums);
  leaves_.push_back({node.node, std::span<const std::uint32_t>(rows_of(node))});
}

Grower::Open Grower::open_root() {
  Open root{.last = rows_.size()};
  for (const std::uint32_t row : rows_) root.sums += settings_.rule.units.of(pulls_[row]);
  return root;
}

Tree Grower::grow(std::span<const Pull> pulls, std::vector<std::uint32_t> rows,
                  base::Random& random) {
  pulls_ = pulls;
  rows_ = std::move(rows);
  if (spare_rows_.size() < rows_.size()) spare_rows_.resize(rows_.size());
  leaves_.clear();
  tree_ = {};
  tree_.nodes.resize(1);

  const auto less_gain = [](const Open& a, const Open& b) {
    return a.best.gain != b.best.gain ? a.best.gain < b.best.gain : a.node > b.node;
  };
  std::deque<Open> waiting;
  waiting.push_back(open_root());
  look(waiting.front(), random);
  std::size_t leaves = 1;
  std::vector<Open> children;
  while (!waiting.empty()) {
    // A limit on leaves needs an order across the tree; without one, depth first keeps few
    // histograms.
    Open node;
    if (settings_.best_first) {
      std::pop_heap(waiting.begin(), waiting.end(), less_gain);
      node = std::move(waiting.back());
      waiting.pop_back();
    } else if (settings_.max_leaves != 0) {
      node = std::move(waiting.front());
      waiting.pop_front();
    } else {
      node = std::move(waiting.back());
      waiting.pop_back();
    }
    const bool full = settings_.max_leaves != 0 && leaves >= settings_.max_leaves;
    if (full || !(node.best.gain >= settings_.min_gain)) {
      close(node);
      if (node.histogram != nullptr) unused_.push_back(std::move(node.histogram));
      continue;
    }
    split(node, children);
    ++leaves;
    look_at_both(children[0], children[1], std::move(node.histogram), random);
    for (Open& child : children) {
      waiting.push_back(std::move(child));
      if (settings_.best_first) std::push_heap(waiting.begin(), waiting.end(), less_gain);
    }
  }
  return std::move(tree_);
}

}  // namespace learn::detail

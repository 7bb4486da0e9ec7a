// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/split.h"

#include <algorithm>
#include <array>

namespace learn::detail {
namespace {

bool any_rows(const Sums& sums) { return sums[0] != 0; }

// The place of the best cut in a sequence of sums: the first `cut + 1` go left, and missing ones
// where they are said to.
struct Cut {
  double gain = -1;
  std::size_t at = 0;
  bool missing_left = false;
  Sums left{};
};

class Cutter {
 public:
  Cutter(const SplitRule& rule, const Sums& total, double least)
      : rule_(rule),
        total_(total),
        gradient_(rule.units.gradient_of(total)),
        curvature_(rule.units.curvature_of(total)),
        whole_(rule.worth(gradient_, curvature_)) {
    best_.gain = least;
  }

  void run(const Sums* sums, std::size_t count, Sums left, bool missing_left) {
    for (std::size_t i = 0; i < count; ++i) {
      left += sums[i];
      consider(left, i, missing_left);
    }
  }

  [[nodiscard]] const Cut& best() const { return best_; }
  [[nodiscard]] bool found() const { return found_; }

 private:
  void consider(const Sums& left, std::size_t at, bool missing_left) {
    const Units& units = rule_.units;
    const std::int64_t rows = units.rows(left);
    if (rows < rule_.min_samples_leaf || units.rows(total_) - rows < rule_.min_samples_leaf) return;
    const double g = units.gradient_of(left), h = units.curvature_of(left);
    const double other_g = gradient_ - g, other_h = curvature_ - h;
    if (h < rule_.min_child_weight || other_h < rule_.min_child_weight) return;
    const double below = h + rule_.lambda, other_below = other_h + rule_.lambda;
    if (!(below > 0 && other_below > 0)) return;
    // One division instead of two.
    const double gain =
        (g * g * other_below + other_g * other_g * below) / (below * other_below) - whole_;
    if (gain <= best_.gain) return;
    best_ = {gain, at, missing_left, left};
    found_ = true;
  }

  const SplitRule& rule_;
  const Sums total_;
  const double gradient_, curvature_, whole_;
  Cut best_;
  bool found_ = false;
};

// Cuts with missing rows right, then left; the cut after the last bin parts them from the others.
Cut best_cut(const Sums* sums, std::size_t count, const ColumnSums& column, const Sums& total,
             const SplitRule& rule, double least, bool& found) {
  Cutter cutter(rule, total, least);
  const bool missing = any_rows(column.missing);
  cutter.run(sums, missing ? count : count - 1, Sums{}, false);
  if (missing) cutter.run(sums, count - 1, column.missing, true);
  found = cutter.found();
  Cut cut = cutter.best();
  // Where none was missing, a missing value later goes with the greater part.
  if (found && !missing) cut.missing_left = 2 * cut.left[1] >= total[1];
  return cut;
}

bool improve_by_number(const ColumnSums& column, const Sums& total, const SplitRule& rule,
                       Split& best) {
  bool found = false;
  const Cut cut =
      best_cut(column.sums, column.present.size(), column, total, rule, best.gain, found);
  if (!found) return false;
  // Between two bins that occur lies room: cut in its middle.
  const std::size_t below = column.present[cut.at];
  const bool last = cut.at + 1 == column.present.size();
  const std::size_t above = last ? column.bins : column.present[cut.at + 1];
  best = {
      .gain = cut.gain,
      .column = column.column,
      .bin = static_cast<std::uint16_t>(last ? column.bins - 1 : below + (above - below - 1) / 2),
      .missing_left = cut.missing_left,
      .left = cut.left};
  return true;
}

struct Ordered {
  std::array<std::uint8_t, 256> places{};  // Into ColumnSums::present.
  std::array<Sums, 256> sums{};
};

void order_by_gradient(const ColumnSums& column, const SplitRule& rule, Ordered& ordered) {
  const std::size_t n = column.present.size();
  std::array<double, 256> keys{};
  for (std::size_t i = 0; i < n; ++i) {
    ordered.places[i] = static_cast<std::uint8_t>(i);
    const double below = rule.units.curvature_of(column.sums[i]) + rule.category_smoothing;
    keys[i] = below > 0 ? rule.units.gradient_of(column.sums[i]) / below : 0;
  }
  std::stable_sort(ordered.places.begin(), ordered.places.begin() + static_cast<std::ptrdiff_t>(n),
                   [&](std::uint8_t a, std::uint8_t b) { return keys[a] < keys[b]; });
}

void order_as_given(const ColumnSums& column, Ordered& ordered) {
  std::array<std::uint8_t, 256> place_of{};
  BinSet present{};
  for (std::size_t i = 0; i < column.present.size(); ++i) {
    put(present, column.present[i]);
    place_of[column.present[i]] = static_cast<std::uint8_t>(i);
  }
  std::size_t n = 0;
  for (const std::uint8_t bin : column.order) {
    if (holds(present, bin)) ordered.places[n++] = place_of[bin];
  }
}

bool improve_by_set(const ColumnSums& column, const Sums& total, const SplitRule& rule,
                    Split& best) {
  const std::size_t n = column.present.size();
  Ordered ordered;
  if (column.order.empty()) {
    order_by_gradient(column, rule, ordered);
  } else {
    order_as_given(column, ordered);
  }
  for (std::size_t i = 0; i < n; ++i) ordered.sums[i] = column.sums[ordered.places[i]];
  bool found = false;
  const Cut cut = best_cut(ordered.sums.data(), n, column, total, rule, best.gain, found);
  if (!found) return false;
  best = {.gain = cut.gain,
          .column = column.column,
          .by_set = true,
          .missing_left = cut.missing_left,
          .left = cut.left};
  if (!column.order.empty()) {
    // All up to the last one that goes left, here or not: few different sets in a whole forest.
    for (const std::uint8_t bin : column.order) {
      put(best.set, bin);
      if (bin == column.present[ordered.places[cut.at]]) break;
    }
    return true;
  }
  // Values that do not occur here go with the greater part.
  if (2 * cut.left[1] >= total[1]) {
    for (std::size_t bin = 0; bin < column.bins; ++bin) put(best.set, bin);
    for (std::size_t i = cut.at + 1; i < n; ++i) {
      const std::uint8_t bin = column.present[ordered.places[i]];
      best.set[bin >> 6] &= ~(std::uint64_t{1} << (bin & 63));
    }
  } else {
    for (std::size_t i = 0; i <= cut.at; ++i) put(best.set, column.present[ordered.places[i]]);
  }
  return true;
}

}  // namespace

// What cuts inside a bin are worth is a convex function of what they take from it, so that none is
// worth more than to take all its weight of one class, or of the other.
bool mark_bins_to_look_into(const ColumnSums& column, const Sums& total, const SplitRule& rule,
                            double gain, std::uint8_t* marks) {
  const Units& units = rule.units;
  const double all_g = units.gradient_of(total), all_h = units.curvature_of(total);
  const double whole = rule.worth(all_g, all_h);
  const double least = whole + gain - 1e-9 * (whole + 1);  // Rounding must not hide one.
  const auto worth = [&](double g, double h) {
    return rule.worth(g, h) + rule.worth(all_g - g, all_h - h);
  };
  bool any = false;
  Sums before{};
  for (std::size_t i = 0; i < column.present.size(); ++i) {
    const double g = units.gradient_of(column.sums[i]), h = units.curvature_of(column.sums[i]);
    double most = 0;
    for (const Sums& left : {before, before + column.missing}) {
      const double left_g = units.gradient_of(left), left_h = units.curvature_of(left);
      most = std::max({most, worth(left_g + g, left_h + g), worth(left_g, left_h + h - g)});
    }
    const bool look = units.rows(column.sums[i]) > 1 && most > least;
    marks[column.present[i]] = look ? 1 : 0;
    any = any || look;
    before += column.sums[i];
  }
  return any;
}

void improve_inside(const FineSums& bin, const Sums& total, const SplitRule& rule, Split& best) {
  const std::size_t cuts = bin.present.size() - 1;
  const bool missing = any_rows(bin.missing);
  Cutter cutter(rule, total, best.gain);
  cutter.run(bin.sums, cuts, bin.before, false);
  if (missing) cutter.run(bin.sums, cuts, bin.before + bin.missing, true);
  if (!cutter.found()) return;
  const Cut& cut = cutter.best();
  const std::size_t below = bin.present[cut.at], above = bin.present[cut.at + 1];
  best = {.gain = cut.gain,
          .column = bin.column,
          .bin = static_cast<std::uint16_t>(below + (above - below - 1) / 2),
          .fine = true,
          .missing_left = missing ? cut.missing_left : 2 * cut.left[1] >= total[1],
          .left = cut.left};
}

bool improve(const ColumnSums& column, const Sums& total, const SplitRule& rule, Split& best) {
  const std::size_t values = column.present.size();
  if (values == 0 || values + (any_rows(column.missing) ? 1 : 0) < 2) return false;
  if (column.numeric) {
    improve_by_number(column, total, rule, best);
  } else {
    improve_by_set(column, total, rule, best);
  }
  return true;
}

}  // namespace learn::detail

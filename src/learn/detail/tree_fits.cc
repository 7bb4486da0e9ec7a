// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/tree_fits.h"

#include <algorithm>
#include <cmath>

namespace learn::detail {

// Powers of two, so that whole weights stay whole.
Units units_for(std::size_t rows, double largest) {
  Units units = Units::for_rows(rows);
  int exponent = 0;
  std::frexp(largest, &exponent);  // largest < 2^exponent
  units.gradient = units.curvature = std::ldexp(1.0, exponent - units.pull_bits);
  return units;
}

std::vector<std::uint32_t> rows_of(const BinnedSet& set) {
  std::vector<std::uint32_t> rows;
  rows.reserve(set.labels->values.size());
  for (std::uint32_t row = 0; row < set.labels->values.size(); ++row) {
    if (set.weights.empty() || set.weights[row] > 0) rows.push_back(row);
  }
  return rows;
}

std::vector<Pull> weights_as_pulls(const BinnedSet& set, std::span<const std::uint16_t> times,
                                   Units& units) {
  const std::vector<std::uint8_t>& labels = set.labels->values;
  const auto weight = [&](std::size_t row) {
    return (set.weights.empty() ? 1 : set.weights[row]) * (times.empty() ? 1 : times[row]);
  };
  double largest = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) largest = std::max(largest, weight(row));
  units = units_for(labels.size(), largest);
  std::vector<Pull> pulls(labels.size());
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto whole = static_cast<std::int32_t>(std::nearbyint(weight(row) / units.curvature));
    pulls[row] = {labels[row] != 0 ? whole : 0, whole};
  }
  return pulls;
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// Sums of rows by bin, as whole numbers: exact, so that no order of adding and no number of threads
// changes them, and that a parent without one child is the other child.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/detail/binned.h"

namespace learn::detail {

// What a row adds: its gradient and its curvature (its positive weight and its weight where the
// Gini impurity is meant), in units.
struct Pull {
  std::int32_t gradient = 0;
  std::int32_t curvature = 0;
};

// Two whole numbers in one register: [0] the gradients, and in its lowest bits how many rows;
// [1] the curvatures.
using Sums = std::int64_t __attribute__((vector_size(16)));

// How sums are to be read.
struct Units {
  int count_bits = 1;
  int pull_bits = 30;  // A row's gradient and curvature are at most 2^pull_bits.
  double gradient = 1;
  double curvature = 1;

  // For so many rows that sums cannot overflow.
  static Units for_rows(std::size_t rows);

  [[nodiscard]] Sums of(const Pull& pull) const {
    return Sums{(static_cast<std::int64_t>(pull.gradient) << count_bits) + 1, pull.curvature};
  }
  [[nodiscard]] std::int64_t rows(const Sums& sums) const {
    return sums[0] & ((std::int64_t{1} << count_bits) - 1);
  }
  [[nodiscard]] std::int64_t gradient_units(const Sums& sums) const {
    return sums[0] >> count_bits;
  }
  [[nodiscard]] double gradient_of(const Sums& sums) const {
    return static_cast<double>(gradient_units(sums)) * gradient;
  }
  [[nodiscard]] double curvature_of(const Sums& sums) const {
    return static_cast<double>(sums[1]) * curvature;
  }
};

// Adds rows to the histograms of bundles; rows[i] adds pulls[rows[i]]. Bundle b's begins at
// starts[b] and its code of a row is cells[row * width + bundles[b]].
struct BundleRows {
  const std::uint8_t* cells = nullptr;
  std::size_t width = 0;
  std::span<const std::uint32_t> bundles;
  std::span<const std::uint32_t> starts;
};
void add_rows(const BundleRows& bundles, std::span<const std::uint32_t> rows, const Pull* pulls,
              const Units& units, Sums* histogram);

// The bins of one column that occur among rows, rising, and their sums: pulls[i] belongs to
// rows[i]. `zeros` are 256 zeros, and are so again. The number of bins; each list has room for 256.
std::size_t sum_column(const std::uint8_t* cells, std::span<const std::uint32_t> rows,
                       const Sums* pulls, Sums* zeros, std::uint8_t* bins, Sums* sums);

// Lets the rows whose cell goes left stand first; both halves keep their order. How many go left.
// `spare` has room for as many as there are rows.
std::size_t part(const std::uint8_t* cells, const std::uint8_t* goes_left,
                 std::span<std::uint32_t> rows, std::uint32_t* spare);
std::size_t part(const std::uint16_t* cells, const std::uint8_t* goes_left,
                 std::span<std::uint32_t> rows, std::uint32_t* spare);

}  // namespace learn::detail

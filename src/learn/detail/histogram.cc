// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/histogram.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace learn::detail {

Units Units::for_rows(std::size_t rows) {
  Units units;
  units.count_bits = static_cast<int>(std::bit_width(rows));
  units.pull_bits = std::min(30, 62 - 2 * units.count_bits);
  return units;
}

void add_rows(const BundleRows& bundles, std::span<const std::uint32_t> rows, const Pull* pulls,
              const Units& units, Sums* histogram) {
  constexpr std::size_t kAhead = 16;  // Far rows are asked for early: cells lie anywhere.
  constexpr std::size_t kTogether = 4;
  const std::size_t n = rows.size(), count = bundles.bundles.size();
  const std::uint32_t* columns = bundles.bundles.data();
  const std::uint32_t* starts = bundles.starts.data();
  const auto ask_for = [&](std::size_t i) {
    if (i >= n) return;
    const std::size_t far = rows[i];
    __builtin_prefetch(bundles.cells + far * bundles.width);
    __builtin_prefetch(bundles.cells + far * bundles.width + bundles.width - 1);
    __builtin_prefetch(pulls + far);
  };
  // Several rows at a time: where a bundle begins is read once for all of them.
  std::size_t i = 0;
  for (; i + kTogether <= n; i += kTogether) {
    const std::uint8_t* cells[kTogether];
    Sums sums[kTogether];
    for (std::size_t k = 0; k < kTogether; ++k) {
      ask_for(i + kAhead + k);
      const std::size_t row = rows[i + k];
      cells[k] = bundles.cells + row * bundles.width;
      sums[k] = units.of(pulls[row]);
    }
    for (std::size_t b = 0; b < count; ++b) {
      Sums* bins = histogram + starts[b];
      const std::uint32_t column = columns[b];
      for (std::size_t k = 0; k < kTogether; ++k) bins[cells[k][column]] += sums[k];
    }
  }
  for (; i < n; ++i) {
    const std::size_t row = rows[i];
    const std::uint8_t* cells = bundles.cells + row * bundles.width;
    const Sums sums = units.of(pulls[row]);
    for (std::size_t b = 0; b < count; ++b) histogram[starts[b] + cells[columns[b]]] += sums;
  }
}

std::size_t sum_column(const std::uint8_t* cells, std::span<const std::uint32_t> rows,
                       const Sums* pulls, Sums* zeros, std::uint8_t* bins, Sums* sums) {
  constexpr std::size_t kFew = 200;  // Rows, for which looking at all bins would cost more.
  const std::size_t n = rows.size();
  std::size_t found = 0;
  if (n <= kFew) {
    std::uint64_t touched[4] = {0, 0, 0, 0};
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t bin = cells[rows[i]];
      zeros[bin] += pulls[i];
      touched[bin >> 6] |= std::uint64_t{1} << (bin & 63);
    }
    for (std::size_t word = 0; word < 4; ++word) {
      for (std::uint64_t rest = touched[word]; rest != 0; rest &= rest - 1) {
        const std::size_t bin = 64 * word + static_cast<std::size_t>(std::countr_zero(rest));
        bins[found] = static_cast<std::uint8_t>(bin);
        sums[found++] = zeros[bin];
        zeros[bin] = Sums{};
      }
    }
    return found;
  }
  for (std::size_t i = 0; i < n; ++i) zeros[cells[rows[i]]] += pulls[i];
  for (std::size_t bin = 0; bin < 256; ++bin) {
    if (zeros[bin][0] == 0) continue;  // Rows are counted in it: 0 only where there are none.
    bins[found] = static_cast<std::uint8_t>(bin);
    sums[found++] = zeros[bin];
    zeros[bin] = Sums{};
  }
  return found;
}

namespace {

template <class Cell>
std::size_t part_rows(const Cell* cells, const std::uint8_t* goes_left,
                      std::span<std::uint32_t> rows, std::uint32_t* spare) {
  std::size_t left = 0, right = 0;
  for (const std::uint32_t row : rows) {
    const std::size_t goes = goes_left[cells[row]];
    rows[left] = row;
    spare[right] = row;
    left += goes;
    right += 1 - goes;
  }
  std::copy_n(spare, right, rows.begin() + static_cast<std::ptrdiff_t>(left));
  return left;
}

}  // namespace

std::size_t part(const std::uint8_t* cells, const std::uint8_t* goes_left,
                 std::span<std::uint32_t> rows, std::uint32_t* spare) {
  return part_rows(cells, goes_left, rows, spare);
}
std::size_t part(const std::uint16_t* cells, const std::uint8_t* goes_left,
                 std::span<std::uint32_t> rows, std::uint32_t* spare) {
  return part_rows(cells, goes_left, rows, spare);
}

}  // namespace learn::detail

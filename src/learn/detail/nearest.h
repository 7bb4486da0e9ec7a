// SPDX-License-Identifier: Apache-2.0
// The exact nearest neighbours of rows, by comparing all of them in blocks that stay in the cache.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/column.h"
#include "learn/smote.h"

namespace learn::detail {

// Rows of a table as a distance sees them. The squared distance of two rows is the sum of
//   the squared difference of each numeric column, divided by its standard deviation among these
//   rows or, if they are to be raw, by the median of all these deviations; a missing number stands
//   at their mean, and one deviation beside every row that has the number;
//   1 for each text column in which they differ; a missing text is a text of its own.
// (That of raw numbers is SMOTE-NC's in units of its distance of two texts.)
// Distances are of single precision, the same on every machine; a column that is the same in all
// rows does not count.
class NeighbourSpace {
 public:
  NeighbourSpace(std::span<const data::Column* const> columns, std::span<const std::uint32_t> rows,
                 SmoteDistances distances);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t width() const { return numbers_ + texts_; }  // Columns that count.

  // The k nearest of the first `candidates` rows to each of the given rows (positions in the
  // space), k for each, the nearest first and of equally near ones the one that stands first. A row
  // is not its own neighbour. k is at most candidates − 1.
  [[nodiscard]] std::vector<std::uint32_t> nearest(std::span<const std::uint32_t> to,
                                                   std::size_t candidates, std::size_t k,
                                                   int threads) const;

 private:
  void search(std::span<const std::uint32_t> to, std::size_t candidates, std::size_t k,
              std::uint32_t* out) const;
  [[nodiscard]] const float* block(std::size_t number) const;
  [[nodiscard]] std::vector<float> row(std::size_t position) const;

  std::size_t rows_;
  std::size_t numbers_ = 0;
  std::size_t texts_ = 0;
  std::vector<float> blocks_;  // Block after block, in it column after column: numbers, then texts.
};

}  // namespace learn::detail

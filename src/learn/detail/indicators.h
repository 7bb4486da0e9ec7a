// SPDX-License-Identifier: Apache-2.0
// Indicators of the texts of one column: in every row at most one of them is 1. Sums over rows then
// need one addition for the column instead of one for each of its texts; sums of products of two
// columns' indicators are a table of counts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "learn/logistic_regression.h"

namespace learn::detail {

// A slot for each indicator, those of a column together, then one for rows where all of these are
// 0.
class IndicatorSlots {
 public:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  IndicatorSlots() = default;
  // Of those of the `chosen` features that are indicators and stand together with at least `least`
  // others of the same column. The features' values must outlive this.
  IndicatorSlots(std::span<const FeatureValues> features, std::span<const std::size_t> chosen,
                 std::size_t least);

  [[nodiscard]] std::size_t size() const { return place_of_slot_.size(); }
  [[nodiscard]] std::size_t columns() const { return columns_.size(); }
  // The place among the chosen of the slot's feature; kNone for the rows where all are 0.
  [[nodiscard]] std::span<const std::size_t> places() const { return place_of_slot_; }
  // The slot of each of n rows in every column, column by column.
  void find(std::size_t first, std::size_t n, std::uint32_t* slots) const;

 private:
  struct Column {
    std::span<const std::int32_t> codes;
    std::vector<std::uint32_t> slot_of_code;  // By the code + 1: a missing text's is −1.
  };
  std::vector<Column> columns_;
  std::vector<std::size_t> place_of_slot_;
};

}  // namespace learn::detail

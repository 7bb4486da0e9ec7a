// SPDX-License-Identifier: Apache-2.0
// How well each column tells the target on its own.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/column.h"

namespace learn::detail {

struct LoneColumn {
  std::string column;
  double auc = 0.5;  // At least 0.5: either direction.
};

// Best first. Numbers by their order, text by the share of positives of each value in the other
// half of the rows (drawn towards the mean by ten rows); missing values are a value of their own.
// Columns of doubles are judged by at most 50,000 rows, evenly spaced.
std::vector<LoneColumn> rank_lone_columns(std::span<const data::Column* const> columns,
                                          std::span<const std::uint8_t> labels);

}  // namespace learn::detail

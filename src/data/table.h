// SPDX-License-Identifier: Apache-2.0
// Named columns of equal length.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/column.h"

namespace data {

class Table {
 public:
  // Refuses two columns of one name, and columns of different lengths.
  static base::Result<Table> of(std::vector<Column> columns);

  [[nodiscard]] std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  [[nodiscard]] std::span<const Column> columns() const& { return columns_; }
  std::span<const Column> columns() const&& = delete;
  // Nothing where there is no such column.
  [[nodiscard]] const Column* find(std::string_view name) const&;
  const Column* find(std::string_view name) const&& = delete;
  // Refuses a name that is not there, and suggests the nearest one that is.
  [[nodiscard]] base::Result<std::size_t> index_of(std::string_view name) const;

  // The same columns with the given rows, in the given order.
  [[nodiscard]] Table take(std::span<const std::uint32_t> rows) const;

 private:
  std::vector<Column> columns_;
};

// The rows of left with the columns of right (without the key) beside them, matched by equal values
// of the key column. Every row of left must have exactly one partner in right; the rows of right
// may stand in any order. Refuses a key that is missing in either, repeated in right, or without a
// partner, naming the first such value.
base::Result<Table> join(const Table& left, const Table& right, std::string_view key);

// ", did you mean 'x'?" for the nearest of the names (optimal string alignment, the case of letters
// aside, at most a third of them wrong); empty where none is near.
std::string suggestion(std::string_view wrong, std::span<const std::string> names);

}  // namespace data

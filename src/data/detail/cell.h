// SPDX-License-Identifier: Apache-2.0
// What one cell of a delimited text says: missing, a number, or text.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace data::detail {

// The narrowest storage for a cell, ordered: a column takes the widest of its cells.
enum class Storage : std::uint8_t { kByte, kDouble, kText };

inline std::string_view trim_blanks(std::string_view cell) {
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
  return cell;
}

// Empty, NA, N/A, NaN, null or ?, in any case of the letters. The cell is trimmed.
bool is_missing_text(std::string_view cell);

// As base::parse_double, with a short way for plain decimals (Clinger 1990: mantissas below 2⁵³ and
// powers of ten up to 10²² are exact, so one division rounds correctly).
std::optional<double> parse_number(std::string_view cell);

// What a cell that is present needs.
Storage storage_of(double number);

}  // namespace data::detail

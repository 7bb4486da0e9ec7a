// SPDX-License-Identifier: Apache-2.0
#include "data/detail/cell.h"

#include <cmath>

#include "base/number.h"
#include "data/column.h"

namespace data::detail {
namespace {

constexpr double kPowersOfTen[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

bool equals_ignoring_case(std::string_view cell, std::string_view lower) {
  if (cell.size() != lower.size()) return false;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

}  // namespace

bool is_missing_text(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4) return false;
  return cell == "?" || equals_ignoring_case(cell, "na") || equals_ignoring_case(cell, "n/a") ||
         equals_ignoring_case(cell, "nan") || equals_ignoring_case(cell, "null");
}

std::optional<double> parse_number(std::string_view cell) {
  constexpr std::size_t kExactDigits = 15;
  const bool negative = !cell.empty() && cell.front() == '-';
  const std::size_t first = negative ? 1 : 0;
  if (cell.size() - first > kExactDigits + 1) return base::parse_double(cell);
  std::uint64_t mantissa = 0;
  std::size_t digits = 0, point = cell.size();
  for (std::size_t i = first; i < cell.size(); ++i) {
    const auto digit = static_cast<unsigned char>(cell[i] - '0');
    if (digit <= 9) {
      mantissa = mantissa * 10 + digit;
      ++digits;
    } else if (cell[i] == '.' && point == cell.size()) {
      point = i;
    } else {
      return base::parse_double(cell);
    }
  }
  if (digits == 0 || digits > kExactDigits) return base::parse_double(cell);
  const std::size_t decimals = point == cell.size() ? 0 : cell.size() - point - 1;
  const double value = static_cast<double>(mantissa) / kPowersOfTen[decimals];
  return negative ? -value : value;
}

Storage storage_of(double number) {
  const bool fits =
      number >= 0 && number < kMissingByte && number == std::trunc(number) && !std::signbit(number);
  return fits ? Storage::kByte : Storage::kDouble;
}

}  // namespace data::detail

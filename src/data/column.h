// SPDX-License-Identifier: Apache-2.0
// One typed column of a table. Whole numbers from 0 to 254 are kept as bytes (a purchase flag costs
// one byte, not eight), other numbers as doubles, text as codes into a dictionary of its distinct
// values.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace data {

// kInteger: every value present is a whole number. kReal: every value is a number. kText: anything
// else.
enum class ColumnType { kInteger, kReal, kText };
std::string_view name_of(ColumnType type);  // "integer", "real", "text"

inline constexpr std::uint8_t kMissingByte = 255;
inline constexpr std::int32_t kMissingCode = -1;
inline constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

// Values of a text column: codes[row] is an index into categories, or kMissingCode. Categories
// stand in the order of their first appearance and are distinct.
struct TextValues {
  std::vector<std::int32_t> codes;
  std::vector<std::string> categories;
};

class Column {
 public:
  // Bytes: kMissingByte is missing. Doubles: not-a-number is missing; infinities are not allowed.
  static Column of_bytes(std::string name, std::vector<std::uint8_t> values);
  static Column of_numbers(std::string name, std::vector<double> values);
  static Column of_text(std::string name, TextValues values);
  // For tests and small tables: an empty text is missing.
  static Column of_strings(std::string name, std::span<const std::string> values);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] ColumnType type() const { return type_; }
  [[nodiscard]] bool numeric() const { return type_ != ColumnType::kText; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t missing() const { return missing_; }

  // The number in a row (numeric columns; kMissingNumber where missing).
  [[nodiscard]] double number(std::size_t row) const;
  // All numbers, widened (numeric columns). A copy: 8 bytes a row.
  [[nodiscard]] std::vector<double> numbers() const;
  // What a person would read in the cell; empty where missing. Numbers in their shortest form.
  [[nodiscard]] std::string text(std::size_t row) const;
  [[nodiscard]] bool is_missing(std::size_t row) const;

  // The values as they are stored, without a copy: empty spans for a column stored otherwise. Valid
  // while the column lives and is not moved.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const&;
  [[nodiscard]] std::span<const double> doubles() const&;
  [[nodiscard]] std::span<const std::int32_t> codes() const&;
  [[nodiscard]] std::span<const std::string> categories()
      const&;  // Text columns; empty for others.
  std::span<const std::uint8_t> bytes() const&& = delete;
  std::span<const double> doubles() const&& = delete;
  std::span<const std::int32_t> codes() const&& = delete;
  std::span<const std::string> categories() const&& = delete;

  // The same column with the given rows, in the given order, each below size(). Keeps the whole
  // dictionary.
  [[nodiscard]] Column take(std::span<const std::uint32_t> rows) const;
  [[nodiscard]] Column renamed(std::string name) const;

 private:
  using Values = std::variant<std::vector<std::uint8_t>, std::vector<double>, TextValues>;
  Column(std::string name, ColumnType type, std::size_t missing, Values values);

  std::string name_;
  ColumnType type_;
  std::size_t missing_;
  Values values_;
};

}  // namespace data

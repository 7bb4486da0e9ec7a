// SPDX-License-Identifier: Apache-2.0
#include "data/column.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/number.h"

namespace data {

std::string_view name_of(ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return "integer";
    case ColumnType::kReal:
      return "real";
    case ColumnType::kText:
      return "text";
  }
  return "";
}

Column::Column(std::string name, ColumnType type, std::size_t missing, Values values)
    : name_(std::move(name)), type_(type), missing_(missing), values_(std::move(values)) {}

Column Column::of_bytes(std::string name, std::vector<std::uint8_t> values) {
  const auto missing = std::count(values.begin(), values.end(), kMissingByte);
  return {std::move(name), ColumnType::kInteger, static_cast<std::size_t>(missing),
          std::move(values)};
}

Column Column::of_numbers(std::string name, std::vector<double> values) {
  std::size_t missing = 0;
  bool whole = true;
  for (const double value : values) {
    CHECK(!std::isinf(value));
    if (std::isnan(value)) {
      ++missing;
    } else if (whole) {
      whole = value == std::trunc(value);
    }
  }
  return {std::move(name), whole ? ColumnType::kInteger : ColumnType::kReal, missing,
          std::move(values)};
}

Column Column::of_text(std::string name, TextValues values) {
  std::size_t missing = 0;
  for (const std::int32_t code : values.codes) {
    CHECK(code >= kMissingCode && code < static_cast<std::int32_t>(values.categories.size()));
    missing += code == kMissingCode ? 1 : 0;
  }
  return {std::move(name), ColumnType::kText, missing, std::move(values)};
}

Column Column::of_strings(std::string name, std::span<const std::string> values) {
  TextValues text;
  std::unordered_map<std::string_view, std::int32_t> code_of;
  for (const std::string& value : values) {
    if (value.empty()) {
      text.codes.push_back(kMissingCode);
      continue;
    }
    const auto [at, added] = code_of.try_emplace(value, static_cast<std::int32_t>(code_of.size()));
    if (added) text.categories.push_back(value);
    text.codes.push_back(at->second);
  }
  return of_text(std::move(name), std::move(text));
}

std::size_t Column::size() const {
  if (const auto* bytes = std::get_if<0>(&values_)) return bytes->size();
  if (const auto* doubles = std::get_if<1>(&values_)) return doubles->size();
  return std::get_if<2>(&values_)->codes.size();
}

double Column::number(std::size_t row) const {
  CHECK(numeric() && row < size());
  if (const auto* bytes = std::get_if<0>(&values_)) {
    return (*bytes)[row] == kMissingByte ? kMissingNumber : (*bytes)[row];
  }
  return (*std::get_if<1>(&values_))[row];
}

std::vector<double> Column::numbers() const {
  CHECK(numeric());
  if (const auto* doubles = std::get_if<1>(&values_)) return *doubles;
  const auto& bytes = *std::get_if<0>(&values_);
  std::vector<double> result(bytes.size());
  std::transform(bytes.begin(), bytes.end(), result.begin(),
                 [](std::uint8_t byte) { return byte == kMissingByte ? kMissingNumber : byte; });
  return result;
}

bool Column::is_missing(std::size_t row) const {
  CHECK(row < size());
  if (const auto* text = std::get_if<2>(&values_)) return text->codes[row] == kMissingCode;
  return std::isnan(number(row));
}

std::string Column::text(std::size_t row) const {
  if (is_missing(row)) return {};
  if (const auto* text = std::get_if<2>(&values_)) {
    return text->categories[static_cast<std::size_t>(text->codes[row])];
  }
  return base::format_double(number(row));
}

std::span<const std::uint8_t> Column::bytes() const& {
  const auto* values = std::get_if<0>(&values_);
  return values == nullptr ? std::span<const std::uint8_t>{} : *values;
}

std::span<const double> Column::doubles() const& {
  const auto* values = std::get_if<1>(&values_);
  return values == nullptr ? std::span<const double>{} : *values;
}

std::span<const std::int32_t> Column::codes() const& {
  const auto* values = std::get_if<2>(&values_);
  return values == nullptr ? std::span<const std::int32_t>{} : values->codes;
}

std::span<const std::string> Column::categories() const& {
  const auto* values = std::get_if<2>(&values_);
  return values == nullptr ? std::span<const std::string>{} : values->categories;
}

Column Column::take(std::span<const std::uint32_t> rows) const {
  const std::size_t length = size();
  for (const std::uint32_t row : rows) CHECK(row < length);
  const auto taken = [rows](const auto& values) {
    std::remove_cvref_t<decltype(values)> result(rows.size());
    std::transform(rows.begin(), rows.end(), result.begin(),
                   [&](std::uint32_t row) { return values[row]; });
    return result;
  };
  if (const auto* bytes = std::get_if<0>(&values_)) return of_bytes(name_, taken(*bytes));
  if (const auto* doubles = std::get_if<1>(&values_)) {
    Column result = of_numbers(name_, taken(*doubles));
    result.type_ = type_;
    return result;
  }
  const TextValues& text = *std::get_if<2>(&values_);
  return of_text(name_, {taken(text.codes), text.categories});
}

Column Column::renamed(std::string name) const {
  Column result = *this;
  result.name_ = std::move(name);
  return result;
}

}  // namespace data

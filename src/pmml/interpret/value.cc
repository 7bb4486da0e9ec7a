// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/value.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/number.h"

namespace pmml {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::optional<bool> parse_boolean(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (lower == "true") return true;
  if (lower == "false") return false;
  if (const auto number = base::parse_double(text)) {
    if (*number == 1) return true;
    if (*number == 0) return false;
  }
  return std::nullopt;
}

// "TRUE" in a column of numbers is 1.
std::optional<double> truth_as_number(std::string_view text) {
  const auto truth = parse_boolean(text);
  return truth ? std::optional<double>(*truth ? 1 : 0) : std::nullopt;
}

// "2026-11-22" → days since 1970-01-01.
std::optional<double> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = base::parse_int(text.substr(0, 4));
  const auto month = base::parse_int(text.substr(5, 2));
  const auto day = base::parse_int(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

// "2026-11-22T06:30:00" → seconds since 1970.
std::optional<double> parse_date_time(std::string_view text) {
  if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  const auto days = parse_date(text.substr(0, 10));
  const auto hours = base::parse_int(text.substr(11, 2));
  const auto minutes = base::parse_int(text.substr(14, 2));
  const auto seconds = base::parse_double(text.substr(17));
  if (!days || !hours || !minutes || !seconds) return std::nullopt;
  if (*hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59 || *seconds < 0 || *seconds >= 61)
    return std::nullopt;
  return *days * 86400 + static_cast<double>(*hours) * 3600 + static_cast<double>(*minutes) * 60 +
         *seconds;
}

bool is_integral(double number) {
  return std::floor(number) == number && std::abs(number) <= 0x1p53;
}

// "1.0" rather than "1": how a double reads as text in the scorers whose documents concatenate
// them.
std::string text_of_double(double number) {
  std::string text = base::format_double(number);
  if (is_integral(number) && text.find('e') == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Value number_value(DataType type, double number) {
  Value value;
  value.type = type;
  value.missing = std::isnan(number);
  value.number =
      type == DataType::kFloat ? static_cast<double>(static_cast<float>(number)) : number;
  return value;
}

Value text_value(std::string text) {
  Value value;
  value.missing = false;
  value.text = std::move(text);
  return value;
}

Value boolean_value(bool value) { return number_value(DataType::kBoolean, value ? 1 : 0); }

std::optional<Value> parse_value(std::string_view text, DataType type) {
  if (type == DataType::kString) return text_value(std::string(text));
  text = trim(text);
  std::optional<double> number;
  switch (type) {
    case DataType::kString:
      break;
    case DataType::kInteger:
      number = base::parse_double(text);
      if (number && !is_integral(*number)) number.reset();
      if (!number && text.size() > 3) number = truth_as_number(text);
      break;
    case DataType::kFloat:
    case DataType::kDouble:
      number = base::parse_double(text);
      if (!number && (text == "INF" || text == "Infinity")) number = HUGE_VAL;
      if (!number && (text == "-INF" || text == "-Infinity")) number = -HUGE_VAL;
      if (!number && text.size() > 3) number = truth_as_number(text);
      break;
    case DataType::kBoolean:
      if (const auto truth = parse_boolean(text)) number = *truth ? 1 : 0;
      break;
    case DataType::kDate:
      number = parse_date(text);
      break;
    case DataType::kDateTime:
      number = parse_date_time(text);
      break;
  }
  if (!number) return std::nullopt;
  return number_value(type, *number);
}

std::optional<Value> parse_operand(std::string_view text, DataType type) {
  auto value = parse_value(text, type);
  if (!value && type == DataType::kInteger) value = parse_value(text, DataType::kDouble);
  return value;
}

Value parse_constant(std::string_view text) {
  if (base::parse_int(text)) return *parse_value(text, DataType::kInteger);
  if (auto number = parse_value(text, DataType::kDouble)) return *number;
  return text_value(std::string(text));
}

std::optional<Value> cast(const Value& value, DataType type) {
  if (value.missing || value.type == type) return value;
  if (value.type == DataType::kString) return parse_value(value.text, type);
  if (type == DataType::kString) return text_value(to_text(value));
  const bool from_number = is_number(value.type) || value.type == DataType::kBoolean;
  if (!from_number || type == DataType::kDate || type == DataType::kDateTime) return std::nullopt;
  if (type == DataType::kInteger && !is_integral(value.number)) return std::nullopt;
  if (type == DataType::kBoolean && value.number != 0 && value.number != 1) return std::nullopt;
  return number_value(type, value.number);
}

std::string to_text(const Value& value) {
  if (value.missing) return "";
  switch (value.type) {
    case DataType::kString:
      return value.text;
    case DataType::kInteger:
      return base::format_double(value.number);
    case DataType::kFloat:
    case DataType::kDouble:
      return text_of_double(value.number);
    case DataType::kBoolean:
      return value.number != 0 ? "true" : "false";
    case DataType::kDate:
    case DataType::kDateTime:
      return base::format_double(value.number);
  }
  return "";
}

std::optional<int> compare(const Value& left, const Value& right) {
  const auto order = [](const auto& a, const auto& b) { return a < b ? -1 : (b < a ? 1 : 0); };
  if (is_number(left.type) && is_number(right.type)) {
    if (std::isnan(left.number) || std::isnan(right.number)) return std::nullopt;
    return order(left.number, right.number);
  }
  const auto same_type = cast(right, left.type);
  if (!same_type) return std::nullopt;
  if (left.type == DataType::kString) return order(left.text, same_type->text);
  return order(left.number, same_type->number);
}

bool same_category(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto x = base::parse_double(a);
  const auto y = base::parse_double(b);
  if (x && y) return *x == *y;
  const auto p = parse_boolean(a);
  const auto q = parse_boolean(b);
  return p && q && *p == *q;
}

}  // namespace pmml

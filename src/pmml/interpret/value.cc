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

// "06:30:00" → seconds since midnight.
std::optional<double> parse_time(std::string_view text) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = base::parse_int(text.substr(0, 2));
  const auto minutes = base::parse_int(text.substr(3, 2));
  const auto seconds = base::parse_double(text.substr(6));
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (*hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59 || *seconds < 0 || *seconds >= 61)
    return std::nullopt;
  return static_cast<double>(*hours) * 3600 + static_cast<double>(*minutes) * 60 + *seconds;
}

// "2026-11-22T06:30:00", with or without a zone ("Z", "+02:00") → seconds since 1970.
std::optional<double> parse_date_time(std::string_view text) {
  if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  double offset = 0;
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  } else if (const std::size_t sign = text.find_last_of("+-");
             sign >= 19 && sign + 6 == text.size()) {
    const auto zone = parse_time(std::string(text.substr(sign + 1)) + ":00");
    if (!zone) return std::nullopt;
    offset = text[sign] == '+' ? *zone : -*zone;
    text = text.substr(0, sign);
  }
  const auto days = parse_date(text.substr(0, 10));
  const auto seconds = parse_time(text.substr(11));
  if (!days || !seconds) return std::nullopt;
  return *days * 86400 + *seconds - offset;
}

double days_to_year(int year) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::January,
                                         std::chrono::day(1)};
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

enum class Clock { kDays, kSeconds, kOfDay };

struct Calendar {
  Clock clock;
  double origin;  // Days from 1970-01-01 to the type's zero.
};

Calendar calendar_of(DataType type) {
  switch (type) {
    case DataType::kTime:
    case DataType::kTimeSeconds:
      return {Clock::kOfDay, 0};
    case DataType::kDaysSince0:
      return {Clock::kDays, days_to_year(0)};
    case DataType::kDaysSince1960:
      return {Clock::kDays, days_to_year(1960)};
    case DataType::kDaysSince1980:
      return {Clock::kDays, days_to_year(1980)};
    case DataType::kDate:
    case DataType::kDaysSince1970:
      return {Clock::kDays, 0};
    case DataType::kSecondsSince0:
      return {Clock::kSeconds, days_to_year(0)};
    case DataType::kSecondsSince1960:
      return {Clock::kSeconds, days_to_year(1960)};
    case DataType::kSecondsSince1980:
      return {Clock::kSeconds, days_to_year(1980)};
    case DataType::kDateTime:
    case DataType::kSecondsSince1970:
    case DataType::kString:
    case DataType::kInteger:
    case DataType::kFloat:
    case DataType::kDouble:
    case DataType::kBoolean:
      break;
  }
  return {Clock::kSeconds, 0};
}

// A date or time in another of these types; nothing for the date of a time of day.
std::optional<double> convert_time(double number, DataType from, DataType to) {
  const Calendar a = calendar_of(from);
  const Calendar b = calendar_of(to);
  if (a.clock == Clock::kOfDay || b.clock == Clock::kOfDay) {
    if (a.clock == b.clock) return number;
    if (a.clock != Clock::kSeconds) return std::nullopt;
    return number - std::floor(number / 86400) * 86400;
  }
  const double seconds = (a.clock == Clock::kDays ? number * 86400 : number) + a.origin * 86400;
  const double since = seconds - b.origin * 86400;
  return b.clock == Clock::kDays ? std::floor(since / 86400) : since;
}

// A date, a date with a time, a time, or the number of an elapsed time.
std::optional<double> parse_moment(std::string_view text, DataType type) {
  const Clock clock = calendar_of(type).clock;
  if (is_elapsed(type)) {
    const auto number = base::parse_double(text);
    if (number && std::floor(*number) == *number && std::abs(*number) <= 0x1p53) return number;
  }
  if (clock == Clock::kOfDay) return parse_time(text);
  if (const auto days = parse_date(text)) return convert_time(*days, DataType::kDate, type);
  // The seconds since a year are a dateTime; a bare date is its midnight. A date has no time.
  if (clock == Clock::kDays && type == DataType::kDate) return std::nullopt;
  const auto seconds = parse_date_time(text);
  return seconds ? convert_time(*seconds, DataType::kDateTime, type) : std::nullopt;
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string text_of_time(double seconds) {
  const int whole = static_cast<int>(std::floor(seconds));
  std::string text =
      two_digits(whole / 3600) + ":" + two_digits(whole / 60 % 60) + ":" + two_digits(whole % 60);
  const double fraction = seconds - std::floor(seconds);
  // Seconds since 1970 leave room for microseconds.
  if (fraction > 0) text += base::format_fixed(std::floor(fraction * 1e6) / 1e6, 6).substr(1);
  return text;
}

std::string text_of_date(double days) {
  if (std::abs(days) > 1e7) return base::format_double(days);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  std::string year = std::to_string(static_cast<int>(date.year()));
  while (year.size() < 4) year.insert(0, "0");
  return year + "-" + two_digits(static_cast<int>(static_cast<unsigned>(date.month()))) + "-" +
         two_digits(static_cast<int>(static_cast<unsigned>(date.day())));
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
    default:
      number = parse_moment(text, type);
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
  if (is_time(value.type) && is_time(type)) {
    const auto moment = convert_time(value.number, value.type, type);
    return moment ? std::optional(number_value(type, *moment)) : std::nullopt;
  }
  // Only an elapsed time is a number, and a number only an elapsed time.
  if ((is_time(value.type) && !is_elapsed(value.type)) || (is_time(type) && !is_elapsed(type)))
    return std::nullopt;
  if (is_elapsed(type) && !is_integral(value.number)) return std::nullopt;
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
      return text_of_date(value.number);
    case DataType::kTime:
      return text_of_time(value.number);
    case DataType::kDateTime: {
      const double days = std::floor(value.number / 86400);
      return text_of_date(days) + "T" + text_of_time(value.number - days * 86400);
    }
    default:
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

// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/number.h"

namespace pmml {
namespace {

using base::Result;

base::Error refuse(std::string_view pattern, const std::string& why) {
  return base::input_error("the format '" + std::string(pattern) + "' " + why);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

// A whole number without its sign, in a base.
std::string digits(double number, int base_of_digits) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 static_cast<std::uint64_t>(number), base_of_digits);
  return {buffer.data(), end.ptr};
}

std::string real(double number, std::chars_format format, int precision) {
  std::array<char, 512> buffer{};  // The largest double has 309 digits before its point.
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format,
                                 precision < 0 ? 6 : precision);
  return {buffer.data(), end.ptr};
}

}  // namespace

Result<NumberFormat> NumberFormat::parse(std::string_view pattern) {
  NumberFormat format;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::string& literal = format.conversion_ == '\0' ? format.before_ : format.after_;
    if (pattern[i] != '%') {
      literal += pattern[i];
      continue;
    }
    if (++i == pattern.size()) return refuse(pattern, "ends in a %");
    if (pattern[i] == '%') {
      literal += '%';
      continue;
    }
    if (format.conversion_ != '\0')
      return refuse(pattern, "has two conversions; there is one number");
    for (; i < pattern.size() && std::string_view("-+ 0").find(pattern[i]) != std::string::npos;
         ++i) {
      format.left_ = format.left_ || pattern[i] == '-';
      format.plus_ = format.plus_ || pattern[i] == '+';
      format.blank_ = format.blank_ || pattern[i] == ' ';
      format.zero_ = format.zero_ || pattern[i] == '0';
    }
    for (; i < pattern.size() && is_digit(pattern[i]) && format.width_ < 100; ++i)
      format.width_ = format.width_ * 10 + (pattern[i] - '0');
    if (i < pattern.size() && pattern[i] == '.') {
      format.precision_ = 0;
      for (++i; i < pattern.size() && is_digit(pattern[i]) && format.precision_ < 100; ++i)
        format.precision_ = format.precision_ * 10 + (pattern[i] - '0');
    }
    if (format.width_ > 99 || format.precision_ > 99)
      return refuse(pattern, "asks for more than 99 characters");
    // How wide the number is in memory says nothing here.
    while (i < pattern.size() && std::string_view("hlLqjzt").find(pattern[i]) != std::string::npos)
      ++i;
    if (i == pattern.size() ||
        std::string_view("diuoxXeEfFgGs").find(pattern[i]) == std::string::npos)
      return refuse(pattern, "has a conversion that is none of d i u o x X e E f F g G s");
    format.conversion_ = pattern[i];
  }
  return format;
}

// The number without its sign.
std::string NumberFormat::convert(double number) const {
  std::string text;
  switch (conversion_) {
    case 'd':
    case 'i':
    case 'u':
      text = digits(number, 10);
      break;
    case 'o':
      text = digits(number, 8);
      break;
    case 'x':
      text = digits(number, 16);
      break;
    case 'X':
      text = upper_ascii(digits(number, 16));
      break;
    case 'e':
      return real(number, std::chars_format::scientific, precision_);
    case 'E':
      return upper_ascii(real(number, std::chars_format::scientific, precision_));
    case 'f':
    case 'F':
      return real(number, std::chars_format::fixed, precision_);
    case 'g':
      return real(number, std::chars_format::general, precision_);
    default:
      return upper_ascii(real(number, std::chars_format::general, precision_));
  }
  // The precision of a whole number is its fewest digits.
  const auto fewest = static_cast<std::size_t>(std::max(precision_, 0));
  return text.size() < fewest ? std::string(fewest - text.size(), '0') + text : text;
}

std::optional<std::string> NumberFormat::apply(const Value& value) const {
  if (conversion_ == '\0') return before_;
  std::string sign;
  std::string body;
  bool pads_with_zeros = zero_ && !left_;
  if (conversion_ == 's') {
    body = to_text(value);
    if (precision_ >= 0) body = body.substr(0, static_cast<std::size_t>(precision_));
    pads_with_zeros = false;
  } else {
    const auto number = cast(value, DataType::kDouble);
    if (!number || number->missing) return std::nullopt;
    const double x = number->number;
    const bool whole = std::string_view("diuoxX").find(conversion_) != std::string::npos;
    if (whole && !(x == std::floor(x) && std::abs(x) <= 0x1p53)) return std::nullopt;
    const bool unsigned_only = std::string_view("uoxX").find(conversion_) != std::string::npos;
    if (unsigned_only && x < 0) return std::nullopt;
    if (whole ? x < 0 : std::signbit(x)) {
      sign = "-";
    } else if (plus_ && !unsigned_only) {
      sign = "+";
    } else if (blank_ && !unsigned_only) {
      sign = " ";
    }
    if (whole && precision_ >= 0) pads_with_zeros = false;
    if (std::isfinite(x)) {
      body = convert(std::abs(x));
    } else {
      body = std::string_view("EFG").find(conversion_) != std::string::npos ? "INF" : "inf";
      pads_with_zeros = false;
    }
  }
  const std::size_t length = sign.size() + body.size();
  const auto width = static_cast<std::size_t>(width_);
  const std::size_t padding = length < width ? width - length : 0;
  if (left_) return before_ + sign + body + std::string(padding, ' ') + after_;
  if (pads_with_zeros) return before_ + sign + std::string(padding, '0') + body + after_;
  return before_ + std::string(padding, ' ') + sign + body + after_;
}

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

constexpr std::string_view kDateConversions = "aAbBcCdDeFgGhjmsuUVwWxyY";
constexpr std::string_view kTimeConversions = "HIklMnprRSTtXzZ%P";

// What strftime reads out of a struct tm.
struct Moment {
  int year = 1970;
  int month = 1;     // From 1.
  int day = 1;       // Of the month, from 1.
  int weekday = 0;   // From Sunday, 0.
  int year_day = 0;  // From 0.
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t since_1970 = 0;  // Seconds.
};

Moment moment_of(double days, double seconds) {
  const auto date = std::chrono::sys_days(std::chrono::days(static_cast<int>(days)));
  const std::chrono::year_month_day civil(date);
  Moment m;
  m.year = static_cast<int>(civil.year());
  m.month = static_cast<int>(static_cast<unsigned>(civil.month()));
  m.day = static_cast<int>(static_cast<unsigned>(civil.day()));
  m.weekday = static_cast<int>(std::chrono::weekday(date).c_encoding());
  const auto new_year = std::chrono::sys_days(civil.year() / std::chrono::January / 1);
  m.year_day = static_cast<int>((date - new_year).count());
  const int whole = static_cast<int>(std::floor(seconds));
  m.hour = whole / 3600;
  m.minute = whole / 60 % 60;
  m.second = whole % 60;
  m.since_1970 = static_cast<std::int64_t>(days) * 86400 + whole;
  return m;
}

std::string padded(int number, int width, char with = '0') {
  std::string text = std::to_string(std::abs(number));
  if (static_cast<int>(text.size()) < width)
    text.insert(0, static_cast<std::size_t>(width) - text.size(), with);
  return number < 0 ? "-" + text : text;
}

// The year and week of ISO 8601: weeks begin on Monday; the first has the year's first Thursday.
std::pair<int, int> iso_week(const Moment& m) {
  const int monday_based = (m.weekday + 6) % 7;
  const int week = (m.year_day - monday_based + 10) / 7;
  const auto weeks_in = [](int year) {
    const auto thursday = [](int y) {
      return std::chrono::weekday(
                 std::chrono::sys_days(std::chrono::year(y) / std::chrono::December / 31))
                 .c_encoding() == 4;
    };
    const bool long_year =
        thursday(year) || std::chrono::weekday(std::chrono::sys_days(std::chrono::year(year) /
                                                                     std::chrono::January / 1))
                                  .c_encoding() == 4;
    return long_year ? 53 : 52;
  };
  if (week < 1) return {m.year - 1, weeks_in(m.year - 1)};
  if (week > weeks_in(m.year)) return {m.year + 1, 1};
  return {m.year, week};
}

std::string convert(char conversion, const Moment& m) {
  const auto all = [&](std::string_view conversions) {
    std::string text;
    for (const char c : conversions) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      text += letter ? convert(c, m) : std::string(1, c);
    }
    return text;
  };
  const int twelve = m.hour % 12 == 0 ? 12 : m.hour % 12;
  const auto day = static_cast<std::size_t>(m.weekday);
  const auto month = static_cast<std::size_t>(m.month - 1);
  switch (conversion) {
    case 'a':
      return std::string(kDays[day].substr(0, 3));
    case 'A':
      return std::string(kDays[day]);
    case 'b':
    case 'h':
      return std::string(kMonths[month].substr(0, 3));
    case 'B':
      return std::string(kMonths[month]);
    case 'c':
      return all("a b e T Y");
    case 'C':
      return padded(m.year / 100, 2);
    case 'd':
      return padded(m.day, 2);
    case 'D':
    case 'x':
      return all("m/d/y");
    case 'e':
      return padded(m.day, 2, ' ');
    case 'F':
      return all("Y-m-d");
    case 'g':
      return padded(iso_week(m).first % 100, 2);
    case 'G':
      return padded(iso_week(m).first, 4);
    case 'H':
      return padded(m.hour, 2);
    case 'I':
      return padded(twelve, 2);
    case 'j':
      return padded(m.year_day + 1, 3);
    case 'k':
      return padded(m.hour, 2, ' ');
    case 'l':
      return padded(twelve, 2, ' ');
    case 'm':
      return padded(m.month, 2);
    case 'M':
      return padded(m.minute, 2);
    case 'n':
      return "\n";
    case 'p':
      return m.hour < 12 ? "AM" : "PM";
    case 'P':
      return m.hour < 12 ? "am" : "pm";
    case 'r':
      return all("I:M:S p");
    case 'R':
      return all("H:M");
    case 's':
      return std::to_string(m.since_1970);
    case 'S':
      return padded(m.second, 2);
    case 't':
      return "\t";
    case 'T':
    case 'X':
      return all("H:M:S");
    case 'u':
      return padded(m.weekday == 0 ? 7 : m.weekday, 1);
    case 'U':
      return padded((m.year_day + 7 - m.weekday) / 7, 2);
    case 'V':
      return padded(iso_week(m).second, 2);
    case 'w':
      return padded(m.weekday, 1);
    case 'W':
      return padded((m.year_day + 7 - (m.weekday + 6) % 7) / 7, 2);
    case 'y':
      return padded(((m.year % 100) + 100) % 100, 2);
    case 'Y':
      return padded(m.year, 1);
    case 'z':
      return "+0000";
    case 'Z':
      return "UTC";
    default:
      return "%";
  }
}

}  // namespace

Result<DateFormat> DateFormat::parse(std::string_view pattern) {
  DateFormat format;
  std::string literal;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      literal += pattern[i];
      continue;
    }
    if (++i == pattern.size()) return refuse(pattern, "ends in a %");
    // The C locale has no other forms for %E and %O to ask for.
    if ((pattern[i] == 'E' || pattern[i] == 'O') && i + 1 < pattern.size()) ++i;
    const bool date = kDateConversions.find(pattern[i]) != std::string_view::npos;
    if (!date && kTimeConversions.find(pattern[i]) == std::string_view::npos)
      return refuse(pattern,
                    "has %" + std::string(1, pattern[i]) + ", which strftime does not know");
    format.needs_date_ = format.needs_date_ || date;
    format.parts_.push_back({std::move(literal), pattern[i]});
    literal.clear();
  }
  format.parts_.push_back({std::move(literal), '\0'});
  return format;
}

std::optional<std::string> DateFormat::apply(const Value& value) const {
  const auto moment = [&]() -> std::optional<Moment> {
    if (const auto time = cast(value, DataType::kTime);
        time && (value.type == DataType::kTime || value.type == DataType::kTimeSeconds)) {
      if (needs_date_) return std::nullopt;
      return moment_of(0, time->number - std::floor(time->number / 86400) * 86400);
    }
    const auto point = cast(value, DataType::kDateTime);
    if (!point || std::abs(point->number) > 1e11) return std::nullopt;
    const double days = std::floor(point->number / 86400);
    return moment_of(days, point->number - days * 86400);
  }();
  if (!moment) return std::nullopt;
  std::string result;
  for (const Part& part : parts_) {
    result += part.literal;
    if (part.conversion != '\0') result += convert(part.conversion, *moment);
  }
  return result;
}

}  // namespace pmml

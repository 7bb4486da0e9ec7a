// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>

namespace pmml {
namespace {

std::string number(const std::string& pattern, double value) {
  return NumberFormat::parse(pattern)
      .value()
      .apply(number_value(DataType::kDouble, value))
      .value_or("invalid");
}

std::string date(const std::string& pattern, const std::string& text, DataType type) {
  return DateFormat::parse(pattern).value().apply(*parse_value(text, type)).value_or("invalid");
}

// C's own printf is the oracle, in the C locale of a test.
TEST(NumberFormat, prints_as_printf_does) {
  for (const char* pattern : {"%f", "%.2f", "%10.3f|", "%-10.1f|", "%010.2f", "%+.0f", "% f", "%e",
                              "%.3E", "%g", "%.10g", "%G", "%5.1f%%", "<%+012.4e>"}) {
    for (const double value : {0.0, 1.0, -1.5, 2.5, 1234567.891, 1e-7, -1e20, 0.1}) {
      char expected[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      std::snprintf(expected, sizeof expected, pattern, value);
#pragma GCC diagnostic pop
      EXPECT_EQ(number(pattern, value), expected) << pattern << " of " << value;
    }
  }
  for (const char* pattern : {"%d", "%3d", "%-6d|", "%06d", "%+d", "%.4d", "%8.4d|", "% d"}) {
    for (const int value : {0, 7, -7, 123456}) {
      char expected[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      std::snprintf(expected, sizeof expected, pattern, value);
#pragma GCC diagnostic pop
      EXPECT_EQ(number(pattern, value), expected) << pattern << " of " << value;
    }
  }
  EXPECT_EQ(number("%ld rows", 12), "12 rows");
  EXPECT_EQ(number("%x %%", 255), "ff %");
}

TEST(NumberFormat, takes_no_conversion_that_reads_memory) {
  for (const char* pattern : {"%n", "%p", "%*d", "%", "%d %d", "%100000d", "%.999f", "%c", "%d%s"})
    EXPECT_FALSE(NumberFormat::parse(pattern)) << pattern;
  EXPECT_EQ(number("%d", 2.5), "invalid");
  EXPECT_EQ(number("%u", -1), "invalid");
  EXPECT_EQ(number("%f", HUGE_VAL), "inf");
}

// C's own strftime is the oracle.
TEST(DateFormat, prints_as_strftime_does) {
  for (const char* text : {"2004-08-20T19:20:30", "1969-12-31T23:59:59", "2000-02-29T00:00:00",
                           "2026-11-22T12:05:09", "2021-01-03T01:00:00", "2018-12-31T13:00:00"}) {
    const auto value = *parse_value(text, DataType::kDateTime);
    const auto seconds = static_cast<std::time_t>(value.number);
    std::tm calendar{};
    gmtime_r(&seconds, &calendar);
    for (const char* conversion :
         {"%a", "%A", "%b", "%B", "%c", "%C", "%d", "%D", "%e", "%F", "%g", "%G", "%h",
          "%H", "%I", "%j", "%k", "%l", "%m", "%M", "%n", "%p", "%P", "%r", "%R", "%S",
          "%t", "%T", "%u", "%U", "%V", "%w", "%W", "%x", "%X", "%y", "%Y", "%%"}) {
      char expected[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-y2k"
      std::strftime(expected, sizeof expected, conversion, &calendar);
#pragma GCC diagnostic pop
      EXPECT_EQ(DateFormat::parse(conversion).value().apply(value), expected)
          << conversion << " of " << text;
    }
  }
}

TEST(DateFormat, formats_dates_and_times) {
  // The example of the standard's formatDatetime.
  EXPECT_EQ(date("%m/%d/%y", "2004-08-20", DataType::kDate), "08/20/04");
  EXPECT_EQ(date("%H:%M", "19:20:30", DataType::kTime), "19:20");
  EXPECT_EQ(date("%Y", "19:20:30", DataType::kTime), "invalid");
  EXPECT_FALSE(DateFormat::parse("%Q"));
  EXPECT_FALSE(DateFormat::parse("100%"));
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// Numbers to and from text, whatever the locale.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// The whole text as a finite decimal number ("1", "-2.5e3", "+7"); nothing for anything else: no
// blanks, no "nan", no "inf", no hexadecimal, no thousands separators.
std::optional<double> parse_double(std::string_view text);

// The whole text as a decimal integer ("-12", "+7"); nothing for anything else or out of range.
std::optional<std::int64_t> parse_int(std::string_view text);

// The shortest text that reads back to the same double ("0.1", "1e+22", "nan", "inf").
std::string format_double(double value);

// With a fixed number of decimals ("0.70"); a negative zero is printed as zero.
std::string format_fixed(double value, int decimals);

// With thousands separated by commas ("335,000"), for people.
std::string format_count(std::int64_t value);

}  // namespace base

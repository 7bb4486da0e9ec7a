// SPDX-License-Identifier: Apache-2.0
// The patterns of formatNumber and formatDatetime (PMML 4.4 «BuiltinFunctions»): those of C's
// printf and strftime, parsed and carried out here, in the C locale, whatever the machine's.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pmml/interpret/value.h"

namespace pmml {

// "%3d", "%.2f %%": at most one conversion (d i u o x X e E f F g G s), flags - + blank 0, width
// and precision up to 99.
class NumberFormat {
 public:
  static base::Result<NumberFormat> parse(std::string_view pattern);
  // Nothing for a value that the conversion is not for: an integer conversion of 2.5.
  [[nodiscard]] std::optional<std::string> apply(const Value& value) const;

 private:
  [[nodiscard]] std::string convert(double number) const;
  std::string before_;
  std::string after_;
  char conversion_ = '\0';  // None.
  bool left_ = false;
  bool plus_ = false;
  bool blank_ = false;
  bool zero_ = false;
  int width_ = 0;
  int precision_ = -1;
};

// "%Y-%m-%d": the conversions of POSIX strftime; times are UTC.
class DateFormat {
 public:
  static base::Result<DateFormat> parse(std::string_view pattern);
  // Nothing for a value that is no date, time or date with time, and for a conversion that asks a
  // time for its date.
  [[nodiscard]] std::optional<std::string> apply(const Value& value) const;

 private:
  struct Part {
    std::string literal;
    char conversion;  // '\0': none follows.
  };
  std::vector<Part> parts_;
  bool needs_date_ = false;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// The exact value of a JSON number, so that 41.0 is 41 and 23.450 is 23 dollars and 45 cents,
// but 23.455 is no cents.
#pragma once
#include <cstdint>
#include <string_view>

namespace event::detail {

// (-1)^negative · digits · 10^exponent, with digits not divisible by ten (zero: all zero).
struct Decimal {
  bool negative = false;
  bool huge = false;  // More significant digits than 64 bits hold; digits is then meaningless.
  std::uint64_t digits = 0;
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

enum class Fit : std::uint8_t { kExact, kFraction, kTooLarge };

// `text` obeys the grammar of a JSON number.
Decimal decimal(std::string_view text);

// value · 10^power as a whole number in 64 bits.
Fit scaled(const Decimal& value, int power, std::int64_t& out);

}  // namespace event::detail

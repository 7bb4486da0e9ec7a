// SPDX-License-Identifier: Apache-2.0
#include "event/detail/decimal.h"

#include <limits>

namespace event::detail {
namespace {
constexpr std::int64_t kExponentBound =
    1 << 24;  // Beyond any message's length: larger exponents all mean the same.
}  // namespace

Decimal decimal(std::string_view text) {
  Decimal value;
  std::size_t at = 0;
  if (text[at] == '-') value.negative = true, ++at;
  bool after_point = false;
  std::int64_t zeros = 0;  // Zeros seen but not yet followed by another digit.
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.') {
      after_point = true;
      continue;
    }
    if (after_point) --value.exponent;
    const auto digit = static_cast<std::uint64_t>(text[at] - '0');
    if (digit == 0) {
      if (value.digits != 0 || value.huge) ++zeros;
      continue;
    }
    for (; zeros >= 0 && !value.huge; --zeros) {
      if (value.digits > (std::numeric_limits<std::uint64_t>::max() - 9) / 10) value.huge = true;
      value.digits *= 10;
    }
    zeros = 0;
    value.digits += digit;
  }
  value.exponent += zeros;
  if (value.huge) value.digits = 0;
  if (at < text.size()) {
    ++at;
    const bool down = text[at] == '-';
    if (text[at] == '-' || text[at] == '+') ++at;
    std::int64_t exponent = 0;
    for (; at < text.size(); ++at) {
      if (exponent < kExponentBound) exponent = exponent * 10 + (text[at] - '0');
    }
    value.exponent += down ? -exponent : exponent;
  }
  if (value.digits == 0 && !value.huge) value = Decimal{};
  return value;
}

Fit scaled(const Decimal& value, int power, std::int64_t& out) {
  std::int64_t exponent = value.exponent + power;
  if (value.digits == 0 && !value.huge) return out = 0, Fit::kExact;
  if (exponent < 0) return Fit::kFraction;
  if (value.huge || exponent > 18) return Fit::kTooLarge;
  const std::uint64_t limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) +
                              (value.negative ? 1U : 0U);
  std::uint64_t magnitude = value.digits;
  if (magnitude > limit) return Fit::kTooLarge;
  for (; exponent > 0; --exponent) {
    if (magnitude > limit / 10) return Fit::kTooLarge;
    magnitude *= 10;
  }
  out = value.negative ? static_cast<std::int64_t>(std::uint64_t{0} - magnitude)
                       : static_cast<std::int64_t>(magnitude);
  return Fit::kExact;
}

}  // namespace event::detail

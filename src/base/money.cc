// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <cmath>

namespace base {
namespace {
constexpr std::int64_t kLimit =
    10'000'000'000'000;  // Cents; 100 billion dollars is no single amount.

bool digits_to(std::string_view text, std::int64_t* value) {
  if (text.size() > 15) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  return true;
}
}  // namespace

Result<Cents> parse_cents(std::string_view text) {
  const auto refuse = [&] {
    return input_error("amount '" + std::string(text.substr(0, 40)) +
                       "' is not money: expected digits with at most two decimals, such as 12.34");
  };
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "" : rest.substr(point + 1);
  std::int64_t cents = 0;
  if (whole.empty() || decimals.size() > 2 || !digits_to(whole, &cents)) return refuse();
  if (point != std::string_view::npos && decimals.empty()) return refuse();
  std::int64_t fraction = 0;
  if (!digits_to(decimals, &fraction)) return refuse();
  if (decimals.size() == 1) fraction *= 10;
  if (cents > kLimit / 100) return refuse();
  cents = cents * 100 + fraction;
  return Cents(negative ? -cents : cents);
}

Result<Cents> cents_from_dollars(double dollars) {
  if (!std::isfinite(dollars) || std::fabs(dollars) * 100 > static_cast<double>(kLimit)) {
    return input_error("an amount must be a finite number of dollars below 100 billion");
  }
  return Cents(std::llround(dollars * 100));
}

std::string format_cents(Cents amount) {
  const bool negative = amount.value() < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -amount.value() : amount.value());
  const std::string digits = std::to_string(magnitude % 100);
  return (negative ? "-" : "") + std::to_string(magnitude / 100) + "." +
         (digits.size() == 1 ? "0" : "") + digits;
}

}  // namespace base

// SPDX-License-Identifier: Apache-2.0
// Money as a whole number of cents. Sums are exact in any order, so a verdict is the same on every
// machine.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

class Cents {
 public:
  constexpr Cents() = default;
  constexpr explicit Cents(std::int64_t value) : value_(value) {}
  [[nodiscard]] constexpr std::int64_t value() const { return value_; }
  [[nodiscard]] constexpr double dollars() const { return static_cast<double>(value_) / 100.0; }
  friend constexpr auto operator<=>(Cents, Cents) = default;
  friend constexpr Cents operator+(Cents a, Cents b) { return Cents(a.value_ + b.value_); }
  friend constexpr Cents operator-(Cents a, Cents b) { return Cents(a.value_ - b.value_); }
  constexpr Cents& operator+=(Cents b) { return *this = *this + b; }

 private:
  std::int64_t value_ = 0;
};

// "12", "12.3", "-12.34" → cents. More than two decimals, other text or an amount beyond ±10¹³
// cents is refused: an amount is never rounded silently.
Result<Cents> parse_cents(std::string_view text);

// A finite amount in dollars, rounded half away from zero to cents; refuses what parse_cents would
// call absurd.
Result<Cents> cents_from_dollars(double dollars);

// "12.34", "-0.05".
std::string format_cents(Cents amount);

}  // namespace base

// SPDX-License-Identifier: Apache-2.0
// A signed two's-complement integer of Words × 64 bits that can only grow by addition: what exact
// sums need.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace experiment::detail {

template <std::size_t Words>
struct WideInteger {
  std::array<std::uint64_t, Words> words{};  // Least significant first.

  [[nodiscard]] constexpr bool negative() const { return (words[Words - 1] >> 63) != 0; }

  constexpr WideInteger& operator+=(const WideInteger& other) {
    unsigned char carry = 0;
    for (std::size_t i = 0; i < Words; ++i) {
      const std::uint64_t partial = words[i] + carry;
      const bool first = partial < words[i];
      words[i] = partial + other.words[i];
      carry = first || words[i] < partial ? 1 : 0;
    }
    return *this;
  }

  [[nodiscard]] constexpr WideInteger negated() const {
    WideInteger result;
    unsigned char carry = 1;
    for (std::size_t i = 0; i < Words; ++i) {
      result.words[i] = ~words[i] + carry;
      carry = carry != 0 && result.words[i] == 0 ? 1 : 0;
    }
    return result;
  }

  friend constexpr bool operator==(const WideInteger&, const WideInteger&) = default;
};

// The product of a non-negative number with a 64-bit one, one word wider.
template <std::size_t Words>
constexpr WideInteger<Words + 1> times(const WideInteger<Words>& a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  WideInteger<Words + 1> result;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < Words; ++i) {
    const Wide product = static_cast<Wide>(a.words[i]) * b + carry;
    result.words[i] = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
  result.words[Words] = carry;
  return result;
}

}  // namespace experiment::detail

// SPDX-License-Identifier: Apache-2.0
// Exact sums of whole cents and their products, and what is derived from them rounded once.
#pragma once
#include <boost/multiprecision/cpp_int.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "experiment/detail/wide_integer.h"

namespace experiment::detail {

using Integer = boost::multiprecision::cpp_int;

inline std::uint64_t magnitude(std::int64_t x) {
  return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

// Adds a non-negative term, or its negative, to a wider sum.
template <std::size_t Sum, std::size_t Term>
void accumulate(WideInteger<Sum>* sum, const WideInteger<Term>& term, bool negative) {
  static_assert(Sum >= Term);
  WideInteger<Sum> wide;
  for (std::size_t i = 0; i < Term; ++i) wide.words[i] = term.words[i];
  *sum += negative ? wide.negated() : wide;
}

template <std::size_t Words>
Integer to_integer(const WideInteger<Words>& value) {
  const auto size = value.negative() ? value.negated() : value;
  Integer result = 0;
  for (std::size_t i = Words; i-- > 0;) result = (result << 64) | size.words[i];
  return value.negative() ? Integer(-result) : result;
}

// numerator/denominator as a double: 64 significant bits of the quotient, rounded once.
inline double quotient(Integer numerator, const Integer& denominator) {
  if (numerator == 0) return 0;
  const bool negative = numerator < 0;
  if (negative) numerator = -numerator;
  const int shift = static_cast<int>(msb(denominator)) - static_cast<int>(msb(numerator)) + 64;
  Integer ratio = numerator;
  if (shift >= 0) ratio <<= shift;
  ratio /= shift >= 0 ? denominator : Integer(denominator << -shift);
  int exponent = -shift;
  if (msb(ratio) > 63) {
    ratio >>= 1;
    ++exponent;
  }
  const double value = std::ldexp(static_cast<double>(ratio.convert_to<std::uint64_t>()), exponent);
  return negative ? -value : value;
}

}  // namespace experiment::detail

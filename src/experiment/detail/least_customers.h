// SPDX-License-Identifier: Apache-2.0
// The smallest integer that satisfies a condition which, once true, stays true.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "experiment/design.h"

namespace experiment::detail {

// Searches kFewestCustomers … kMostCustomers outwards from a guess, so that a good guess costs a
// handful of evaluations.
template <class Enough>
std::optional<std::int64_t> least_customers(double guess, const Enough& enough) {
  const double bounded =
      std::clamp(guess, static_cast<double>(kFewestCustomers), static_cast<double>(kMostCustomers));
  std::int64_t low = kFewestCustomers - 1;  // Not enough, or below the range.
  std::int64_t high = static_cast<std::int64_t>(bounded);
  for (std::int64_t step = 1; !enough(high); step *= 2) {
    if (high == kMostCustomers) return std::nullopt;
    low = high;
    high = std::min(kMostCustomers, high + step);
  }
  for (std::int64_t step = 1; high - step > low; step *= 2) {
    if (!enough(high - step)) {
      low = high - step;
      break;
    }
    high -= step;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace experiment::detail

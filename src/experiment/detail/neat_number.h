// SPDX-License-Identifier: Apache-2.0
// Few digits, never on the wrong side of the exact number: what a repair proposes must hold when it
// is typed in.
#pragma once
#include <algorithm>
#include <cmath>

namespace experiment::detail {

// Decimals that show `digits` significant digits of a positive scale.
inline int decimals_for(double scale, int digits) {
  return std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(scale))), 0, 15);
}

inline double round_up(double value, int decimals) {
  const double unit = std::pow(10.0, decimals);
  const double rounded = std::ceil(value * unit) / unit;
  return rounded >= value ? rounded : (std::ceil(value * unit) + 1) / unit;
}

inline double round_down(double value, int decimals) { return -round_up(-value, decimals); }

}  // namespace experiment::detail

// SPDX-License-Identifier: Apache-2.0
// What no shop has: money beyond it, or a deviation of it, would overflow when squared.
#pragma once

namespace experiment::detail {

inline constexpr double kMostMoney = 1e100;

}  // namespace experiment::detail

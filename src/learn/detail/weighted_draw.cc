// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/weighted_draw.h"

#include <algorithm>
#include <numeric>

namespace learn::detail {

// What a slot's own row does not fill is filled by a row that has more than its slot holds.
WeightedDraw::WeightedDraw(std::span<const double> weights) : slots_(weights.size()) {
  const double mean =
      std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  std::vector<std::uint32_t> less, more;
  for (std::uint32_t row = 0; row < weights.size(); ++row) {
    slots_[row] = {.own = weights[row] / mean, .other = row};
    (slots_[row].own < 1 ? less : more).push_back(row);
  }
  while (!less.empty() && !more.empty()) {
    Slot& filled = slots_[less.back()];
    const std::uint32_t giver = more.back();
    less.pop_back();
    filled.other = giver;
    slots_[giver].own -= 1 - filled.own;
    if (slots_[giver].own < 1) {
      more.pop_back();
      less.push_back(giver);
    }
  }
  // Rounding may leave slots that are all but full. A row without weight has none of its own: it
  // goes to the heaviest.
  const auto heaviest =
      static_cast<std::uint32_t>(std::ranges::max_element(weights) - weights.begin());
  for (const std::uint32_t row : less) {
    if (weights[row] > 0) {
      slots_[row].own = 1;
    } else {
      slots_[row] = {.own = 0, .other = heaviest};
    }
  }
}

}  // namespace learn::detail

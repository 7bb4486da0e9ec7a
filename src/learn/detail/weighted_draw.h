// SPDX-License-Identifier: Apache-2.0
// Draws of rows in proportion to their weights, each in constant time: Walker's aliases (1977), set
// up as by Vose (IEEE Transactions on Software Engineering 17(9), 1991).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace learn::detail {

class WeightedDraw {
 public:
  // Fewer than 2^32 weights, none negative, one above 0 at least.
  explicit WeightedDraw(std::span<const double> weights);

  // A row from 0; one of weight 0 never. Thread-safe, each thread with a Random of its own.
  [[nodiscard]] std::uint32_t operator()(base::Random& random) const {
    const auto slot = static_cast<std::uint32_t>(random.below(slots_.size()));
    return random.uniform() < slots_[slot].own ? slot : slots_[slot].other;
  }

 private:
  // Each slot is drawn alike, and stands for its own row or for another one.
  struct Slot {
    double own = 1;  // The chance that it is its own row.
    std::uint32_t other = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// Mutual exclusion of experiments that run at the same time: each owns slots of the customers, and
// no customer is in two.
//
// A customer's place is the draw (assignment.h) of experiment "provecho", purpose "layer": the same
// for all experiments, and independent of the draws that sample and assign within one. An
// experiment owns ranges of the 2^64 places. Everything here is pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace experiment {

// A customer's place; of the unit without white space at its ends.
std::uint64_t layer_draw(std::string_view unit);

// Places with both ends, so that all of them can be said: first ≤ last.
struct SlotRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

// A set of places, as ranges that rise and neither overlap nor touch.
class Slots {
 public:
  Slots() = default;  // None.
  static Slots all();
  // In any order, overlapping or not.
  static Slots of(std::vector<SlotRange> ranges);
  // "0-3fff,8000-ffffffffffffffff": ranges with both ends in 1 to 16 hexadecimal digits, rising and
  // not overlapping; empty for none. Anything else is an error that says where.
  static base::Result<Slots> parse(std::string_view text);

  [[nodiscard]] bool owns(std::uint64_t draw) const;  // Logarithmic; allocates nothing.
  [[nodiscard]] double share() const;                 // Of all places, in [0, 1].
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] const std::vector<SlotRange>& ranges() const { return ranges_; }
  [[nodiscard]] std::string text() const;  // As parse() reads it.

  friend bool operator==(const Slots&, const Slots&) = default;

 private:
  std::vector<SlotRange> ranges_;
};

// The places of either.
Slots merge(const Slots& a, const Slots& b);

// ⌊share·2^64⌋ places that nobody has taken, 0 ≤ share ≤ 1, going round from `from`: with a start
// that differs from experiment to experiment (such as a draw of its id) the same customers are not
// in all of them. Nothing if fewer are free. Shares such as 0.1 are a little more than they say in
// binary, and ten of them fit: the last may get up to 2^16 places (0.0000000000004 %) fewer.
std::optional<Slots> allocate(std::span<const Slots> taken, double share, std::uint64_t from);

// The share of places that nobody has taken.
double free_share(std::span<const Slots> taken);

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
// Numbers things without repeats: which of those that are there already equals a new one?
#pragma once
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace pmml::detail {

// The things themselves stand elsewhere, each at its number.
class NumberedByHash {
 public:
  // The number of the thing of this hash for which same(number) holds; where there is none,
  // `fresh`, which is kept.
  template <class Same>
  std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t fresh, Same same) {
    if (2 * (used_ + 1) > table_.size()) grow();
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = tag & (table_.size() - 1);
    for (; table_[at].number != kEmpty; at = (at + 1) & (table_.size() - 1)) {
      if (table_[at].tag == tag && same(table_[at].number)) return table_[at].number;
    }
    table_[at] = {tag, fresh};
    ++used_;
    return fresh;
  }

 private:
  static constexpr std::uint32_t kEmpty = 0xffff'ffff;
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t number = kEmpty;
  };

  void grow() {
    const std::vector<Entry> old =
        std::exchange(table_, std::vector<Entry>(table_.empty() ? 16 : 2 * table_.size()));
    for (const Entry& entry : old) {
      if (entry.number == kEmpty) continue;
      std::size_t at = entry.tag & (table_.size() - 1);
      while (table_[at].number != kEmpty) at = (at + 1) & (table_.size() - 1);
      table_[at] = entry;
    }
  }

  std::vector<Entry> table_;  // A power of two of them, at most half of them used.
  std::size_t used_ = 0;
};

// Mixes a number's bits into a hash, so that its upper half differs where they do.
[[nodiscard]] inline std::uint64_t hash_bits(std::uint64_t hash, double number) {
  hash ^= std::bit_cast<std::uint64_t>(number);
  hash = (hash ^ (hash >> 32)) * 0x9e37'79b9'7f4a'7c15;
  return hash ^ (hash >> 29);
}

[[nodiscard]] inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace pmml::detail

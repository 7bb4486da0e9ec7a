// SPDX-License-Identifier: Apache-2.0
// What a customer bought: 0/1 indicators by product, some possibly unknown, as bits in the slots of
// a ProductIndex.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/ids.h"

namespace event {

inline constexpr std::size_t kMaxProducts = 4096;

// Product names ↔ slots 0 … size()−1, fixed at construction. Look-ups are thread-safe and allocate
// nothing.
class ProductIndex {
 public:
  // Refuses an empty name, a name given twice, and more than kMaxProducts names.
  static base::Result<ProductIndex> make(std::vector<std::string> names);

  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t slot) const { return names_[slot]; }
  [[nodiscard]] std::optional<std::size_t> slot(std::string_view name) const;

  // 64-bit words that hold one bit for each slot.
  [[nodiscard]] std::size_t words() const { return (names_.size() + 63) / 64; }

  // The slot's key as JSON text, quoted and escaped, with its colon: `"cat17": `.
  [[nodiscard]] std::string_view json_key(std::size_t slot) const { return json_keys_[slot]; }

 private:
  ProductIndex() = default;
  std::vector<std::string> names_;
  std::vector<std::string> json_keys_;
  std::vector<std::uint32_t>
      table_;  // Open addressing: slot + 1, 0 for empty; a power of two, at most half full.
};

// The indicators of one customer. A slot is unknown until it is set. Reuse the object: reset()
// keeps its memory.
class History {
 public:
  CustomerId customer;

  explicit History(std::size_t slots = 0) { reset(slots); }

  // All slots unknown.
  void reset(std::size_t slots);
  void set(std::size_t slot, bool bought) {
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    known_[slot / 64] |= bit;
    if (bought)
      bought_[slot / 64] |= bit;
    else
      bought_[slot / 64] &= ~bit;
  }
  [[nodiscard]] std::size_t slots() const { return slots_; }
  [[nodiscard]] bool known(std::size_t slot) const {
    return (known_[slot / 64] >> (slot % 64)) & 1;
  }
  [[nodiscard]] bool bought(std::size_t slot) const {
    return (bought_[slot / 64] >> (slot % 64)) & 1;
  }

  // The bits themselves, slot s in bit s%64 of word s/64; bits beyond slots() are 0; an unknown
  // slot is not bought.
  [[nodiscard]] std::span<std::uint64_t> known_words() { return known_; }
  [[nodiscard]] std::span<std::uint64_t> bought_words() { return bought_; }
  [[nodiscard]] std::span<const std::uint64_t> known_words() const { return known_; }
  [[nodiscard]] std::span<const std::uint64_t> bought_words() const { return bought_; }

  friend bool operator==(const History&, const History&) = default;

 private:
  std::size_t slots_ = 0;
  std::vector<std::uint64_t> known_;
  std::vector<std::uint64_t> bought_;
};

}  // namespace event

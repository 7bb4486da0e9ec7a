// SPDX-License-Identifier: Apache-2.0
// Which customers are enrolled, and in which arm: a hash table of ids and one byte each, 13 to 26
// bytes a customer.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "event/message.h"

namespace trial::detail {

class CustomerArms {
 public:
  CustomerArms() { rehash(1024); }
  [[nodiscard]] std::int64_t size() const { return size_; }

  [[nodiscard]] std::optional<event::System> find(event::CustomerId customer) const {
    const std::size_t slot = slot_of(customer.value());
    if (arms_[slot] == kFree) return std::nullopt;
    return static_cast<event::System>(arms_[slot]);
  }

  // The customer must not be there yet.
  void insert(event::CustomerId customer, event::System arm) {
    if (static_cast<std::size_t>(size_ + 1) * 10 > ids_.size() * 7) rehash(ids_.size() * 2);
    const std::size_t slot = slot_of(customer.value());
    ids_[slot] = customer.value();
    arms_[slot] = static_cast<std::uint8_t>(arm);
    ++size_;
  }

 private:
  static constexpr std::uint8_t kFree = 0xff;

  // The customer's slot, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(std::int64_t id) const {
    const std::size_t mask = ids_.size() - 1;
    std::size_t slot = base::mix64(static_cast<std::uint64_t>(id)) & mask;
    while (arms_[slot] != kFree && ids_[slot] != id) slot = (slot + 1) & mask;
    return slot;
  }

  void rehash(std::size_t slots) {
    std::vector<std::int64_t> ids(slots, 0);
    std::vector<std::uint8_t> arms(slots, kFree);
    ids.swap(ids_);
    arms.swap(arms_);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (arms[i] == kFree) continue;
      const std::size_t slot = slot_of(ids[i]);
      ids_[slot] = ids[i];
      arms_[slot] = arms[i];
    }
  }

  std::vector<std::int64_t> ids_;
  std::vector<std::uint8_t> arms_;
  std::int64_t size_ = 0;
};

}  // namespace trial::detail

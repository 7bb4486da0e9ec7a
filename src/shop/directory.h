// SPDX-License-Identifier: Apache-2.0
// What the shop knows of its customers, for enrichment: computed on demand, so any number of
// customers takes no memory.
#pragma once
#include "event/history.h"
#include "shop/law.h"
#include "stream/directory.h"

namespace shop {

// Knows every customer of both uuid ranges, and nobody else.
class Directory final : public stream::CustomerDirectory {
 public:
  explicit Directory(const Population& population);
  bool demographics(event::CustomerId customer, event::Demographics& out) const override;
  bool history(event::CustomerId customer, event::History& out) const override;
  [[nodiscard]] const event::ProductIndex& products() const override { return products_; }

 private:
  Population population_;
  event::ProductIndex products_;  // The flags, in the law's order.
};

}  // namespace shop

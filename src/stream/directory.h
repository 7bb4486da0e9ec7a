// SPDX-License-Identifier: Apache-2.0
// What is known of the customers, for enrichment: one look-up for each of the two pipelines.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "event/history.h"
#include "event/message.h"

namespace data {
class Table;
}

namespace stream {

// Look-ups are const and safe from any thread; they answer false for a customer nobody knows and
// leave `out` in any state then. On true, out.customer is the customer asked for.
class CustomerDirectory {
 public:
  virtual ~CustomerDirectory() = default;
  virtual bool demographics(event::CustomerId customer, event::Demographics& out) const = 0;
  virtual bool history(event::CustomerId customer, event::History& out) const = 0;

  // The products whose slots history() fills. Outlives no directory: valid as long as this object.
  [[nodiscard]] virtual const event::ProductIndex& products() const = 0;
};

}  // namespace stream

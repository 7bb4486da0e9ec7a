// SPDX-License-Identifier: Apache-2.0
// Where the simulated customers meet the platform: the shop's side of it, whatever carries the
// messages.
#pragma once
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/money.h"
#include "base/result.h"

namespace shop {

struct Visit {
  std::int64_t session = 0;  // Never used twice by one shop.
  std::int64_t uuid = 0;
};

// What the platform told the web shop to do for a session.
struct Executed {
  Visit visit;
  bool shown = false;
  bool sampled = true;  // False: the customer is not part of an experiment; the session ends
                        // without being counted.
};

// At least once in both directions: what open and close accepted reaches the platform once or more,
// even if the process at the other end restarts; receive may return the same decision twice. One
// thread.
class Storefront {
 public:
  virtual ~Storefront() = default;

  // Announces that a session has begun. Repeating it for the same visit is allowed and changes
  // nothing.
  virtual base::Result<void> open(const Visit& visit) = 0;

  // Appends the executed decisions that have arrived, waiting up to `wait` for the first.
  virtual base::Result<void> receive(std::vector<Executed>& decisions, base::Duration wait) = 0;

  // Reports the end of a session and what the customer spent in it.
  virtual base::Result<void> close(const Visit& visit, base::Cents revenue, bool accepted) = 0;

  // Waits until everything handed over has been acknowledged by the transport.
  virtual base::Result<void> flush(base::Duration wait) = 0;
};

}  // namespace shop

// SPDX-License-Identifier: Apache-2.0
#include "stream/meter.h"

namespace stream {

Counters& Counters::operator+=(const Counters& other) {
  received_total += other.received_total;
  for (std::size_t i = 0; i < outcomes_total.size(); ++i)
    outcomes_total[i] += other.outcomes_total[i];
  conflicts_total += other.conflicts_total;
  unknown_keys_total += other.unknown_keys_total;
  unknown_customer_total += other.unknown_customer_total;
  joined_total += other.joined_total;
  repeat_total += other.repeat_total;
  replaced_total += other.replaced_total;
  expired_demographic_only_total += other.expired_demographic_only_total;
  expired_historic_only_total += other.expired_historic_only_total;
  overflow_total += other.overflow_total;
  unscorable_total += other.unscorable_total;
  shown_total += other.shown_total;
  sent_total += other.sent_total;
  rejected_total += other.rejected_total;
  missing_total += other.missing_total;
  shape_misses_total += other.shape_misses_total;
  rebalances_total += other.rebalances_total;
  commits_total += other.commits_total;
  pauses_total += other.pauses_total;
  model_exchanges_total += other.model_exchanges_total;
  waiting_demographic += other.waiting_demographic;
  waiting_historic += other.waiting_historic;
  partitions += other.partitions;
  behind += other.behind;
  return *this;
}

void Meter::start(std::size_t workers) {
  const std::lock_guard lock(mutex_);
  slots_.assign(workers, {});
}

void Meter::publish(std::size_t worker, const Counters& counters) {
  const std::lock_guard lock(mutex_);
  slots_[worker] = counters;
}

Counters Meter::sum() const {
  const std::lock_guard lock(mutex_);
  Counters total;
  for (const Counters& slot : slots_) total += slot;
  return total;
}

}  // namespace stream

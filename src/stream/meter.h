// SPDX-License-Identifier: Apache-2.0
// What the loops have done so far, readable from any thread while they run.
#pragma once
#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

#include "event/outcome.h"

namespace stream {

// Totals since the start, but for the gauges at the end.
struct Counters {
  std::int64_t received_total = 0;
  std::array<std::int64_t, event::kOutcomes>
      outcomes_total{};                     // By event::Outcome of the reader; kOk included.
  std::int64_t conflicts_total = 0;         // Keys given twice with different values.
  std::int64_t unknown_keys_total = 0;      // Keys that nobody asked for.
  std::int64_t unknown_customer_total = 0;  // Enrichment: the directory does not know them.
  std::int64_t joined_total = 0;
  std::int64_t repeat_total = 0;    // Halves that came again.
  std::int64_t replaced_total = 0;  // Halves replaced by a newer one before their partner came.
  std::int64_t expired_demographic_only_total = 0;
  std::int64_t expired_historic_only_total = 0;
  std::int64_t overflow_total = 0;      // Halves given up early because both sides were full.
  std::int64_t unscorable_total = 0;    // The model refused the row.
  std::int64_t shown_total = 0;         // Decisions to show, of sent_total.
  std::int64_t sent_total = 0;          // Decisions, or enriched records.
  std::int64_t rejected_total = 0;      // Records set aside, for whatever reason.
  std::int64_t missing_total = 0;       // Records that the broker dropped before they were read.
  std::int64_t shape_misses_total = 0;  // Historic messages that had to be scanned.
  std::int64_t rebalances_total = 0;
  std::int64_t commits_total = 0;
  std::int64_t pauses_total = 0;           // Times a topic was paused because too much waited.
  std::int64_t model_exchanges_total = 0;  // Times a worker took up another model.
  // Gauges.
  std::int64_t waiting_demographic = 0;
  std::int64_t waiting_historic = 0;
  std::int64_t partitions = 0;  // Pairs of partitions assigned.
  std::int64_t behind = 0;      // Records not read yet.

  Counters& operator+=(const Counters& other);
};

// One slot for each worker thread; they publish, anybody sums.
class Meter {
 public:
  void start(std::size_t workers);
  void publish(std::size_t worker, const Counters& counters);
  [[nodiscard]] Counters sum() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Counters> slots_;
};

}  // namespace stream

// SPDX-License-Identifier: Apache-2.0
// The join of one partition: a customer's demographics and history, which come by two topics in any
// order, late, twice or never. Pure: it is told the time and the records, and tells what became of
// each.
//
// Rules, for a half of side s (a record of one of the two topics) of a customer:
//   * It waits for the other half. When that is waiting already, the two are a pair.
//   * Repeat: its offset is not past that of the customer's latest half of that side (the record is
//   read again, after a
//     rebalance), or its timestamp is the same (it was written again: our enrichment keeps the
//     session's timestamp). It changes nothing. Repeats are recognised while the customer is
//     remembered: until a window after the pair.
//   * Return: any other half after a pair begins a new join: the customer has come back. (Written
//   again by a writer that
//     stamps its own clock, it looks like a return too: one decision more, which the platform
//     counts as a duplicate.)
//   * A newer half of a side that waits already replaces the older one.
//   * Expiry: a half gives up when the other topic's event time has passed its own by the window,
//   or, where the other topic
//     has been silent for a window of wall time, when it has waited as long. A topic that lags
//     behind is waited for.
//   * Memory: full(side) asks the caller to stop reading that side. When both sides are full
//   nothing could ever move, so
//     then the oldest halves of one side give up early, an eighth of them, and are counted as
//     overflow.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "event/history.h"
#include "event/message.h"

namespace stream {

enum class Side : std::uint8_t { kDemographic = 0, kHistoric = 1 };

struct JoinOptions {
  base::Duration window = std::chrono::seconds(60);  // Longer than the slowest enrichment is late.
  std::size_t max_waiting = 500'000;  // Of each side; a half takes 64 bytes and its products' bits.
  std::size_t max_remembered =
      1'000'000;  // Pairs kept to recognise repeats; beyond, the oldest are forgotten.
};

enum class JoinOutcome : std::uint8_t { kWaiting, kJoined, kRepeat, kReplaced };

// Where a half was read.
struct Place {
  std::int64_t offset = 0;
  base::Timestamp timestamp;  // 0: the record has none; then the time of its arrival is taken.
};

// Borrowed: until the next call of the table, and from the history just added as long as that is
// not touched.
struct Pair {
  event::Demographics demographics;
  std::span<const std::uint64_t> known;   // As History::known_words,
  std::span<const std::uint64_t> bought;  // and bought_words.
};

// One per partition; one thread. Allocates only to grow to a new peak.
class JoinTable {
 public:
  JoinTable(std::size_t product_words, const JoinOptions& options);
  ~JoinTable();
  JoinTable(JoinTable&&) noexcept;
  JoinTable& operator=(JoinTable&&) noexcept;

  // `pair` is set when the outcome is kJoined.
  JoinOutcome add(const event::Demographics& half, Place place, base::Timestamp now, Pair& pair);
  JoinOutcome add(const event::History& half, Place place, base::Timestamp now, Pair& pair);

  // Lets go of what has waited or been remembered for long enough; call it now and then, also when
  // nothing arrives.
  struct Expired {
    std::array<std::int64_t, 2> window{};  // Halves without a partner, by side.
    std::array<std::int64_t, 2> overflow{};
  };
  Expired expire(base::Timestamp now);

  // While a topic is paused, or its broker away, its silence says nothing: until a window after the
  // last such call no half gives up for it.
  void silence_means_nothing(Side side, base::Timestamp now);

  [[nodiscard]] std::size_t waiting(Side side) const;
  [[nodiscard]] std::size_t remembered() const;
  [[nodiscard]] bool full(
      Side side) const;  // At max_waiting; expire() makes room, and so do pairs.
  [[nodiscard]] bool roomy(Side side) const;  // An eighth below it: reading may go on.

  // The lowest offset of a half of this side that still waits; nothing where none does. Everything
  // before it is done with once the decisions sent are delivered: it, or the next offset to read,
  // is what may be committed.
  [[nodiscard]] std::optional<std::int64_t> oldest_offset(Side side) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stream

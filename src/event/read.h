// SPDX-License-Identifier: Apache-2.0
// Messages from text. Strict JSON is read, and so is what Python prints for a dict, as the topics
// of the exercise show it: single quotes, True/False/None, a trailing comma. Rules, for every
// message:
//   * a key given twice: the last one wins (as in Python and Jackson), and a different value is
//   counted as a conflict;
//   * unknown keys are passed over and counted; null is the same as absent;
//   * whole numbers may be written as 41.0 or 4.1e1; indicators are 0, 1, true or false;
//   * hostile input is bounded by outcome.h and ends in an Outcome: nothing throws, nothing
//   allocates once warm.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "event/history.h"
#include "event/message.h"
#include "event/outcome.h"

namespace event {

// Reads the small messages. One per thread. `out` is untouched unless the outcome is kOk.
class Reader {
 public:
  Outcome session(std::string_view message, Session& out);
  Outcome demographics(std::string_view message, Demographics& out);
  // out.token borrows from `message`, or, where it holds escapes, from this reader until its next
  // call.
  Outcome prediction(std::string_view message, Prediction& out);
  Outcome decision(std::string_view message, Decision& out);
  Outcome revenue(std::string_view message, Revenue& out);

  // Of the last message.
  [[nodiscard]] const Oddities& oddities() const { return oddities_; }

 private:
  Oddities oddities_;
  std::string scratch_;
};

// Reads topic_historic into the slots of an index. One per thread; the index outlives it.
//
// A shop's messages nearly always have one shape: the same bytes but for the uuid and the
// indicators. The reader learns the shapes it meets, then only verifies that all other bytes are
// the learned ones (32 at a time where the machine can) and gathers the indicators; what fits no
// shape goes to the scanner, which gives the same results, slowly.
class HistoryReader {
 public:
  enum class Engine : std::uint8_t {
    kFastest,    // What this machine does best.
    kPortable,   // Shapes without vector instructions.
    kReference,  // The scanner alone.
  };
  explicit HistoryReader(const ProductIndex& index, Engine engine = Engine::kFastest);
  explicit HistoryReader(ProductIndex&& index, Engine engine = Engine::kFastest) = delete;
  ~HistoryReader();
  HistoryReader(HistoryReader&&) noexcept;

  // Products that the message does not name stay unknown in `out`, which is left in any state
  // unless the outcome is kOk.
  Outcome read(std::string_view message, History& out);

  [[nodiscard]] const Oddities& oddities() const;    // Of the last message.
  [[nodiscard]] std::uint64_t shape_hits() const;    // Messages that fitted a learned shape,
  [[nodiscard]] std::uint64_t shape_misses() const;  // and those that needed the scanner.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace event

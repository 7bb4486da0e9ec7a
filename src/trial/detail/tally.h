// SPDX-License-Identifier: Apache-2.0
// All figures of an experiment, kept one step of a session at a time. Every figure is a sum that
// does not depend on the order, so counting the stored sessions again must give the same bits: that
// is what recount() proves.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "experiment/moments.h"
#include "trial/detail/latency_histogram.h"
#include "trial/progress.h"
#include "trial/session_row.h"

namespace trial::detail {

struct ArmTally {
  std::int64_t enrolled = 0;
  std::int64_t closed = 0;
  std::int64_t accepted = 0;
  std::int64_t shown = 0;
  experiment::MoneyMoments revenue;
  friend bool operator==(const ArmTally&, const ArmTally&) = default;
};

struct SystemTally {
  std::int64_t decisions = 0;
  std::int64_t late = 0;
  std::int64_t missing = 0;
  std::int64_t shown = 0;
  std::int64_t timeouts = 0;
  LatencyHistogram latency;
  friend bool operator==(const SystemTally&, const SystemTally&) = default;
};

class Tally {
 public:
  explicit Tally(bool fallback_show) : fallback_show_(fallback_show) {}

  // The steps of a session's life, each once, in this order; only counted sessions count (but for
  // `sessions`).
  void opened(const SessionRow& row);
  void decided(const SessionRow& row, event::System system);
  void executed(const SessionRow& row);
  void closed(const SessionRow& row);
  // A system's word that came after the close: the row as it was, and as it is.
  void heard_after_close(const SessionRow& before, const SessionRow& after, event::System system);
  // All steps that a stored row has been through.
  void replay(const SessionRow& row);

  [[nodiscard]] std::int64_t closed_customers() const { return arms[0].closed + arms[1].closed; }
  [[nodiscard]] std::int64_t enrolled_customers() const {
    return arms[0].enrolled + arms[1].enrolled;
  }

  std::array<ArmTally, 2> arms;
  std::array<SystemTally, 2> systems;
  Agreement agreement;
  std::int64_t sessions = 0;
  std::int64_t timed_out_sessions = 0;

  // The first figure in which they differ, or empty.
  [[nodiscard]] std::string difference(const Tally& other) const;

 private:
  void compare_words(const SessionRow& row, std::int64_t by);
  [[nodiscard]] bool would_show(const SystemWord& word) const;
  bool fallback_show_;
};

}  // namespace trial::detail

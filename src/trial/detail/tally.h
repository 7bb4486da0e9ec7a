// SPDX-License-Identifier: Apache-2.0
// All figures of an experiment, kept one step of a session at a time. Every figure is a sum that
// does not depend on the order, so counting the stored sessions again must give the same bits: that
// is what recount() proves.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/money.h"
#include "experiment/disagreement.h"
#include "trial/detail/latency_histogram.h"
#include "trial/plan.h"
#include "trial/progress.h"
#include "trial/session_row.h"

namespace trial::detail {

struct ArmTally {
  std::int64_t enrolled = 0;
  std::int64_t closed = 0;
  std::int64_t accepted = 0;
  std::int64_t shown = 0;
  std::int64_t unreported = 0;  // Closed by time-out: revenue that was never reported.
  std::int64_t capped = 0;      // Customers whose revenue counts up to the cap only.
  base::Cents total;            // Of their revenue without the cap.
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
  explicit Tally(const Plan& plan) : fallback_show_(plan.fallback_show), cap_(plan.cap) {}

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
  experiment::DisagreementMoments revenue;  // Of the closed, as the verdict takes it.
  std::int64_t sessions = 0;

  // The first figure in which they differ, or empty.
  [[nodiscard]] std::string difference(const Tally& other) const;

 private:
  void compare_words(const SessionRow& row, std::int64_t by);
  [[nodiscard]] bool would_show(const SystemWord& word) const;
  [[nodiscard]] base::Cents counting(base::Cents amount) const;
  bool fallback_show_;
  std::optional<base::Cents> cap_;
};

}  // namespace trial::detail

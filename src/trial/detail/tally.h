// SPDX-License-Identifier: Apache-2.0
// All figures of an experiment, kept one step of a session at a time. Every figure is a sum that
// does not depend on the order, so counting the stored sessions again must give the same bits: that
// is what recount() proves.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/money.h"
#include "experiment/bootstrap.h"
#include "experiment/cuped.h"
#include "experiment/disagreement.h"
#include "experiment/money_histogram.h"
#include "experiment/secondary_metrics.h"
#include "experiment/several_candidates.h"
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
  explicit Tally(const Plan& plan);

  // The steps of a session's life, each once, in this order; only counted sessions count (but for
  // `sessions`).
  void opened(const SessionRow& row);
  void decided(const SessionRow& row, event::System system);
  void executed(const SessionRow& row);
  void closed(const SessionRow& row);
  // A system's word that came after the close: the row as it was, and as it is.
  void heard_after_close(const SessionRow& earlier, const SessionRow& after, event::System system);
  // All steps that a stored row has been through.
  void replay(const SessionRow& row);

  [[nodiscard]] std::int64_t closed_customers() const;
  [[nodiscard]] std::int64_t enrolled_customers() const;
  // Of base and candidate k, from 0.
  [[nodiscard]] experiment::Customers enrolled(std::size_t k) const {
    return {arms[0].enrolled, arms[1 + k].enrolled};
  }

  std::vector<ArmTally> arms;  // By event::System, base first; so below.
  std::vector<SystemTally> systems;
  std::vector<Agreement> agreement;  // Of each candidate with base; so below.
  // Of the closed customers of base's and the candidate's arms, as the verdict takes it.
  std::vector<experiment::DisagreementMoments> revenue;
  std::vector<experiment::SecondaryRows> secondary;  // Of the same customers.
  // The same of all arms: of several candidates by disagreement, else empty.
  std::vector<experiment::PooledCandidate> pooled;
  // Of the same customers as `revenue`; empty in a dry run, which compares nothing.
  std::vector<experiment::Bootstrap> bootstrap;
  // By event::System, of the closed customers' revenue without the cap.
  std::vector<experiment::MoneyHistogram> distribution;
  // By event::System, with what each customer spent before, where the plan adjusts by it.
  std::vector<experiment::PairedMoney> before;
  // Customers enrolled by the hour (since 1970-01-01 UTC) and the arm.
  std::map<std::int64_t, std::vector<std::int64_t>> by_hour;
  // The same by the shop's segments; those of none are left out.
  std::map<event::Segment, std::vector<std::int64_t>> by_segment;
  std::int64_t sessions = 0;
  std::int64_t without_before = 0;  // Closed customers of whom the shop did not say it: 0.

  // The first figure in which they differ, or empty.
  [[nodiscard]] std::string difference(const Tally& other) const;

 private:
  void compare_words(const SessionRow& row, std::int64_t by);
  void add_revenue(const SessionRow& row, bool added);
  [[nodiscard]] bool would_show(const SystemWord& word) const;
  [[nodiscard]] base::Cents counting(base::Cents amount) const;
  bool fallback_show_;
  bool by_disagreement_;
  std::optional<base::Cents> cap_;
  std::vector<bool> offers_;  // Memory of add_revenue().
};

}  // namespace trial::detail

// SPDX-License-Identifier: Apache-2.0
// What a page or a terminal shows of a running experiment: a value, taken at one moment, without a
// pointer to anything.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "experiment/candidates_verdict.h"
#include "experiment/checks.h"
#include "experiment/forecast.h"
#include "experiment/moments.h"
#include "experiment/money_histogram.h"
#include "trial/outcome.h"
#include "trial/store.h"

namespace trial {

// Of the candidate whom it is about (experiment::leader()).
const experiment::Verdict& leading(const experiment::CandidatesVerdict& verdict);

struct ArmProgress {
  std::int64_t target = 0;    // Customers planned.
  std::int64_t enrolled = 0;  // Customers whose first session was sampled.
  std::int64_t closed = 0;    // Of those, whose first session is closed: the n of all figures.
  experiment::SampleSummary revenue;    // Of the closed customers, in shop currency, capped if the
                                        // plan has a cap: mean, deviation, skew, …
  base::Cents total;                    // Their revenue without a cap, exact.
  std::int64_t capped = 0;              // Customers whose revenue counts up to the cap only.
  std::int64_t disagreeing = 0;         // Closed customers on whom the systems differ.
  std::int64_t disagreeing_target = 0;  // Planned, where the verdict is by disagreement.
  std::int64_t buyers = 0;              // Closed customers with revenue above 0.
  std::int64_t accepted = 0;            // Closed customers who accepted the offer.
  std::int64_t shown = 0;               // Closed customers who were shown it.
};

// How one system behaved on the counted sessions, whichever arm they are in.
struct SystemProgress {
  std::int64_t decisions = 0;  // In time.
  std::int64_t late = 0;       // After the deadline.
  std::int64_t missing = 0;    // Of closed sessions: never came.
  std::int64_t shown = 0;      // Decisions to show, in time.
  std::int64_t timeouts = 0;   // Its own arm's sessions that got the fallback.
  double latency_p50_ms = 0;   // From the session's opening to its decision; within 3 %.
  double latency_p99_ms = 0;
};

// Of closed counted sessions: what each system would have done (a late or missing decision is the
// fallback).
struct Agreement {
  std::int64_t agree = 0;
  std::int64_t add = 0;     // The base hides, the candidate shows.
  std::int64_t remove = 0;  // The base shows, the candidate hides.
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

struct Progress {
  ExperimentRow experiment;
  base::Timestamp at;
  std::vector<ArmProgress> arms;  // By event::System: base, candidate, candidate 2, …
  std::vector<SystemProgress> systems;
  std::vector<experiment::MoneyHistogram> distribution;  // By event::System, of the closed
                                                         // customers' revenue without a cap.
  std::vector<Agreement> agreement;                      // Of each candidate with base.
  experiment::CandidatesVerdict verdict;  // Words only at n; before, each says "collecting".
  bool frozen = false;  // The verdict above is the issued one and never changes again.
  std::int64_t sessions_open = 0;
  std::int64_t sessions = 0;                // All sampled ones, repeats too.
  std::int64_t unreported = 0;              // Counted sessions closed by time-out.
  std::vector<experiment::Check> checks;    // The lamps.
  std::vector<LookRow> looks;               // Taken, without an end.
  std::optional<double> customers_per_day;  // Enrolled so far by the time it took; from an hour on.
  std::optional<experiment::Forecast> forecast;  // Of a dry run that is complete.
  std::string sentence;                          // The verdict for a person, with money in it.
  std::vector<CounterRow> counters;              // Records by topic and outcome.
  std::vector<SeriesPoint> series;               // At most kMaxSeriesPoints of each candidate.

  [[nodiscard]] const experiment::Verdict& leading() const { return trial::leading(verdict); }
};

inline constexpr std::int64_t kMaxSeriesPoints = 500;

}  // namespace trial

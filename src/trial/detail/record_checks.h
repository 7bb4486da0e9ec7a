// SPDX-License-Identifier: Apache-2.0
// When the records themselves say that the experiment did not take place as planned. A check whose
// lamp is an alarm means NO VERDICT.
#pragma once
#include <vector>

#include "experiment/checks.h"
#include "trial/detail/tally.h"
#include "trial/store.h"

namespace trial::detail {

// A system that the fallback stands in for in more than this share of its own arm's sessions was
// not the one tested; and revenue that was never reported for more than this share of the customers
// is no measurement. Both judged from kFewestForAlarm sessions on.
inline constexpr double kMostAbsent = 0.10;
inline constexpr double kWorthALook = 0.01;
inline constexpr std::int64_t kFewestForAlarm = 50;

// Codes: "base_silent", "candidate_silent"; "revenue_missing"; "revenue_missing_unequal" (an arm
// whose revenue is lost more often is compared unfairly: alarm below experiment::kSrmAlarm). In a
// dry run the candidate is silent where its decision came late or not at all. "before_missing", of
// a plan that adjusts by what customers spent before, never forbids a verdict. Of several
// candidates each has its own.
std::vector<experiment::Check> record_checks(const Tally& tally, const Plan& plan);

// Says of candidate k, from 0, what was said of one: "candidate_silent_2".
void name_candidate(experiment::Check& check, std::size_t k);

// "sample_ratio_by_hour": whether the arms' shares of the customers depend on the hour of their
// first session: Pearson's χ² of homogeneity over the hours in which each arm expects five or more.
// Worth a look below experiment::kSrmAlarm; dark until the customers are in, and where there is one
// such hour.
experiment::Check hourly_check(const Tally& tally, bool complete);
// "sample_ratio_by_segment": the same over the segments that the shop named.
experiment::Check segment_check(const Tally& tally, bool complete);

// What the records' outcomes tell, none of which forbids a verdict: "duplicates", of records that
// were taken already (they change nothing), and "late_revenue", reported after its session was
// closed by time-out (it is not counted).
std::vector<experiment::Check> outcome_checks(const std::vector<CounterRow>& counters);

// Those that forbid a verdict.
std::vector<experiment::Alarm> alarms(const std::vector<experiment::Check>& checks);

}  // namespace trial::detail

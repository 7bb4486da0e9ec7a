// SPDX-License-Identifier: Apache-2.0
// When the records themselves say that the experiment did not take place as planned. Any alarm
// means NO VERDICT.
#pragma once
#include <vector>

#include "experiment/health.h"
#include "trial/detail/tally.h"

namespace trial::detail {

// A system that the fallback stands in for in more than this share of its own arm's sessions was
// not the one tested; and revenue that was never reported for more than this share of the customers
// is no measurement. Both judged from kFewestForAlarm sessions on.
inline constexpr double kMostAbsent = 0.10;
inline constexpr std::int64_t kFewestForAlarm = 50;

// Codes: "base_silent", "candidate_silent", "revenue_missing".
std::vector<experiment::Alarm> alarms(const Tally& tally);

}  // namespace trial::detail

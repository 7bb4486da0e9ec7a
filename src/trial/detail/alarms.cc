// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/alarms.h"

#include "base/number.h"
#include "event/message.h"

namespace trial::detail {
namespace {

bool too_many(std::int64_t absent, std::int64_t all) {
  return all >= kFewestForAlarm &&
         static_cast<double>(absent) > kMostAbsent * static_cast<double>(all);
}

std::string of(std::int64_t part, std::int64_t all) {
  return base::format_count(part) + " of " + base::format_count(all);
}

}  // namespace

std::vector<experiment::Alarm> alarms(const Tally& tally) {
  std::vector<experiment::Alarm> found;
  for (const event::System system : {event::System::kBase, event::System::kCandidate}) {
    const auto i = static_cast<std::size_t>(system);
    const std::int64_t timeouts = tally.systems[i].timeouts;
    const std::int64_t all = tally.arms[i].enrolled;
    if (!too_many(timeouts, all)) continue;
    const std::string name = system == event::System::kBase ? "base" : "candidate";
    found.push_back({name + "_silent",
                     "the " + name + " system did not decide in time for " + of(timeouts, all) +
                         " customers of its arm, who got the fallback: it is not what was tested"});
  }
  if (too_many(tally.timed_out_sessions, tally.closed_customers())) {
    found.push_back({"revenue_missing", "the revenue of " +
                                            of(tally.timed_out_sessions, tally.closed_customers()) +
                                            " customers was never reported and stands as 0"});
  }
  return found;
}

}  // namespace trial::detail

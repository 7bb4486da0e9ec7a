// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/record_checks.h"

#include <string>
#include <utility>

#include "base/number.h"
#include "event/message.h"
#include "experiment/money_words.h"
#include "experiment/proportion.h"
#include "trial/detail/counters.h"

namespace trial::detail {
namespace {

using experiment::Check;
using experiment::Lamp;

Lamp lamp_of(std::int64_t absent, std::int64_t all) {
  if (all < kFewestForAlarm) return Lamp::kDark;
  const double share = static_cast<double>(absent) / static_cast<double>(all);
  if (share > kMostAbsent) return Lamp::kAlarm;
  return share > kWorthALook ? Lamp::kWatch : Lamp::kGood;
}

std::string of(std::int64_t part, std::int64_t all) {
  return base::format_count(part) + " of " + base::format_count(all);
}

Check silence(const Tally& tally, event::System system, bool dry_run) {
  const auto i = static_cast<std::size_t>(system);
  const bool is_base = system == event::System::kBase;
  const std::string name = is_base ? "base" : "candidate";
  const SystemTally& words = tally.systems[i];
  const bool never_executed = dry_run && !is_base;
  const std::int64_t absent = never_executed ? words.late + words.missing : words.timeouts;
  const std::int64_t all = never_executed ? tally.closed_customers() : tally.arms[i].enrolled;
  Check check{.code = name + "_silent",
              .title = is_base ? "Base answers in time" : "Candidate answers in time",
              .lamp = lamp_of(absent, all)};
  if (absent == 0) {
    check.message = "the " + name + " system decided in time for all " + base::format_count(all) +
                    (never_executed ? " customers" : " customers of its arm");
    return check;
  }
  check.message = "the " + name + " system did not decide in time for " + of(absent, all);
  check.message += never_executed ? " customers" : " customers of its arm, who got the fallback";
  if (check.lamp == Lamp::kAlarm && !never_executed) check.message += ": it is not what was tested";
  return check;
}

Check missing_revenue(const Tally& tally) {
  const std::int64_t missing = tally.arms[0].unreported + tally.arms[1].unreported;
  const std::int64_t all = tally.closed_customers();
  return {.code = "revenue_missing",
          .title = "Revenue reported",
          .lamp = lamp_of(missing, all),
          .message = missing == 0 ? "reported for all " + base::format_count(all) + " customers"
                                  : "the revenue of " + of(missing, all) +
                                        " customers was never reported and stands as 0"};
}

Check unequal_revenue(const Tally& tally) {
  Check check{.code = "revenue_missing_unequal", .title = "Revenue reported alike in both arms"};
  const experiment::Proportion base{tally.arms[0].unreported, tally.arms[0].closed};
  const experiment::Proportion candidate{tally.arms[1].unreported, tally.arms[1].closed};
  if (base.n < kFewestForAlarm || candidate.n < kFewestForAlarm) return check;
  const auto difference = experiment::proportion_difference(base, candidate, 0.05);
  if (!difference) return check;
  check.p = difference->p_two_sided;
  check.lamp = *check.p < experiment::kSrmAlarm ? Lamp::kAlarm : Lamp::kGood;
  check.message = "never reported: " + of(base.k, base.n) + " customers of base, " +
                  of(candidate.k, candidate.n) + " of the candidate";
  return check;
}

}  // namespace

std::vector<Check> record_checks(const Tally& tally, bool dry_run) {
  std::vector<Check> checks{silence(tally, event::System::kBase, dry_run),
                            silence(tally, event::System::kCandidate, dry_run),
                            missing_revenue(tally)};
  if (!dry_run) checks.push_back(unequal_revenue(tally));
  return checks;
}

std::vector<Check> outcome_checks(const std::vector<CounterRow>& counters) {
  constexpr double kManyDuplicates = 0.05;
  std::int64_t records = 0, duplicates = 0, revenues = 0, late = 0;
  for (const CounterRow& row : counters) {
    records += row.count;
    if (row.outcome == name(RevenueOutcome::kDuplicate)) duplicates += row.count;
    if (row.topic != kRevenueTopic) continue;
    if (row.outcome == name(RevenueOutcome::kRecorded)) revenues += row.count;
    if (row.outcome == name(RevenueOutcome::kLate)) late += row.count;
  }
  const auto watch = [](std::int64_t part, std::int64_t all, double most) {
    if (all < kFewestForAlarm) return Lamp::kDark;
    return static_cast<double>(part) > most * static_cast<double>(all) ? Lamp::kWatch : Lamp::kGood;
  };
  return {{.code = "duplicates",
           .title = "Records that came once",
           .lamp = watch(duplicates, records, kManyDuplicates),
           .message = duplicates == 0 ? "all " + base::format_count(records) + " records came once"
                                      : of(duplicates, records) +
                                            " records were known already and changed nothing"},
          {.code = "late_revenue",
           .title = "Revenue in time",
           .lamp = watch(late, late + revenues, kWorthALook),
           .message = late == 0
                          ? "all " + base::format_count(revenues) + " amounts came in time"
                          : of(late, late + revenues) +
                                " amounts came after their session had been closed as unreported"}};
}

std::vector<experiment::Alarm> alarms(const std::vector<Check>& checks) {
  std::vector<experiment::Alarm> found;
  for (const Check& check : checks) {
    if (check.lamp == Lamp::kAlarm) found.push_back({check.code, check.message});
  }
  return found;
}

}  // namespace trial::detail

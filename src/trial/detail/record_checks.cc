// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/record_checks.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/number.h"
#include "event/message.h"
#include "experiment/distribution.h"
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

Check silence(const Tally& tally, const Plan& plan, event::System system) {
  const auto i = static_cast<std::size_t>(system);
  const bool is_base = system == event::System::kBase;
  const std::string name = is_base ? "base" : "candidate";
  const SystemTally& words = tally.systems[i];
  const bool never_executed = plan.design.dry_run && !is_base;
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
  std::int64_t missing = 0;
  for (const ArmTally& arm : tally.arms) missing += arm.unreported;
  const std::int64_t all = tally.closed_customers();
  return {.code = "revenue_missing",
          .title = "Revenue reported",
          .lamp = lamp_of(missing, all),
          .message = missing == 0 ? "reported for all " + base::format_count(all) + " customers"
                                  : "the revenue of " + of(missing, all) +
                                        " customers was never reported and stands as 0"};
}

Check unequal_revenue(const Tally& tally, std::size_t k) {
  Check check{.code = "revenue_missing_unequal", .title = "Revenue reported alike"};
  const experiment::Proportion base{tally.arms[0].unreported, tally.arms[0].closed};
  const experiment::Proportion candidate{tally.arms[1 + k].unreported, tally.arms[1 + k].closed};
  if (base.n < kFewestForAlarm || candidate.n < kFewestForAlarm) return check;
  const auto difference = experiment::proportion_difference(base, candidate, 0.05);
  if (!difference) return check;
  check.p = difference->p_two_sided;
  check.lamp = *check.p < experiment::kSrmAlarm ? Lamp::kAlarm : Lamp::kGood;
  check.message = "never reported: " + of(base.k, base.n) + " customers of base, " +
                  of(candidate.k, candidate.n) + " of the candidate";
  return check;
}

// It costs precision only, alike in all arms.
Check missing_before(const Tally& tally) {
  const std::int64_t all = tally.closed_customers();
  Check check{.code = "before_missing",
              .title = "What was spent before is known",
              .lamp = lamp_of(tally.without_before, all)};
  if (check.lamp == Lamp::kAlarm) check.lamp = Lamp::kWatch;
  check.message =
      tally.without_before == 0
          ? "known of all " + base::format_count(all) + " customers"
          : "of " + of(tally.without_before, all) +
                " customers the shop did not say what they spent before: it counts as 0";
  return check;
}

}  // namespace

void name_candidate(Check& check, std::size_t k) {
  if (k > 0) check.code += "_" + std::to_string(k + 1);
  check.candidate = k;
}

std::vector<Check> record_checks(const Tally& tally, const Plan& plan) {
  const std::size_t candidates = candidates_of(plan);
  std::vector<Check> checks{silence(tally, plan, event::System::kBase)};
  const auto add = [&](Check check, std::size_t k) {
    if (candidates > 1) name_candidate(check, k);
    checks.push_back(std::move(check));
  };
  for (std::size_t k = 0; k < candidates; ++k) add(silence(tally, plan, event::candidate(k)), k);
  checks.push_back(missing_revenue(tally));
  if (!plan.design.dry_run) {
    for (std::size_t k = 0; k < candidates; ++k) add(unequal_revenue(tally, k), k);
  }
  if (plan.design.covariate) checks.push_back(missing_before(tally));
  return checks;
}

namespace {

// Pearson's χ² of homogeneity over the groups in which each arm expects five customers or more:
// whether the arms' shares depend on the group. Dark until the customers are in, and where there is
// one such group. `groups`: "hours".
template <class Group>
void compare_shares(const Tally& tally, const std::map<Group, std::vector<std::int64_t>>& by_group,
                    bool complete, const std::string& groups, Check* check) {
  constexpr double kFewestExpected = 5;
  check->message = "judged when the customers are in";
  if (!complete) return;
  const auto all = static_cast<double>(tally.enrolled_customers());
  double least = 1;
  for (const ArmTally& arm : tally.arms)
    least = std::min(least, static_cast<double>(arm.enrolled) / all);
  std::vector<double> of_arm(tally.arms.size());
  std::vector<const std::vector<std::int64_t>*> compared;
  double counted = 0;
  for (const auto& [group, customers] : by_group) {
    double total = 0;
    for (const std::int64_t n : customers) total += static_cast<double>(n);
    if (total * least < kFewestExpected) continue;
    compared.push_back(&customers);
    counted += total;
    for (std::size_t i = 0; i < customers.size(); ++i)
      of_arm[i] += static_cast<double>(customers[i]);
  }
  if (compared.size() < 2) {
    check->message = "too few " + groups + " with enough customers to compare";
    return;
  }
  double chi_squared = 0;
  for (const std::vector<std::int64_t>* customers : compared) {
    double total = 0;
    for (const std::int64_t n : *customers) total += static_cast<double>(n);
    for (std::size_t i = 0; i < of_arm.size(); ++i) {
      const double expected = total * of_arm[i] / counted;
      const double off = static_cast<double>((*customers)[i]) - expected;
      chi_squared += off * off / expected;
    }
  }
  const auto dof = static_cast<double>((compared.size() - 1) * (of_arm.size() - 1));
  check->p = experiment::chi_squared_sf(chi_squared, dof);
  const bool odd = *check->p < experiment::kSrmAlarm;
  check->lamp = odd ? Lamp::kWatch : Lamp::kGood;
  check->message = std::string("the arms' shares ") + (odd ? "change" : "are alike") + " over " +
                   base::format_count(std::ssize(compared)) + " " + groups;
}

}  // namespace

Check hourly_check(const Tally& tally, bool complete) {
  Check check{.code = "sample_ratio_by_hour", .title = "Customers by arm, hour by hour"};
  compare_shares(tally, tally.by_hour, complete, "hours", &check);
  return check;
}

Check segment_check(const Tally& tally, bool complete) {
  Check check{.code = "sample_ratio_by_segment", .title = "Customers by arm, segment by segment"};
  compare_shares(tally, tally.by_segment, complete, "segments", &check);
  return check;
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

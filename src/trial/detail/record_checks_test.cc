// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/record_checks.h"

#include <gtest/gtest.h>

namespace trial::detail {
namespace {

Plan dry_run() {
  Plan plan;
  plan.design.dry_run = true;
  return plan;
}

Tally of_sessions(std::int64_t enrolled, std::int64_t base_timeouts, std::int64_t unpaid) {
  Tally tally{Plan{}};
  tally.arms[0].enrolled = tally.arms[1].enrolled = enrolled;
  tally.arms[0].closed = tally.arms[1].closed = enrolled;
  tally.systems[0].timeouts = base_timeouts;
  tally.arms[0].unreported = tally.arms[1].unreported = unpaid / 2;
  return tally;
}

TEST(RecordChecks, are_silent_while_both_systems_answer) {
  EXPECT_TRUE(alarms(record_checks(of_sessions(1000, 100, 200), Plan())).empty());
}

TEST(RecordChecks, name_the_system_that_did_not_answer) {
  const auto found = alarms(record_checks(of_sessions(1000, 101, 0), Plan()));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "base_silent");
  EXPECT_EQ(found[0].message,
            "the base system did not decide in time for 101 of 1,000 customers of its arm, who got "
            "the fallback: it is not what was tested");
}

TEST(RecordChecks, tell_of_revenue_that_never_came) {
  const auto found = alarms(record_checks(of_sessions(1000, 0, 202), Plan()));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "revenue_missing");
}

TEST(RecordChecks, wait_for_enough_sessions_to_judge) {
  EXPECT_TRUE(alarms(record_checks(of_sessions(49, 49, 0), Plan())).empty());
}

TEST(RecordChecks, raise_an_alarm_where_one_arm_loses_more_revenue) {
  Tally tally = of_sessions(1000, 0, 0);
  tally.arms[1].unreported = 8;
  EXPECT_TRUE(alarms(record_checks(tally, Plan())).empty());
  tally.arms[1].unreported = 20;  // z = 4.5.
  const auto found = alarms(record_checks(tally, Plan()));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "revenue_missing_unequal");
}

TEST(RecordChecks, of_a_dry_run_see_a_candidate_that_is_never_executed) {
  Tally tally = of_sessions(1000, 0, 0);
  tally.systems[1].missing = 150;
  tally.systems[1].late = 60;
  EXPECT_TRUE(alarms(record_checks(tally, Plan())).empty());
  const auto found = alarms(record_checks(tally, dry_run()));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "candidate_silent");
}

TEST(OutcomeChecks, watch_for_repeats_and_for_revenue_that_comes_too_late) {
  const auto lamps = [](std::int64_t duplicates, std::int64_t late) {
    std::string text;
    for (const experiment::Check& check :
         outcome_checks({{"session", "sampled", 1000},
                         {"revenue", "recorded", 1000},
                         {"revenue", "late", late},
                         {"base_prediction", "duplicate", duplicates}}))
      text += check.code + " " + experiment::name(check.lamp) + "; ";
    return text;
  };
  EXPECT_EQ(lamps(100, 10), "duplicates good; late_revenue good; ");
  EXPECT_EQ(lamps(120, 10), "duplicates watch; late_revenue good; ");
  EXPECT_EQ(lamps(0, 11), "duplicates good; late_revenue watch; ");
}

// 10 hours of 100 customers an arm; in the worst case one hour gives base 60 of its 200.
TEST(HourlyCheck, watches_arms_whose_shares_change_with_the_hour) {
  Tally tally{Plan{}};
  for (std::int64_t hour = 0; hour < 10; ++hour) tally.by_hour[hour] = {100 + hour % 2, 100};
  tally.arms[0].enrolled = 1005;
  tally.arms[1].enrolled = 1000;
  EXPECT_EQ(hourly_check(tally, false).lamp, experiment::Lamp::kDark);
  EXPECT_EQ(hourly_check(tally, true).lamp, experiment::Lamp::kGood);
  tally.by_hour[3] = {60, 141};  // χ² = 29.748 on 9 degrees of freedom.
  const auto found = hourly_check(tally, true);
  EXPECT_EQ(found.lamp, experiment::Lamp::kWatch);
  EXPECT_NEAR(*found.p, 4.8411e-4, 1e-7);
  tally.by_hour = {{7, {1005, 1000}}};
  EXPECT_EQ(hourly_check(tally, true).lamp, experiment::Lamp::kDark);
}

// The same figures by the shop's segments.
TEST(SegmentCheck, watches_arms_whose_shares_differ_between_segments) {
  Tally tally{Plan{}};
  SessionRow row{.counted = true};
  const auto come = [&](const char* segment, event::System arm, int customers) {
    row.segment = event::Segment::make(segment).value_or(event::Segment());
    row.arm = arm;
    for (int i = 0; i < customers; ++i) tally.opened(row);
  };
  come("app", event::System::kBase, 100);
  come("app", event::System::kCandidate, 140);
  come("", event::System::kBase, 500);  // Of no segment.
  EXPECT_EQ(tally.by_segment.size(), 1U);
  EXPECT_EQ(segment_check(tally, true).lamp, experiment::Lamp::kDark);
  come("web", event::System::kBase, 140);
  come("web", event::System::kCandidate, 100);
  EXPECT_EQ(segment_check(tally, false).lamp, experiment::Lamp::kDark);
  const auto found = segment_check(tally, true);  // χ² = 4·20²/120 = 13.333 on 1 degree.
  EXPECT_EQ(found.lamp, experiment::Lamp::kWatch);
  EXPECT_NEAR(*found.p, 2.6073e-4, 1e-7);
}

}  // namespace
}  // namespace trial::detail

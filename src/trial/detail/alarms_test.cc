// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/alarms.h"

#include <gtest/gtest.h>

namespace trial::detail {
namespace {

Tally of_sessions(std::int64_t enrolled, std::int64_t base_timeouts, std::int64_t unpaid) {
  Tally tally(false);
  tally.arms[0].enrolled = tally.arms[1].enrolled = enrolled;
  tally.arms[0].closed = tally.arms[1].closed = enrolled;
  tally.systems[0].timeouts = base_timeouts;
  tally.timed_out_sessions = unpaid;
  return tally;
}

TEST(Alarms, are_silent_while_both_systems_answer) {
  EXPECT_TRUE(alarms(of_sessions(1000, 100, 200)).empty());
}

TEST(Alarms, name_the_system_that_did_not_answer) {
  const auto found = alarms(of_sessions(1000, 101, 0));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "base_silent");
  EXPECT_EQ(found[0].message,
            "the base system did not decide in time for 101 of 1,000 customers of its arm, who got "
            "the fallback: it is not what was tested");
}

TEST(Alarms, tell_of_revenue_that_never_came) {
  const auto found = alarms(of_sessions(1000, 0, 201));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "revenue_missing");
}

TEST(Alarms, wait_for_enough_sessions_to_judge) {
  EXPECT_TRUE(alarms(of_sessions(49, 49, 0)).empty());
}

}  // namespace
}  // namespace trial::detail

// SPDX-License-Identifier: Apache-2.0
#include "trial/session_csv.h"

#include <gtest/gtest.h>

namespace trial {
namespace {

TEST(SessionCsv, writes_what_each_system_would_have_done) {
  SessionRow row{.session = event::SessionId(17),
                 .customer = event::CustomerId(404180),
                 .arm = event::System::kCandidate,
                 .counted = true,
                 .opened_at = base::Timestamp(1'700'000'000'000'000)};
  row.of(event::System::kCandidate) = {Word::kShow, false, base::Duration(2500)};
  row.executed = Word::kShow;
  row.closing = Closing::kRevenue;
  row.revenue = base::Cents(2345);
  row.accepted = true;
  Plan plan;
  std::string text = session_csv_header(plan);
  append_session_csv(row, plan, text);
  row.of(event::System::kBase) = {Word::kShow, true, base::Duration(900'000)};
  append_session_csv(row, plan, text);
  plan.fallback_show = true;
  append_session_csv(row, plan, text);
  EXPECT_EQ(
      text,
      "session,customer,counted,arm,opened_us,base_value,candidate_value,base_heard,"
      "candidate_heard,base_ms,candidate_ms,shown,reason,closing,revenue,accepted,segment\n"
      "17,404180,1,candidate,1700000000000000,0,1,never,in_time,,2.5,1,decision,revenue,23.45,1,\n"
      "17,404180,1,candidate,1700000000000000,0,1,late,in_time,900,2.5,1,decision,revenue,23.45,1,"
      "\n"
      "17,404180,1,candidate,1700000000000000,1,1,late,in_time,900,2.5,1,decision,revenue,23.45,"
      "1,\n");
}

TEST(SessionCsv, adds_columns_for_further_candidates_and_for_what_was_spent_before) {
  Plan plan;
  plan.further_candidates.resize(1);
  plan.design.covariate = true;
  SessionRow row{.session = event::SessionId(1), .customer = event::CustomerId(2)};
  row.arm = event::candidate(1);
  row.of(event::candidate(1)) = {Word::kShow, false, base::Duration(1500)};
  row.before = base::Cents(1999);
  row.segment = *event::Segment::make("es, \"x\"");
  std::string text;
  append_session_csv(row, plan, text);
  EXPECT_TRUE(session_csv_header(plan).ends_with(
      ",accepted,candidate_2_value,candidate_2_heard,candidate_2_ms,before,segment\n"));
  EXPECT_EQ(text,
            "1,2,0,candidate_2,0,0,0,never,never,,,,,open,0.00,0,1,in_time,1.5,19.99,\"es, "
            "\"\"x\"\"\"\n");
  EXPECT_FALSE(against_base(row, event::System::kCandidate));
  const auto pair = against_base(row, event::candidate(1));
  ASSERT_TRUE(pair);
  text.clear();
  append_session_csv(*pair, Plan(), text);
  EXPECT_EQ(text, "1,2,0,candidate,0,0,1,never,in_time,,1.5,,,open,0.00,0,\"es, \"\"x\"\"\"\n");
}

}  // namespace
}  // namespace trial

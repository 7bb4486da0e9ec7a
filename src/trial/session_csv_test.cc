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
  std::string text(session_csv_header());
  append_session_csv(row, false, text);
  row.of(event::System::kBase) = {Word::kShow, true, base::Duration(900'000)};
  append_session_csv(row, false, text);
  append_session_csv(row, true, text);
  EXPECT_EQ(
      text,
      "session,customer,counted,arm,opened_us,base_value,candidate_value,base_heard,"
      "candidate_heard,base_ms,candidate_ms,shown,reason,closing,revenue,accepted\n"
      "17,404180,1,candidate,1700000000000000,0,1,never,in_time,,2.5,1,decision,revenue,23.45,1\n"
      "17,404180,1,candidate,1700000000000000,0,1,late,in_time,900,2.5,1,decision,revenue,23.45,1\n"
      "17,404180,1,candidate,1700000000000000,1,1,late,in_time,900,2.5,1,decision,revenue,23.45,"
      "1\n");
}

}  // namespace
}  // namespace trial

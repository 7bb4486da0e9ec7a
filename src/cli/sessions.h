// SPDX-License-Identifier: Apache-2.0
// Recorded sessions read back from CSV (trial/session_csv.h, or anybody's with these columns).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "experiment/assignment.h"

namespace cli {

// A customer's session that counts and has ended.
struct RecordedSession {
  std::int64_t customer = 0;
  experiment::Arm arm = experiment::Arm::kBase;
  bool base_offers = false;  // What each system would have done.
  bool candidate_offers = false;
  bool shown = false;
  bool accepted = false;
  base::Cents revenue;
};

struct RecordedSessions {
  std::vector<RecordedSession> rows;
  std::int64_t open = 0;       // Left out: not ended yet,
  std::int64_t uncounted = 0;  // or a later visit of a customer who counts already.
};

// Needs the columns customer, arm, base_value, candidate_value, shown, accepted and revenue; uses
// counted and closing where they are there. "-" is standard input.
base::Result<RecordedSessions> read_sessions(const std::string& path);

}  // namespace cli

// SPDX-License-Identifier: Apache-2.0
// Recorded sessions as CSV, one a line: what `GET …/export.csv` and `provecho export` write, and
// what `provecho aa`, `measure`, `value` and `analyse` read (docs/formats/sessions.md). No secrets.
#pragma once
#include <optional>
#include <string>

#include "trial/plan.h"
#include "trial/session_row.h"

namespace trial {

// The column names, with a line end. Each further candidate adds its value, when it was heard and
// its milliseconds; a plan that adjusts by what customers spent before adds that.
std::string session_csv_header(const Plan& plan);

// The session as one of an experiment of base and this candidate alone; nothing where another's
// decision was executed.
std::optional<SessionRow> against_base(const SessionRow& row, event::System candidate);

// Appends one line. The plan's fallback stands in for a decision that came late or never.
void append_session_csv(const SessionRow& row, const Plan& plan, std::string& out);

}  // namespace trial

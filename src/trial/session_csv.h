// SPDX-License-Identifier: Apache-2.0
// Recorded sessions as CSV, one a line: what `GET …/export.csv` and `provecho export` write, and
// what `provecho aa`, `measure`, `value` and `analyse` read (docs/formats/sessions.md). No secrets.
#pragma once
#include <string>
#include <string_view>

#include "trial/session_row.h"

namespace trial {

// The column names, with a line end.
std::string_view session_csv_header();

// Appends one line. `fallback_show`: the plan's, which stands in for a decision that came late or
// never.
void append_session_csv(const SessionRow& row, bool fallback_show, std::string& out);

}  // namespace trial

// SPDX-License-Identifier: Apache-2.0
// Rows of the tables as values, in one place for each direction.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "sql/connection.h"
#include "trial/store.h"

namespace trial::detail {

std::string put_session_sql();
std::string select_sessions_sql(std::string_view where);
// `memory` holds what is bound and must last until the statement has run.
void bind_session(sql::Statement& put, ExperimentId id, const SessionRow& row, std::string& memory);
// The two columns that say which system: "base" or "candidate", and the candidate's number from 1.
std::string_view side_name(event::System system);
std::int64_t candidate_number(event::System system);
SessionRow read_session(const sql::Statement& row);
base::Result<ExperimentRow> read_experiment(const sql::Statement& row);
base::Result<TokenRow> read_token(const sql::Statement& row);
base::Result<UserRow> read_user(const sql::Statement& row);

}  // namespace trial::detail

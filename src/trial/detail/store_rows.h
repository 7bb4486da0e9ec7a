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
void bind_session(sql::Statement& put, ExperimentId id, const SessionRow& row);
SessionRow read_session(const sql::Statement& row);
base::Result<ExperimentRow> read_experiment(const sql::Statement& row);
base::Result<TokenRow> read_token(const sql::Statement& row);
base::Result<UserRow> read_user(const sql::Statement& row);

}  // namespace trial::detail

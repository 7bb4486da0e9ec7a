// SPDX-License-Identifier: Apache-2.0
// The tables, as numbered steps. A step that has been released is never edited: a change is a new
// step.
#pragma once
#include "base/result.h"
#include "sql/sqlite.h"

namespace trial::detail {

// Brings an empty or older file to the newest schema, one transaction a step. Refuses a file of a
// newer schema, and one that is some other program's.
base::Result<void> migrate(sql::Database& database, const std::string& path);

}  // namespace trial::detail

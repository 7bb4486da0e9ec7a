// SPDX-License-Identifier: Apache-2.0
// The store over any database that sql speaks to: one set of SQL texts. Needs a connection that
// nobody else writes beside.
#pragma once
#include <memory>

#include "base/result.h"
#include "sql/connection.h"
#include "trial/store.h"

namespace trial::detail {

// Brings the tables to the newest schema first.
base::Result<std::unique_ptr<Store>> open_store(std::unique_ptr<sql::Connection> connection);

}  // namespace trial::detail

// SPDX-License-Identifier: Apache-2.0
#include "trial/postgres_store.h"

#include <utility>

#include "sql/postgres.h"
#include "trial/detail/sql_store.h"

namespace trial {

base::Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options) {
  TRY_ASSIGN(std::unique_ptr<sql::Connection> connection,
             sql::open_postgres_alone(
                 {.url = options.url, .schema = "provecho", .wait_ms = options.wait_ms}));
  return detail::open_store(std::move(connection));
}

}  // namespace trial

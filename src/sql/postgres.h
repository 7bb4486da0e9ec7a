// SPDX-License-Identifier: Apache-2.0
// A database on a PostgreSQL server, by way of libpq.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "sql/connection.h"

namespace sql {

struct PostgresOptions {
  // "postgresql://user@host:5432/database". A password in it, in PGPASSWORD or in ~/.pgpass is used
  // and never repeated in an error.
  std::string url;
  std::string schema;    // Where the tables lie; made if absent. Lower-case letters.
  int wait_ms = 10'000;  // How long to wait for a server that was lost, or for another's lock.
};

// As the schema's only writer, by an advisory lock that ends with the session: refused while
// another has it. Within a transaction, statements that are run() travel together. A session that
// is lost is an error of what was under way; the next statement, or the next transaction, makes a
// new one and takes the lock again, and is refused for good if somebody else has written
// meanwhile. Answers a commit only when it is on the server's disk (synchronous_commit).
base::Result<std::unique_ptr<Connection>> open_postgres_alone(const PostgresOptions& options);

}  // namespace sql

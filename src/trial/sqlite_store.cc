// SPDX-License-Identifier: Apache-2.0
#include "trial/sqlite_store.h"

#include <utility>

#include "sql/sqlite.h"
#include "trial/detail/sql_store.h"

namespace trial {

base::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  TRY_ASSIGN(sql::Sqlite database, sql::Sqlite::open_alone(options.path, options.busy_timeout_ms));
  // The first statement that reads the file says so when it is not SQLite's.
  TRY_ASSIGN(const std::string mode, database.text("PRAGMA journal_mode = WAL"));
  if (mode != "wal" && mode != "memory") {
    return base::system_error("the store '" + options.path +
                              "' cannot keep a write-ahead log there (journal mode is '" + mode +
                              "'): use a local file system");
  }
  TRY(database.execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; "
      "PRAGMA wal_autocheckpoint = 4000"));
  return detail::open_store(std::make_unique<sql::Sqlite>(std::move(database)));
}

}  // namespace trial

// SPDX-License-Identifier: Apache-2.0
// The store in one SQLite file (docs/formats/store.md): write-ahead log, synchronous=FULL, STRICT
// tables, numbered migrations. Survives kill −9 at any moment; refuses a file of a newer schema,
// and a second writer.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "trial/store.h"

namespace trial {

struct SqliteOptions {
  std::string path =
      ":memory:";              // A file, made when absent; ":memory:" lives as long as the object.
  int busy_timeout_ms = 5000;  // How long to wait for another process's lock before giving up.
};

// Not thread-safe. Readers of the file (sqlite3, a notebook) may look at any time.
base::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace trial

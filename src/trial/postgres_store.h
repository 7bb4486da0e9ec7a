// SPDX-License-Identifier: Apache-2.0
// The store in a PostgreSQL database, in the schema `provecho` (docs/formats/store.md): the same
// tables, by the same SQL, as in a file.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "trial/store.h"

namespace trial {

struct PostgresOptions {
  std::string url;       // "postgresql://user@host:5432/database"; sql/postgres.h on passwords.
  int wait_ms = 10'000;  // How long to wait for a server that was lost, or for another platform.
};

// Not thread-safe. Readers may look at any time; a second writer is refused. A server that is lost
// is an error of the call; the next call looks for it anew, for so long as the options say.
base::Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options);

}  // namespace trial

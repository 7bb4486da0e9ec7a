// SPDX-License-Identifier: Apache-2.0
// A place for a store, in a file or on a PostgreSQL server of the test's own, where a test opens it
// again and again.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "sql/postgres_server_test.h"
#include "trial/postgres_store.h"
#include "trial/sqlite_store.h"

namespace trial {

enum class Database { kSqlite, kPostgres };

inline std::string name_of(Database database) {
  return database == Database::kSqlite ? "SQLite" : "PostgreSQL";
}

class StoreBed {
 public:
  explicit StoreBed(Database database) : database_(database) {
    folder_ = std::filesystem::temp_directory_path() / ("store_test_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    if (database == Database::kPostgres && !sql::PostgresServer::programs().empty())
      server_ = sql::PostgresServer::start();
  }
  ~StoreBed() { std::filesystem::remove_all(folder_); }

  // Why there is no such place here; empty: there is one.
  [[nodiscard]] std::string missing() const {
    if (database_ == Database::kSqlite || server_ != nullptr) return "";
    return sql::PostgresServer::programs().empty()
               ? "no PostgreSQL server is installed (Debian: postgresql)"
               : "";
  }
  [[nodiscard]] bool ready() const { return database_ == Database::kSqlite || server_ != nullptr; }

  [[nodiscard]] base::Result<std::unique_ptr<Store>> open(int wait_ms = 5000) const {
    if (database_ == Database::kSqlite) return open_sqlite({.path = path()});
    return open_postgres({.url = server_->url(), .wait_ms = wait_ms});
  }

  [[nodiscard]] std::string path() const { return (folder_ / "store.db").string(); }
  [[nodiscard]] sql::PostgresServer& server() const { return *server_; }
  // Where all bytes lie that the database keeps.
  [[nodiscard]] std::string folder() const {
    return database_ == Database::kSqlite ? folder_.string() : server_->folder() + "/data";
  }

 private:
  const Database database_;
  std::filesystem::path folder_;
  std::unique_ptr<sql::PostgresServer> server_;
};

}  // namespace trial

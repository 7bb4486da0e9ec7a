// SPDX-License-Identifier: Apache-2.0
// A database in one file, by way of SQLite. Errors carry SQLite's own message and the file.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sql/connection.h"
#include "sql/detail/single_writer.h"

namespace sql {

class Sqlite final : public Connection {
 public:
  // A file, made when absent; ":memory:" lives as long as the object. `busy_timeout_ms`: how long
  // to wait for another process's lock before giving up.
  static base::Result<Sqlite> open(const std::string& path, int busy_timeout_ms);
  // The same as its only writer: refused while another process, or another object, is that.
  static base::Result<Sqlite> open_alone(const std::string& path, int busy_timeout_ms);

  [[nodiscard]] std::string name() const override { return path_; }
  base::Result<Statement> prepare(std::string_view sql) override;
  base::Result<void> execute(const std::string& sql) override;
  base::Result<void> define(const std::string& sql) override { return execute(sql); }
  // The version lies in the file's user_version, the application in its application_id.
  base::Result<std::int64_t> schema_version(std::int32_t application) override;
  base::Result<void> set_schema_version(std::int32_t application, std::int64_t version) override;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Sqlite() = default;
  base::Result<void> begin() override { return execute("BEGIN IMMEDIATE"); }
  base::Result<void> commit() override { return execute("COMMIT"); }
  // SQLite has rolled back by itself after some errors; then there is nothing left to do and this
  // says so.
  void roll_back() override { static_cast<void>(execute("ROLLBACK")); }

  std::string path_;
  std::optional<detail::SingleWriter> lock_;  // Released after the file is closed.
  std::unique_ptr<sqlite3, Close> handle_;
};

using Database = Sqlite;  // The study's word for it.

}  // namespace sql

// SPDX-License-Identifier: Apache-2.0
#include "sql/sqlite.h"

namespace sql {
namespace {

base::Error error_of(sqlite3* handle, std::string_view doing) {
  const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
  std::string message = "the store";
  if (file != nullptr && *file != '\0') message.append(" '").append(file).append("'");
  message.append(" failed to ").append(doing).append(": ");
  message += handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
  return base::system_error(std::move(message));
}

}  // namespace

// A bind fails only for a wrong index, a statement in use or no memory; step() then reports the
// missing value (NOT NULL).
Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index + 1, value);
  return *this;
}
Statement& Statement::bind(int index, double value) {
  sqlite3_bind_double(statement_.get(), index + 1, value);
  return *this;
}
Statement& Statement::bind(int index, std::string_view value) {
  sqlite3_bind_text(statement_.get(), index + 1, value.data() == nullptr ? "" : value.data(),
                    static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind(int index, std::span<const std::uint8_t> value) {
  sqlite3_bind_blob(statement_.get(), index + 1, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(statement_.get(), index + 1);
  return *this;
}

base::Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  base::Error error = error_of(sqlite3_db_handle(statement_.get()), "run a statement");
  sqlite3_reset(statement_.get());
  return error;
}

base::Result<void> Statement::run() {
  TRY(step());
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return {data == nullptr ? "" : data,
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

base::Result<Database> Database::open(const std::string& path, int busy_timeout_ms) {
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) {
    return base::input_error("cannot open the store '" + path + "': " + sqlite3_errstr(code) +
                             "; its folder must exist and be writable");
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  return database;
}

base::Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error_of(handle_.get(), "run '" + sql.substr(0, 60) + "'");
  }
  return {};
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error_of(handle_.get(), "prepare '" + std::string(sql.substr(0, 60)) + "'");
  }
  return Statement(statement);
}

base::Result<std::int64_t> Database::integer(std::string_view sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY(statement.step());
  return statement.integer(0);
}

base::Result<std::string> Database::text(std::string_view sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY(statement.step());
  return std::string(statement.text(0));
}

base::Result<Transaction> Transaction::begin(Database& database) {
  TRY(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; then there is nothing left to do and this
  // says so.
  if (database_ != nullptr) static_cast<void>(database_->execute("ROLLBACK"));
}

base::Result<void> Transaction::commit() {
  TRY(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace sql

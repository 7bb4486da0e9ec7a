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

// A bind fails only for a wrong index, a statement in use or no memory; step() then reports the
// missing value (NOT NULL).
class SqliteStatement final : public StatementBody {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  void bind(int index, std::int64_t value) override {
    sqlite3_bind_int64(statement_.get(), index + 1, value);
  }
  void bind(int index, double value) override {
    sqlite3_bind_double(statement_.get(), index + 1, value);
  }
  void bind(int index, std::string_view value) override {
    sqlite3_bind_text(statement_.get(), index + 1, value.data() == nullptr ? "" : value.data(),
                      static_cast<int>(value.size()), SQLITE_STATIC);
  }
  void bind(int index, std::span<const std::uint8_t> value) override {
    sqlite3_bind_blob(statement_.get(), index + 1, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void bind_null(int index) override { sqlite3_bind_null(statement_.get(), index + 1); }

  base::Result<bool> step() override {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    base::Error error = error_of(sqlite3_db_handle(statement_.get()), "run a statement");
    sqlite3_reset(statement_.get());
    return error;
  }
  base::Result<void> run() override {
    TRY(step());
    reset();
    return {};
  }
  void reset() override { sqlite3_reset(statement_.get()); }

  [[nodiscard]] bool is_null(int column) const override {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_.get(), column);
  }
  [[nodiscard]] double real(int column) const override {
    return sqlite3_column_double(statement_.get(), column);
  }
  [[nodiscard]] std::string_view text(int column) const override {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return {data == nullptr ? "" : data, size(column)};
  }
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const override {
    const auto* data =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    return {data, size(column)};
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  [[nodiscard]] std::size_t size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  }
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace

base::Result<Sqlite> Sqlite::open(const std::string& path, int busy_timeout_ms) {
  Sqlite database;
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

base::Result<Sqlite> Sqlite::open_alone(const std::string& path, int busy_timeout_ms) {
  std::optional<detail::SingleWriter> lock;
  if (path != ":memory:") {
    TRY_ASSIGN(lock, detail::SingleWriter::take(path));
  }
  TRY_ASSIGN(Sqlite database, open(path, busy_timeout_ms));
  database.lock_ = std::move(lock);
  return database;
}

base::Result<void> Sqlite::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error_of(handle_.get(), "run '" + sql.substr(0, 60) + "'");
  }
  return {};
}

base::Result<Statement> Sqlite::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error_of(handle_.get(), "prepare '" + std::string(sql.substr(0, 60)) + "'");
  }
  return Statement(std::make_unique<SqliteStatement>(statement));
}

base::Result<std::int64_t> Sqlite::schema_version(std::int32_t application) {
  TRY_ASSIGN(const std::int64_t version, integer("PRAGMA user_version"));
  TRY_ASSIGN(const std::int64_t maker, integer("PRAGMA application_id"));
  TRY_ASSIGN(const std::int64_t tables, integer("SELECT count(*) FROM sqlite_schema"));
  if (maker != application && (maker != 0 || version != 0 || tables != 0)) {
    return base::input_error("'" + path_ +
                             "' is another program's SQLite file; name a new file or one of ours");
  }
  return version;
}

base::Result<void> Sqlite::set_schema_version(std::int32_t application, std::int64_t version) {
  TRY(execute("PRAGMA application_id = " + std::to_string(application)));
  return execute("PRAGMA user_version = " + std::to_string(version));
}

}  // namespace sql

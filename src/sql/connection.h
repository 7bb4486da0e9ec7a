// SPDX-License-Identifier: Apache-2.0
// A connection to a database, and what one does with it. SQLite (sqlite.h) and PostgreSQL
// (postgres.h) stand behind it, so that SQL which keeps to what both understand is written once:
// parameters are `?`, counted from the left; a row that may be there is `INSERT … ON CONFLICT (key)
// DO UPDATE SET x = excluded.x`; CASE and RETURNING; columns are INTEGER (64 bits), REAL (a
// double), TEXT (UTF-8 without zeros, ordered by bytes) and BLOB. Not thread-safe.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace sql {

// One statement as a database implements it; its callers hold a Statement.
class StatementBody {
 public:
  virtual ~StatementBody() = default;
  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, double value) = 0;
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind(int index, std::span<const std::uint8_t> value) = 0;
  virtual void bind_null(int index) = 0;
  virtual base::Result<bool> step() = 0;
  virtual base::Result<void> run() = 0;
  virtual void reset() = 0;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual std::span<const std::uint8_t> blob(int column) const = 0;
};

// A prepared statement. The connection that made it outlives it.
class Statement {
 public:
  Statement() = default;
  explicit Statement(std::unique_ptr<StatementBody> body) : body_(std::move(body)) {}

  // Parameters and columns are counted from 0 here. Texts and blobs must live until the next
  // reset().
  Statement& bind(int index, std::int64_t value) { return body_->bind(index, value), *this; }
  Statement& bind(int index, double value) { return body_->bind(index, value), *this; }
  Statement& bind(int index, std::string_view value) { return body_->bind(index, value), *this; }
  Statement& bind(int index, std::span<const std::uint8_t> value) {
    return body_->bind(index, value), *this;
  }
  Statement& bind_null(int index) { return body_->bind_null(index), *this; }

  // True: a row is there. False: done. No other statement runs between two rows.
  base::Result<bool> step() { return body_->step(); }
  // For statements whose rows nobody reads. Within a transaction an error may be told only by a
  // later call, at the latest by the commit: many statements then travel together.
  base::Result<void> run() { return body_->run(); }
  void reset() { body_->reset(); }

  // Of a NULL: 0, and empty.
  [[nodiscard]] bool is_null(int column) const { return body_->is_null(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return body_->integer(column); }
  [[nodiscard]] double real(int column) const { return body_->real(column); }
  // Both until the next step.
  [[nodiscard]] std::string_view text(int column) const { return body_->text(column); }
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const { return body_->blob(column); }

 private:
  std::unique_ptr<StatementBody> body_;
};

class Connection {
 public:
  virtual ~Connection() = default;

  // As people know it: the file, or the address without its password.
  [[nodiscard]] virtual std::string name() const = 0;
  virtual base::Result<Statement> prepare(std::string_view sql) = 0;
  // Any statements, without parameters and rows, in the database's own words.
  virtual base::Result<void> execute(const std::string& sql) = 0;
  // Tables and indices in the common words, which are SQLite's; STRICT and WITHOUT ROWID too.
  virtual base::Result<void> define(const std::string& sql) = 0;

  // The number that the last migration of this application has left; 0: there is nothing yet.
  // Refuses what another program made.
  virtual base::Result<std::int64_t> schema_version(std::int32_t application) = 0;
  virtual base::Result<void> set_schema_version(std::int32_t application, std::int64_t version) = 0;

  base::Result<std::int64_t> integer(std::string_view sql);  // The first column of the first row.
  base::Result<std::string> text(std::string_view sql);

 protected:
  Connection() = default;
  Connection(Connection&&) = default;
  Connection& operator=(Connection&&) = default;

 private:
  friend class Transaction;
  virtual base::Result<void> begin() = 0;
  virtual base::Result<void> commit() = 0;
  virtual void roll_back() = 0;
};

// Of a writer: nobody else writes until its end. Rolled back unless committed. After an error of
// commit() that says the connection was lost, all of it is stored or nothing is.
class Transaction {
 public:
  static base::Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  base::Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// The tables of an application as numbered steps. A step that has been released is never edited: a
// change is a new step.
struct Schema {
  std::int32_t application = 0;        // Tells its files from other programs'.
  std::span<const char* const> steps;  // For Connection::define().
};

// Brings an empty or older database to the newest schema, one transaction a step. Refuses one of a
// newer schema, and one that is some other program's.
base::Result<void> migrate(Connection& connection, const Schema& schema);

}  // namespace sql

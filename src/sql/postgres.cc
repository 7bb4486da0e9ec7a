// SPDX-License-Identifier: Apache-2.0
#include "sql/postgres.h"

#include <bit>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "base/check.h"
#include "sql/detail/postgres_parameters.h"
#include "sql/detail/postgres_session.h"
#include "sql/detail/postgres_text.h"

namespace sql {
namespace {

using detail::PostgresResult;
using detail::PostgresSession;

// "PRVC": sets our advisory locks apart from other programs'; the other half is the schema's.
constexpr const char* kLockSpace = "1347573315";

class Postgres final : public Connection {
 public:
  Postgres(PostgresOptions options, std::string name)
      : options_(std::move(options)), name_(std::move(name)) {}

  base::Result<void> open() {
    TRY(connect());
    TRY(make_schema());
    TRY_ASSIGN(const std::string writer,
               session_->execute("UPDATE made_by SET writer = writer + 1 RETURNING writer"));
    writer_ = writer;
    return {};
  }

  [[nodiscard]] std::string name() const override { return name_; }
  base::Result<Statement> prepare(std::string_view sql) override;
  base::Result<void> execute(const std::string& sql) override {
    TRY(require_session());
    TRY(session_->execute(sql));
    return {};
  }
  base::Result<void> define(const std::string& sql) override {
    return execute(detail::postgres_tables(sql));
  }
  base::Result<std::int64_t> schema_version(std::int32_t application) override;
  base::Result<void> set_schema_version(std::int32_t application, std::int64_t version) override {
    return execute("UPDATE made_by SET application = " + std::to_string(application) +
                   ", version = " + std::to_string(version));
  }

 private:
  friend class PostgresStatement;

  // For a statement that is about to run.
  base::Result<PostgresSession*> session() {
    CHECK(reading_ == nullptr);
    TRY(require_session());
    return &*session_;
  }
  base::Result<void> begin() override;
  base::Result<void> commit() override;
  void roll_back() override;

  base::Result<void> require_session();
  base::Result<void> connect();
  base::Result<void> reconnect();
  base::Result<void> take_lock();
  base::Result<void> make_schema();

  const PostgresOptions options_;
  const std::string name_;
  std::optional<PostgresSession> session_;
  std::string writer_;  // The number of this opening; empty until then.
  bool in_transaction_ = false;
  const StatementBody* reading_ = nullptr;  // Whose rows are being read, if anybody's.
};

class PostgresStatement final : public StatementBody {
 public:
  PostgresStatement(Postgres& connection, std::string_view sql)
      : connection_(connection), sql_(detail::numbered_parameters(sql)) {}
  ~PostgresStatement() override { PostgresStatement::reset(); }

  void bind(int index, std::int64_t value) override { parameters_.bind(index, value); }
  void bind(int index, double value) override { parameters_.bind(index, value); }
  void bind(int index, std::string_view value) override { parameters_.bind(index, value); }
  void bind(int index, std::span<const std::uint8_t> value) override {
    parameters_.bind(index, value);
  }
  void bind_null(int index) override { parameters_.bind_null(index); }

  base::Result<bool> step() override {
    if (!reads()) {
      TRY_ASSIGN(session_, connection_.session());
      TRY(session_->send(sql_, parameters_.all()));
      connection_.reading_ = this;
    }
    auto next = session_->next();
    if (!next || *next == nullptr) connection_.reading_ = nullptr;
    TRY_ASSIGN(row_, std::move(next));
    return row_ != nullptr;
  }

  base::Result<void> run() override {
    if (!reads() && connection_.in_transaction_) {
      TRY_ASSIGN(session_, connection_.session());
      return session_->enqueue(sql_, parameters_.all());
    }
    TRY(step());
    reset();
    return {};
  }

  void reset() override {
    if (reads()) session_->skip_rows();
    if (reads()) connection_.reading_ = nullptr;
    row_.reset();
  }

  [[nodiscard]] bool is_null(int column) const override {
    return PQgetisnull(row_.get(), 0, column) != 0;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return detail::integer_of(value(column));
  }
  [[nodiscard]] double real(int column) const override {
    return std::bit_cast<double>(detail::integer_of(value(column)));
  }
  [[nodiscard]] std::string_view text(int column) const override { return value(column); }
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const override {
    const std::string_view bytes = value(column);
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  }

 private:
  [[nodiscard]] bool reads() const { return connection_.reading_ == this; }
  [[nodiscard]] std::string_view value(int column) const {
    return {PQgetvalue(row_.get(), 0, column),
            static_cast<std::size_t>(PQgetlength(row_.get(), 0, column))};
  }

  Postgres& connection_;
  const std::string sql_;
  detail::BoundParameters parameters_;
  PostgresSession* session_ = nullptr;  // That the rows come from.
  PostgresResult row_;
};

base::Result<Statement> Postgres::prepare(std::string_view sql) {
  return Statement(std::make_unique<PostgresStatement>(*this, sql));
}

base::Result<void> Postgres::begin() {
  TRY(require_session());
  TRY(session_->enqueue("BEGIN", {}));
  in_transaction_ = true;
  return {};
}

base::Result<void> Postgres::commit() {
  TRY(require_session());
  TRY(session_->enqueue("COMMIT", {}));
  TRY_ASSIGN(const std::string tag, session_->flush());
  in_transaction_ = false;
  // So the server answers the COMMIT of a transaction that has failed.
  if (tag != "COMMIT") return base::system_error("the store '" + name_ + "' rolled back a batch");
  return {};
}

void Postgres::roll_back() {
  in_transaction_ = false;
  // What failed has been told; a session that is lost has rolled back.
  static_cast<void>(session_->flush());
  if (!session_->lost()) static_cast<void>(session_->execute("ROLLBACK"));
}

// What began in one session does not go on in another.
base::Result<void> Postgres::require_session() {
  if (!session_->lost()) return {};
  if (in_transaction_) return base::system_error("the store '" + name_ + "' is out of reach");
  return reconnect();
}

base::Result<void> Postgres::connect() {
  TRY_ASSIGN(PostgresSession session, PostgresSession::connect(options_.url, name_));
  session_ = std::move(session);
  // A server that loses us gives our lock to the next within a minute or so. A session that a
  // configuration would let commit without waiting for the disk waits.
  TRY(session_->execute("SET search_path = " + options_.schema +
                        "; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; "
                        "SET tcp_keepalives_count = 3; SELECT set_config('synchronous_commit', "
                        "'on', false) WHERE current_setting('synchronous_commit') = 'off'"));
  return take_lock();
}

base::Result<void> Postgres::reconnect() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.wait_ms);
  base::Result<void> connected = connect();
  while (!connected && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    connected = connect();
  }
  if (!connected) {
    return base::system_error("the store '" + name_ +
                              "' is out of reach: " + connected.error().message);
  }
  TRY_ASSIGN(const std::string writer, session_->execute("SELECT writer FROM made_by"));
  if (writer == writer_) return {};
  session_->close();
  return base::system_error("another platform has written to the store '" + name_ +
                            "' while it was out of reach here: start this one again");
}

base::Result<void> Postgres::take_lock() {
  const std::string lock = std::string(kLockSpace) + ", hashtext('" + options_.schema + "')";
  TRY(session_->execute("SET lock_timeout = " + std::to_string(options_.wait_ms)));
  const auto taken = session_->execute("SELECT pg_advisory_lock(" + lock + ")");
  if (taken) {
    TRY(session_->execute("SET lock_timeout = 0"));
    return {};
  }
  if (session_->lost()) return taken.error();
  TRY_ASSIGN(
      const std::string holder,
      session_->execute(
          "SELECT coalesce(client_addr::text, 'this server''s machine') || ' since ' || "
          "date_trunc('second', backend_start) FROM pg_locks JOIN pg_stat_activity USING (pid) "
          "WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database "
          "WHERE datname = current_database()) AND classid = " +
          std::string(kLockSpace)));
  session_->close();
  if (holder.empty()) return taken.error();
  return base::input_error("the store '" + name_ +
                           "' is being written by another platform (connected from " + holder +
                           "): stop that one, or name another database");
}

base::Result<void> Postgres::make_schema() {
  const std::string named = "'" + options_.schema + "'";
  TRY_ASSIGN(const std::string there,
             session_->execute("SELECT to_regnamespace(" + named + ") IS NOT NULL"));
  if (there != "t") {
    if (const auto made = session_->execute("CREATE SCHEMA " + options_.schema); !made) {
      return base::input_error(made.error().message + "; have its owner run CREATE SCHEMA " +
                               options_.schema + " AUTHORIZATION, with this user's name");
    }
  }
  TRY_ASSIGN(const std::string tables,
             session_->execute("SELECT count(*) FROM pg_class WHERE relnamespace = "
                               "to_regnamespace(" +
                               named + ") AND relkind IN ('r', 'v')"));
  TRY_ASSIGN(const std::string ours, session_->execute("SELECT to_regclass('" + options_.schema +
                                                       ".made_by') IS NOT NULL"));
  if (ours == "t") return {};
  if (tables != "0") {
    return base::input_error("the schema " + options_.schema + " in '" + name_ +
                             "' is another program's; name another database");
  }
  // One row: which program made the tables, how far its migrations are, and how often it opened.
  TRY(
      session_->execute("CREATE TABLE made_by (application BIGINT NOT NULL, version BIGINT NOT "
                        "NULL, writer BIGINT NOT NULL); INSERT INTO made_by VALUES (0, 0, 0)"));
  return {};
}

base::Result<std::int64_t> Postgres::schema_version(std::int32_t application) {
  TRY_ASSIGN(const std::int64_t maker, integer("SELECT application FROM made_by"));
  if (maker != 0 && maker != application) {
    return base::input_error("the schema " + options_.schema + " in '" + name_ +
                             "' is another program's; name another database");
  }
  return integer("SELECT version FROM made_by");
}

}  // namespace

base::Result<std::unique_ptr<Connection>> open_postgres_alone(const PostgresOptions& options) {
  TRY_ASSIGN(std::string name, detail::address_without_password(options.url));
  auto connection = std::make_unique<Postgres>(options, std::move(name));
  TRY(connection->open());
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace sql

// SPDX-License-Identifier: Apache-2.0
#include "trial/sqlite_store.h"

#include <utility>

#include "trial/detail/single_writer.h"
#include "sql/sqlite.h"
#include "trial/detail/sqlite_rows.h"
#include "trial/detail/sqlite_schema.h"

namespace trial {
namespace {

using sql::Database;
using sql::Statement;
using sql::Transaction;

constexpr std::string_view kExperimentColumns =
    "id, state, plan, plan_hash, reason, created_us, started_us, ended_us FROM experiment";
constexpr std::string_view kTokenColumns = "id, experiment, system, digest, issued_us FROM token";

class SqliteStore final : public Store {
 public:
  SqliteStore(std::optional<detail::SingleWriter> lock, Database database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  base::Result<void> prepare() {
    TRY_ASSIGN(put_session_, database_.prepare(detail::put_session_sql()));
    TRY_ASSIGN(get_session_,
               database_.prepare(detail::select_sessions_sql("experiment = ? AND session = ?")));
    TRY_ASSIGN(put_counter_,
               database_.prepare(
                   "INSERT INTO counter (experiment, topic, outcome, count) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT DO UPDATE SET count = excluded.count"));
    TRY_ASSIGN(put_position_,
               database_.prepare("INSERT INTO position (experiment, source, next) VALUES (?, ?, ?) "
                                 "ON CONFLICT DO UPDATE SET next = excluded.next"));
    TRY_ASSIGN(put_point_,
               database_.prepare(
                   "INSERT OR REPLACE INTO series (experiment, customers_closed, at_us, estimate, "
                   "lower, upper) VALUES (?, ?, ?, ?, ?, ?)"));
    return {};
  }

  base::Result<ExperimentId> create(const Plan& plan, base::Timestamp now) override {
    const std::string text = canonical_text(plan);
    TRY_ASSIGN(Statement insert,
               database_.prepare(
                   "INSERT INTO experiment (name, state, plan, plan_hash, reason, created_us, "
                   "started_us, ended_us) VALUES (?, 'draft', ?, '', '', ?, 0, 0) RETURNING id"));
    insert.bind(0, plan.name).bind(1, text).bind(2, now.micros());
    TRY(insert.step());
    const ExperimentId id(insert.integer(0));
    TRY(insert.step());
    return id;
  }

  base::Result<std::vector<ExperimentRow>> experiments() override {
    TRY_ASSIGN(Statement select,
               database_.prepare("SELECT " + std::string(kExperimentColumns) + " ORDER BY id"));
    return collect<ExperimentRow>(select, detail::read_experiment);
  }

  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               database_.prepare("SELECT " + std::string(kExperimentColumns) + " WHERE id = ?"));
    select.bind(0, id.value());
    return first<ExperimentRow>(select, detail::read_experiment);
  }

  base::Result<std::optional<TokenRow>> token(const std::string& id) override {
    TRY_ASSIGN(Statement select,
               database_.prepare("SELECT " + std::string(kTokenColumns) + " WHERE id = ?"));
    select.bind(0, id);
    return first<TokenRow>(select, detail::read_token);
  }

  base::Result<std::vector<TokenRow>> tokens(ExperimentId id) override {
    TRY_ASSIGN(Statement select, database_.prepare("SELECT " + std::string(kTokenColumns) +
                                                   " WHERE experiment = ? ORDER BY system"));
    select.bind(0, id.value());
    return collect<TokenRow>(select, detail::read_token);
  }

  base::Result<void> write(ExperimentId id, const Batch& batch) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database_));
    if (batch.experiment != nullptr) TRY(put_experiment(*batch.experiment));
    for (const TokenRow& token : batch.tokens) TRY(put_token(token));
    for (const SessionRow& session : batch.sessions) {
      detail::bind_session(put_session_, id, session);
      TRY(put_session_.run());
    }
    for (const CounterRow& counter : batch.counters) {
      put_counter_.bind(0, id.value())
          .bind(1, counter.topic)
          .bind(2, counter.outcome)
          .bind(3, counter.count);
      TRY(put_counter_.run());
    }
    for (const PositionRow& position : batch.positions) {
      put_position_.bind(0, id.value()).bind(1, position.source).bind(2, position.next);
      TRY(put_position_.run());
    }
    for (const SeriesPoint& point : batch.series) {
      put_point_.bind(0, id.value()).bind(1, point.customers_closed).bind(2, point.at.micros());
      put_point_.bind(3, point.estimate).bind(4, point.lower).bind(5, point.upper);
      TRY(put_point_.run());
    }
    if (batch.verdict != nullptr) TRY(put_verdict(id, *batch.verdict));
    return transaction.commit();
  }

  base::Result<std::optional<SessionRow>> session(ExperimentId id,
                                                  event::SessionId session) override {
    get_session_.reset();
    get_session_.bind(0, id.value()).bind(1, session.value());
    TRY_ASSIGN(const bool there, get_session_.step());
    std::optional<SessionRow> row;
    if (there) row = detail::read_session(get_session_);
    get_session_.reset();
    return row;
  }

  base::Result<void> each_session(ExperimentId id,
                                  const std::function<void(const SessionRow&)>& visit) override {
    TRY_ASSIGN(Statement select,
               database_.prepare(detail::select_sessions_sql("experiment = ? ORDER BY session")));
    select.bind(0, id.value());
    while (true) {
      TRY_ASSIGN(const bool there, select.step());
      if (!there) return {};
      visit(detail::read_session(select));
    }
  }

  base::Result<std::vector<CounterRow>> counters(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               database_.prepare("SELECT topic, outcome, count FROM counter WHERE experiment = ? "
                                 "ORDER BY topic, outcome"));
    select.bind(0, id.value());
    return collect<CounterRow>(select, [](Statement& row) -> base::Result<CounterRow> {
      return CounterRow{std::string(row.text(0)), std::string(row.text(1)), row.integer(2)};
    });
  }

  base::Result<std::vector<PositionRow>> positions(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               database_.prepare(
                   "SELECT source, next FROM position WHERE experiment = ? ORDER BY source"));
    select.bind(0, id.value());
    return collect<PositionRow>(select, [](Statement& row) -> base::Result<PositionRow> {
      return PositionRow{std::string(row.text(0)), row.integer(1)};
    });
  }

  base::Result<std::vector<SeriesPoint>> series(ExperimentId id) override {
    TRY_ASSIGN(
        Statement select,
        database_.prepare("SELECT at_us, customers_closed, estimate, lower, upper FROM series "
                          "WHERE experiment = ? ORDER BY customers_closed"));
    select.bind(0, id.value());
    return collect<SeriesPoint>(select, [](Statement& row) -> base::Result<SeriesPoint> {
      return SeriesPoint{base::Timestamp(row.integer(0)), row.integer(1), row.real(2), row.real(3),
                         row.real(4)};
    });
  }

  base::Result<std::optional<VerdictRow>> verdict(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               database_.prepare(
                   "SELECT issued_us, plan_hash, word, figures FROM verdict WHERE experiment = ?"));
    select.bind(0, id.value());
    return first<VerdictRow>(select, [](Statement& row) -> base::Result<VerdictRow> {
      return VerdictRow{base::Timestamp(row.integer(0)), std::string(row.text(1)),
                        std::string(row.text(2)), std::string(row.text(3))};
    });
  }

 private:
  template <class Row, class Read>
  static base::Result<std::vector<Row>> collect(Statement& select, Read read) {
    std::vector<Row> rows;
    while (true) {
      TRY_ASSIGN(const bool there, select.step());
      if (!there) return rows;
      TRY_ASSIGN(Row row, read(select));
      rows.push_back(std::move(row));
    }
  }

  template <class Row, class Read>
  static base::Result<std::optional<Row>> first(Statement& select, Read read) {
    TRY_ASSIGN(const bool there, select.step());
    if (!there) return std::optional<Row>();
    TRY_ASSIGN(Row row, read(select));
    return std::optional<Row>(std::move(row));
  }

  // A plan changes only while what is stored is a draft.
  base::Result<void> put_experiment(const ExperimentRow& row) {
    const std::string text = canonical_text(row.plan);
    TRY_ASSIGN(Statement update,
               database_.prepare("UPDATE experiment SET name = iif(state = 'draft', ?2, name), "
                                 "plan = iif(state = 'draft', ?3, plan), "
                                 "state = ?4, plan_hash = ?5, reason = ?6, started_us = ?7, "
                                 "ended_us = ?8 WHERE id = ?1 RETURNING id"));
    update.bind(0, row.id.value())
        .bind(1, row.plan.name)
        .bind(2, text)
        .bind(3, name(row.state))
        .bind(4, row.plan_hash);
    update.bind(5, row.reason).bind(6, row.started_at.micros()).bind(7, row.ended_at.micros());
    TRY_ASSIGN(const bool there, update.step());
    if (!there)
      return base::input_error("there is no experiment " + std::to_string(row.id.value()));
    return update.run();
  }

  base::Result<void> put_token(const TokenRow& token) {
    TRY_ASSIGN(
        Statement insert,
        database_.prepare("INSERT INTO token (id, experiment, system, scope, digest, issued_us) "
                          "VALUES (?, ?, ?, 'ingest', ?, ?)"));
    insert.bind(0, token.id)
        .bind(1, token.experiment.value())
        .bind(2, std::string_view(event::name(token.system)));
    insert.bind(3, std::span<const std::uint8_t>(token.digest)).bind(4, token.issued_at.micros());
    return insert.run();
  }

  base::Result<void> put_verdict(ExperimentId id, const VerdictRow& row) {
    TRY_ASSIGN(Statement insert,
               database_.prepare("INSERT INTO verdict (experiment, issued_us, plan_hash, word, "
                                 "figures) VALUES (?, ?, ?, ?, ?)"));
    insert.bind(0, id.value())
        .bind(1, row.issued_at.micros())
        .bind(2, row.plan_hash)
        .bind(3, row.word)
        .bind(4, row.figures);
    return insert.run();
  }

  std::optional<detail::SingleWriter> lock_;  // Released after the database is closed.
  Database database_;
  Statement put_session_;
  Statement get_session_;
  Statement put_counter_;
  Statement put_position_;
  Statement put_point_;
};

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  std::optional<detail::SingleWriter> lock;
  if (options.path != ":memory:") {
    TRY_ASSIGN(lock, detail::SingleWriter::take(options.path));
  }
  TRY_ASSIGN(Database database, Database::open(options.path, options.busy_timeout_ms));
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
  TRY(detail::migrate(database, options.path));
  auto store = std::make_unique<SqliteStore>(std::move(lock), std::move(database));
  TRY(store->prepare());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace trial

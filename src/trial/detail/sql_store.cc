// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/sql_store.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trial/detail/audit_log.h"
#include "trial/detail/sql_callers.h"
#include "trial/detail/sql_webhooks.h"
#include "trial/detail/store_rows.h"
#include "trial/detail/store_schema.h"

namespace trial::detail {
namespace {

using sql::Connection;
using sql::Statement;
using sql::Transaction;

constexpr std::string_view kExperimentColumns =
    "id, state, plan, plan_hash, reason, created_us, started_us, ended_us, validated_us, "
    "paused_us, harmed_us, sampling_share, slots, harmed_candidate FROM experiment";
constexpr std::string_view kTokenColumns =
    "id, experiment, system, digest, issued_us, revoked_us, candidate FROM token";

std::string_view stored_name(State state) {
  if (state == State::kValidated) return name(State::kDraft);
  return name(state == State::kPaused ? State::kRunning : state);
}

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)),
        webhooks_(open_webhooks(*connection_)),
        callers_(open_callers(*connection_)) {}

  [[nodiscard]] std::string name() const override { return connection_->name(); }

  base::Result<void> prepare() {
    TRY_ASSIGN(put_session_, connection_->prepare(put_session_sql()));
    TRY_ASSIGN(get_session_,
               connection_->prepare(select_sessions_sql("experiment = ? AND session = ?")));
    TRY_ASSIGN(
        put_counter_,
        connection_->prepare(
            "INSERT INTO counter (experiment, topic, outcome, count) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (experiment, topic, outcome) DO UPDATE SET count = excluded.count"));
    TRY_ASSIGN(put_position_,
               connection_->prepare(
                   "INSERT INTO position (experiment, source, next) VALUES (?, ?, ?) "
                   "ON CONFLICT (experiment, source) DO UPDATE SET next = excluded.next"));
    TRY_ASSIGN(
        put_point_,
        connection_->prepare("INSERT INTO series (experiment, customers_closed, at_us, estimate, "
                             "lower, upper) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (experiment, "
                             "customers_closed) DO UPDATE SET at_us = excluded.at_us, estimate = "
                             "excluded.estimate, lower = excluded.lower, upper = excluded.upper"));
    TRY_ASSIGN(put_further_point_,
               connection_->prepare(
                   "INSERT INTO further_series (experiment, customers_closed, at_us, estimate, "
                   "lower, upper, candidate) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (experiment, "
                   "candidate, customers_closed) DO UPDATE SET at_us = excluded.at_us, estimate = "
                   "excluded.estimate, lower = excluded.lower, upper = excluded.upper"));
    return {};
  }

  base::Result<ExperimentId> create(const Plan& plan, const AuditRow& created) override {
    const std::string text = canonical_text(plan);
    TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection_));
    TRY_ASSIGN(Statement insert,
               connection_->prepare(
                   "INSERT INTO experiment (id, name, state, plan, plan_hash, reason, created_us, "
                   "started_us, ended_us) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM "
                   "experiment), ?, 'draft', ?, '', '', ?, 0, 0) RETURNING id"));
    insert.bind(0, plan.name).bind(1, text).bind(2, created.at.micros());
    TRY(insert.step());
    const ExperimentId id(insert.integer(0));
    TRY(insert.step());
    TRY(put_audit(id, created));
    TRY(transaction.commit());
    return id;
  }

  base::Result<std::vector<ExperimentRow>> experiments() override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT " + std::string(kExperimentColumns) + " ORDER BY id"));
    return collect<ExperimentRow>(select, read_experiment);
  }

  base::Result<std::optional<ExperimentRow>> experiment(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT " + std::string(kExperimentColumns) + " WHERE id = ?"));
    select.bind(0, id.value());
    return first<ExperimentRow>(select, read_experiment);
  }

  base::Result<std::optional<TokenRow>> token(const std::string& id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT " + std::string(kTokenColumns) + " WHERE id = ?"));
    select.bind(0, id);
    return first<TokenRow>(select, read_token);
  }

  base::Result<std::vector<TokenRow>> tokens(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT " + std::string(kTokenColumns) +
                                    " WHERE experiment = ? ORDER BY system, candidate"));
    select.bind(0, id.value());
    return collect<TokenRow>(select, read_token);
  }

  using Store::write;
  base::Result<void> write(std::span<const ExperimentBatch> batches) override {
    base::Result<void> written = write_all(batches);
    repeated_ = !written;
    return written;
  }

  base::Result<std::optional<SessionRow>> session(ExperimentId id,
                                                  event::SessionId session) override {
    get_session_.reset();
    get_session_.bind(0, id.value()).bind(1, session.value());
    TRY_ASSIGN(const bool there, get_session_.step());
    std::optional<SessionRow> row;
    if (there) row = read_session(get_session_);
    get_session_.reset();
    return row;
  }

  // Two questions: one for both would read all between them.
  base::Result<std::optional<SessionRange>> session_range(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare(
                   "SELECT (SELECT min(session) FROM session WHERE experiment = ?), (SELECT "
                   "max(session) FROM session WHERE experiment = ?)"));
    select.bind(0, id.value()).bind(1, id.value());
    TRY(select.step());
    if (select.is_null(0)) return std::optional<SessionRange>();
    return std::optional(
        SessionRange{event::SessionId(select.integer(0)), event::SessionId(select.integer(1))});
  }

  base::Result<void> each_session(ExperimentId id,
                                  const std::function<void(const SessionRow&)>& visit) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare(select_sessions_sql("experiment = ? ORDER BY session")));
    select.bind(0, id.value());
    while (true) {
      TRY_ASSIGN(const bool there, select.step());
      if (!there) return {};
      visit(read_session(select));
    }
  }

  base::Result<std::vector<SessionRow>> sessions(ExperimentId id,
                                                 const SessionPage& page) override {
    std::string where = "experiment = ?";
    if (page.after) where += " AND session > ?";
    if (page.counted_only) where += " AND counted = 1";
    TRY_ASSIGN(Statement select,
               connection_->prepare(select_sessions_sql(where + " ORDER BY session LIMIT ?")));
    int next = 0;
    select.bind(next++, id.value());
    if (page.after) select.bind(next++, page.after->value());
    select.bind(next, page.limit);
    return collect<SessionRow>(
        select, [](Statement& row) -> base::Result<SessionRow> { return read_session(row); });
  }

  base::Result<std::vector<CounterRow>> counters(ExperimentId id) override {
    TRY_ASSIGN(
        Statement select,
        connection_->prepare("SELECT topic, outcome, count FROM counter WHERE experiment = ? "
                             "ORDER BY topic, outcome"));
    select.bind(0, id.value());
    return collect<CounterRow>(select, [](Statement& row) -> base::Result<CounterRow> {
      return CounterRow{std::string(row.text(0)), std::string(row.text(1)), row.integer(2)};
    });
  }

  base::Result<std::vector<PositionRow>> positions(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare(
                   "SELECT source, next FROM position WHERE experiment = ? ORDER BY source"));
    select.bind(0, id.value());
    return collect<PositionRow>(select, [](Statement& row) -> base::Result<PositionRow> {
      return PositionRow{std::string(row.text(0)), row.integer(1)};
    });
  }

  base::Result<std::vector<SeriesPoint>> series(ExperimentId id) override {
    TRY_ASSIGN(
        Statement select,
        connection_->prepare(
            "SELECT at_us, customers_closed, 1 AS candidate, estimate, lower, upper FROM series "
            "WHERE experiment = ? UNION ALL SELECT at_us, customers_closed, candidate, estimate, "
            "lower, upper FROM further_series WHERE experiment = ? ORDER BY customers_closed, "
            "candidate"));
    select.bind(0, id.value()).bind(1, id.value());
    return collect<SeriesPoint>(select, [](Statement& row) -> base::Result<SeriesPoint> {
      return SeriesPoint{base::Timestamp(row.integer(0)),
                         row.integer(1),
                         static_cast<std::size_t>(row.integer(2) - 1),
                         row.real(3),
                         row.real(4),
                         row.real(5)};
    });
  }

  base::Result<std::vector<LookRow>> looks(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT number, at_us, information, z, level FROM look WHERE "
                                    "experiment = ? ORDER BY number"));
    select.bind(0, id.value());
    return collect<LookRow>(select, [](Statement& row) -> base::Result<LookRow> {
      return LookRow{static_cast<int>(row.integer(0)), base::Timestamp(row.integer(1)), row.real(2),
                     row.real(3), row.real(4)};
    });
  }

  base::Result<std::vector<AuditRow>> audit(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT number, at_us, who, action, detail FROM audit WHERE "
                                    "experiment = ? ORDER BY number"));
    select.bind(0, id.value());
    return collect<AuditRow>(select, [](Statement& row) -> base::Result<AuditRow> {
      return AuditRow{row.integer(0), base::Timestamp(row.integer(1)), std::string(row.text(2)),
                      std::string(row.text(3)), std::string(row.text(4))};
    });
  }

  base::Result<std::optional<VerdictRow>> verdict(ExperimentId id) override {
    TRY_ASSIGN(Statement select,
               connection_->prepare(
                   "SELECT issued_us, plan_hash, word, figures FROM verdict WHERE experiment = ?"));
    select.bind(0, id.value());
    return first<VerdictRow>(select, [](Statement& row) -> base::Result<VerdictRow> {
      return VerdictRow{base::Timestamp(row.integer(0)), std::string(row.text(1)),
                        std::string(row.text(2)), std::string(row.text(3))};
    });
  }

  base::Result<std::vector<UserRow>> users() override {
    TRY_ASSIGN(Statement select,
               connection_->prepare("SELECT id, name, role, digest, created_us, created_by, "
                                    "revoked_us, revoked_by FROM account ORDER BY created_us, id"));
    return collect<UserRow>(select, read_user);
  }

  base::Result<void> write_user(const UserRow& user) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection_));
    TRY_ASSIGN(Statement insert,
               connection_->prepare(
                   "INSERT INTO account (id, name, role, digest, created_us, created_by, "
                   "revoked_us, revoked_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO "
                   "UPDATE SET revoked_us = excluded.revoked_us, revoked_by = "
                   "excluded.revoked_by"));
    insert.bind(0, user.id).bind(1, user.name).bind(2, trial::name(user.role));
    insert.bind(3, std::span<const std::uint8_t>(user.digest));
    insert.bind(4, user.created_at.micros()).bind(5, user.created_by);
    insert.bind(6, user.revoked_at.micros()).bind(7, user.revoked_by);
    TRY(insert.run());
    return transaction.commit();
  }

  Webhooks& webhooks() override { return *webhooks_; }
  Callers& callers() override { return *callers_; }

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

  base::Result<void> write_all(std::span<const ExperimentBatch> batches) {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection_));
    for (const ExperimentBatch& one : batches) TRY(put_batch(one.id, one.batch));
    return transaction.commit();
  }

  base::Result<void> put_batch(ExperimentId id, const Batch& batch) {
    if (batch.experiment != nullptr) TRY(put_experiment(*batch.experiment));
    for (const TokenRow& token : batch.tokens) TRY(put_token(token));
    for (const SessionRow& session : batch.sessions) {
      bind_session(put_session_, id, session, further_words_);
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
      Statement& put = point.candidate == 0 ? put_point_ : put_further_point_;
      put.bind(0, id.value()).bind(1, point.customers_closed).bind(2, point.at.micros());
      put.bind(3, point.estimate).bind(4, point.lower).bind(5, point.upper);
      if (point.candidate > 0) put.bind(6, static_cast<std::int64_t>(point.candidate) + 1);
      TRY(put.run());
    }
    for (const LookRow& look : batch.looks) TRY(put_look(id, look));
    for (const AuditRow& row : batch.audit) TRY(put_audit(id, row));
    if (batch.verdict != nullptr) TRY(put_verdict(id, *batch.verdict));
    return {};
  }

  // A plan changes only while what is stored is a draft.
  base::Result<void> put_experiment(const ExperimentRow& row) {
    const std::string text = canonical_text(row.plan);
    const std::string slots = row.slots.text();
    TRY_ASSIGN(
        Statement update,
        connection_->prepare(
            "UPDATE experiment SET name = CASE WHEN state = 'draft' THEN ? ELSE name END, "
            "plan = CASE WHEN state = 'draft' THEN ? ELSE plan END, state = ?, plan_hash = "
            "?, reason = ?, started_us = ?, ended_us = ?, validated_us = ?, paused_us = ?, "
            "harmed_us = ?, sampling_share = ?, slots = ?, harmed_candidate = ? WHERE id = ? "
            "RETURNING id"));
    update.bind(0, row.plan.name).bind(1, text).bind(2, stored_name(row.state));
    update.bind(3, row.plan_hash);
    update.bind(4, row.reason).bind(5, row.started_at.micros()).bind(6, row.ended_at.micros());
    update.bind(7, row.validated_at.micros()).bind(8, row.paused_at.micros());
    update.bind(9, row.harmed_at.micros()).bind(10, row.sampling_share);
    update.bind(11, slots).bind(12, static_cast<std::int64_t>(row.harmed_candidate) + 1);
    update.bind(13, row.id.value());
    TRY_ASSIGN(const bool there, update.step());
    if (!there)
      return base::input_error("there is no experiment " + std::to_string(row.id.value()));
    return update.run();
  }

  base::Result<void> put_token(const TokenRow& token) {
    TRY_ASSIGN(Statement insert,
               connection_->prepare(
                   "INSERT INTO token (id, experiment, system, scope, digest, issued_us, "
                   "revoked_us, candidate) VALUES (?, ?, ?, 'ingest', ?, ?, ?, ?) ON CONFLICT (id) "
                   "DO UPDATE SET revoked_us = excluded.revoked_us"));
    insert.bind(0, token.id).bind(1, token.experiment.value());
    insert.bind(2, side_name(token.system));
    insert.bind(3, std::span<const std::uint8_t>(token.digest)).bind(4, token.issued_at.micros());
    insert.bind(5, token.revoked_at.micros()).bind(6, candidate_number(token.system));
    return insert.run();
  }

  base::Result<void> put_look(ExperimentId id, const LookRow& look) {
    TRY_ASSIGN(Statement insert,
               connection_->prepare(
                   "INSERT INTO look (experiment, number, at_us, information, z, level) VALUES "
                   "(?, ?, ?, ?, ?, ?) ON CONFLICT (experiment, number) DO UPDATE SET at_us = "
                   "excluded.at_us, information = excluded.information, z = excluded.z, level = "
                   "excluded.level"));
    insert.bind(0, id.value()).bind(1, std::int64_t{look.number}).bind(2, look.at.micros());
    insert.bind(3, look.information).bind(4, look.z).bind(5, look.level);
    return insert.run();
  }

  // What was appended by a commit whose answer was lost is not appended again.
  base::Result<void> put_audit(ExperimentId id, const AuditRow& row) {
    if (repeated_) {
      TRY_ASSIGN(const std::vector<AuditRow> stored, audit(id));
      if (stands_in(stored, row)) return {};
    }
    TRY_ASSIGN(Statement insert,
               connection_->prepare(
                   "INSERT INTO audit (experiment, number, at_us, who, action, detail) VALUES (?, "
                   "(SELECT coalesce(max(number), 0) + 1 FROM audit WHERE experiment = ?), ?, ?, "
                   "?, ?)"));
    insert.bind(0, id.value()).bind(1, id.value()).bind(2, row.at.micros());
    insert.bind(3, row.who).bind(4, row.action).bind(5, row.detail);
    return insert.run();
  }

  base::Result<void> put_verdict(ExperimentId id, const VerdictRow& row) {
    if (repeated_) {
      TRY_ASSIGN(const std::optional<VerdictRow> stored, verdict(id));
      if (stored == row) return {};
    }
    TRY_ASSIGN(Statement insert,
               connection_->prepare("INSERT INTO verdict (experiment, issued_us, plan_hash, word, "
                                    "figures) VALUES (?, ?, ?, ?, ?)"));
    insert.bind(0, id.value()).bind(1, row.issued_at.micros()).bind(2, row.plan_hash);
    insert.bind(3, row.word).bind(4, row.figures);
    return insert.run();
  }

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Webhooks> webhooks_;
  std::unique_ptr<Callers> callers_;
  Statement put_session_;
  Statement get_session_;
  Statement put_counter_;
  Statement put_position_;
  Statement put_point_;
  Statement put_further_point_;
  std::string further_words_;  // Memory of a session being put.
  // The last write failed, perhaps only in that its answer was lost: what is inserted once may be
  // there already.
  bool repeated_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Store>> open_store(std::unique_ptr<Connection> connection) {
  TRY(sql::migrate(*connection, store_schema()));
  auto store = std::make_unique<SqlStore>(std::move(connection));
  TRY(store->prepare());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace trial::detail

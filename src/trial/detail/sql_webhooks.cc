// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/sql_webhooks.h"

#include <string_view>
#include <utility>

namespace trial::detail {
namespace {

using sql::Statement;
using sql::Transaction;

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// "started verdict_issued"
std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::vector<std::string> split(std::string_view all) {
  std::vector<std::string> words;
  while (!all.empty()) {
    words.emplace_back(all.substr(0, all.find(' ')));
    all.remove_prefix(std::min(words.back().size() + 1, all.size()));
  }
  return words;
}

WebhookRow read_webhook(const Statement& row) {
  return {.id = row.integer(0),
          .url = std::string(row.text(1)),
          .events = split(row.text(2)),
          .secret = text(row.blob(3)),
          .older_secret = text(row.blob(4)),
          .created_at = base::Timestamp(row.integer(5)),
          .created_by = std::string(row.text(6))};
}

News read_news(const Statement& row) {
  return {ExperimentId(row.integer(0)), row.integer(1), std::string(row.text(2))};
}

DeliveryRow read_delivery(const Statement& row) {
  return {.webhook = row.integer(0),
          .experiment = ExperimentId(row.integer(1)),
          .number = row.integer(2),
          .state = row.integer(3) != 0 ? DeliveryState::kDead : DeliveryState::kPending,
          .attempts = static_cast<int>(row.integer(4)),
          .first_at = base::Timestamp(row.integer(5)),
          .next_at = base::Timestamp(row.integer(6)),
          .error = std::string(row.text(7))};
}

template <class Row>
base::Result<std::vector<Row>> collect(Statement& select, Row (*read)(const Statement&)) {
  std::vector<Row> rows;
  while (true) {
    TRY_ASSIGN(const bool there, select.step());
    if (!there) return rows;
    rows.push_back(read(select));
  }
}

class SqlWebhooks final : public Webhooks {
 public:
  explicit SqlWebhooks(sql::Connection& connection) : connection_(connection) {}

  base::Result<std::int64_t> add(const WebhookRow& row) override {
    const std::string events = joined(row.events);
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    TRY_ASSIGN(Statement number, connection_.prepare("UPDATE webhook_number SET last = last + 1 "
                                                     "RETURNING last"));
    TRY(number.step());
    const std::int64_t id = number.integer(0);
    TRY(number.step());
    TRY_ASSIGN(Statement insert,
               connection_.prepare(
                   "INSERT INTO webhook (id, url, events, secret, older_secret, created_us, "
                   "created_by) VALUES (?, ?, ?, ?, ?, ?, ?)"));
    insert.bind(0, id).bind(1, row.url).bind(2, events).bind(3, bytes(row.secret));
    insert.bind(4, bytes(row.older_secret)).bind(5, row.created_at.micros());
    insert.bind(6, row.created_by);
    TRY(insert.run());
    TRY_ASSIGN(Statement skip,
               connection_.prepare("INSERT INTO webhook_position (webhook, experiment, last) "
                                   "SELECT CAST(? AS BIGINT), experiment, max(number) FROM audit "
                                   "GROUP BY experiment"));
    skip.bind(0, id);
    TRY(skip.run());
    TRY(transaction.commit());
    return id;
  }

  base::Result<void> replace_secrets(const WebhookRow& row) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    TRY_ASSIGN(Statement update,
               connection_.prepare("UPDATE webhook SET secret = ?, older_secret = ? WHERE id = ?"));
    update.bind(0, bytes(row.secret)).bind(1, bytes(row.older_secret)).bind(2, row.id);
    TRY(update.run());
    return transaction.commit();
  }

  base::Result<void> remove(std::int64_t id) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    for (const char* sql :
         {"DELETE FROM webhook_delivery WHERE webhook = ?",
          "DELETE FROM webhook_position WHERE webhook = ?", "DELETE FROM webhook WHERE id = ?"}) {
      TRY_ASSIGN(Statement remove, connection_.prepare(sql));
      remove.bind(0, id);
      TRY(remove.run());
    }
    return transaction.commit();
  }

  base::Result<std::vector<WebhookRow>> all() override {
    TRY_ASSIGN(Statement select,
               connection_.prepare("SELECT id, url, events, secret, older_secret, created_us, "
                                   "created_by FROM webhook ORDER BY id"));
    return collect(select, read_webhook);
  }

  base::Result<std::vector<News>> news(std::int64_t id) override {
    TRY_ASSIGN(Statement select,
               connection_.prepare(
                   "SELECT audit.experiment, audit.number, audit.action FROM audit LEFT JOIN "
                   "webhook_position ON webhook_position.webhook = ? AND "
                   "webhook_position.experiment = audit.experiment WHERE audit.number > "
                   "coalesce(webhook_position.last, 0) ORDER BY audit.experiment, audit.number "
                   "LIMIT 1000"));
    select.bind(0, id);
    return collect(select, read_news);
  }

  base::Result<void> write(std::span<const DeliveryRow> rows) override {
    if (rows.empty()) return {};
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    for (const DeliveryRow& row : rows) {
      if (row.state == DeliveryState::kDone) {
        TRY(forget(row));
      } else {
        TRY(keep(row));
      }
      TRY(raise_position(row));
    }
    return transaction.commit();
  }

  base::Result<std::vector<DeliveryRow>> deliveries(std::int64_t id) override {
    TRY_ASSIGN(Statement select,
               connection_.prepare("SELECT webhook, experiment, number, dead, attempts, first_us, "
                                   "next_us, error FROM webhook_delivery WHERE webhook = ? ORDER "
                                   "BY next_us, experiment, number"));
    select.bind(0, id);
    return collect(select, read_delivery);
  }

 private:
  base::Result<void> keep(const DeliveryRow& row) {
    TRY_ASSIGN(Statement insert,
               connection_.prepare(
                   "INSERT INTO webhook_delivery (webhook, experiment, number, dead, attempts, "
                   "first_us, next_us, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
                   "(webhook, experiment, number) DO UPDATE SET dead = excluded.dead, attempts = "
                   "excluded.attempts, first_us = excluded.first_us, next_us = excluded.next_us, "
                   "error = excluded.error"));
    insert.bind(0, row.webhook).bind(1, row.experiment.value()).bind(2, row.number);
    insert.bind(3, std::int64_t{row.state == DeliveryState::kDead});
    insert.bind(4, std::int64_t{row.attempts}).bind(5, row.first_at.micros());
    insert.bind(6, row.next_at.micros()).bind(7, row.error);
    return insert.run();
  }

  base::Result<void> forget(const DeliveryRow& row) {
    TRY_ASSIGN(Statement remove,
               connection_.prepare("DELETE FROM webhook_delivery WHERE webhook = ? AND experiment "
                                   "= ? AND number = ?"));
    remove.bind(0, row.webhook).bind(1, row.experiment.value()).bind(2, row.number);
    return remove.run();
  }

  base::Result<void> raise_position(const DeliveryRow& row) {
    TRY_ASSIGN(Statement insert,
               connection_.prepare(
                   "INSERT INTO webhook_position (webhook, experiment, last) VALUES (?, ?, ?) ON "
                   "CONFLICT (webhook, experiment) DO UPDATE SET last = CASE WHEN excluded.last > "
                   "webhook_position.last THEN excluded.last ELSE webhook_position.last END"));
    insert.bind(0, row.webhook).bind(1, row.experiment.value()).bind(2, row.number);
    return insert.run();
  }

  sql::Connection& connection_;
};

}  // namespace

std::unique_ptr<Webhooks> open_webhooks(sql::Connection& connection) {
  return std::make_unique<SqlWebhooks>(connection);
}

}  // namespace trial::detail

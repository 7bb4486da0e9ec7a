// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/sql_callers.h"

#include <utility>

namespace trial::detail {
namespace {

using sql::Statement;
using sql::Transaction;

class SqlCallers final : public Callers {
 public:
  explicit SqlCallers(sql::Connection& connection) : connection_(connection) {}

  base::Result<std::vector<ReceiptRow>> receipts() override {
    TRY_ASSIGN(
        Statement select,
        connection_.prepare("SELECT key, request, at_us, answer FROM receipt ORDER BY at_us, "
                            "key"));
    std::vector<ReceiptRow> rows;
    while (true) {
      TRY_ASSIGN(const bool there, select.step());
      if (!there) return rows;
      rows.push_back({.key = std::string(select.text(0)),
                      .request = std::string(select.text(1)),
                      .at = base::Timestamp(select.integer(2)),
                      .answer = std::string(select.text(3))});
    }
  }

  base::Result<void> write_receipts(std::span<const ReceiptRow> rows,
                                    std::span<const std::string> forgotten) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    TRY(remove("DELETE FROM receipt WHERE key = ?", forgotten));
    TRY_ASSIGN(Statement insert,
               connection_.prepare("INSERT INTO receipt (key, request, at_us, answer) VALUES (?, "
                                   "?, ?, ?) ON CONFLICT (key) DO UPDATE SET request = "
                                   "excluded.request, at_us = excluded.at_us, answer = "
                                   "excluded.answer"));
    for (const ReceiptRow& row : rows) {
      insert.bind(0, row.key).bind(1, row.request).bind(2, row.at.micros()).bind(3, row.answer);
      TRY(insert.run());
    }
    return transaction.commit();
  }

  base::Result<std::vector<LoginRow>> logins() override {
    TRY_ASSIGN(Statement select,
               connection_.prepare("SELECT digest, account, until_us FROM login ORDER BY digest"));
    std::vector<LoginRow> rows;
    while (true) {
      TRY_ASSIGN(const bool there, select.step());
      if (!there) return rows;
      rows.push_back({.digest = std::string(select.text(0)),
                      .user = std::string(select.text(1)),
                      .until = base::Timestamp(select.integer(2))});
    }
  }

  base::Result<void> write_logins(std::span<const LoginRow> rows,
                                  std::span<const std::string> forgotten) override {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection_));
    TRY(remove("DELETE FROM login WHERE digest = ?", forgotten));
    TRY_ASSIGN(Statement insert,
               connection_.prepare("INSERT INTO login (digest, account, until_us) VALUES (?, ?, ?) "
                                   "ON CONFLICT (digest) DO UPDATE SET until_us = "
                                   "excluded.until_us"));
    for (const LoginRow& row : rows) {
      insert.bind(0, row.digest).bind(1, row.user).bind(2, row.until.micros());
      TRY(insert.run());
    }
    return transaction.commit();
  }

 private:
  base::Result<void> remove(std::string_view sql, std::span<const std::string> keys) {
    TRY_ASSIGN(Statement statement, connection_.prepare(std::string(sql)));
    for (const std::string& key : keys) {
      statement.bind(0, key);
      TRY(statement.run());
    }
    return {};
  }

  sql::Connection& connection_;
};

}  // namespace

std::unique_ptr<Callers> open_callers(sql::Connection& connection) {
  return std::make_unique<SqlCallers>(connection);
}

}  // namespace trial::detail

// SPDX-License-Identifier: Apache-2.0
#include "sql/connection.h"

namespace sql {

base::Result<std::int64_t> Connection::integer(std::string_view sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY(statement.step());
  return statement.integer(0);
}

base::Result<std::string> Connection::text(std::string_view sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY(statement.step());
  return std::string(statement.text(0));
}

base::Result<Transaction> Transaction::begin(Connection& connection) {
  TRY(connection.begin());
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr) connection_->roll_back();
}

base::Result<void> Transaction::commit() {
  TRY(connection_->commit());
  connection_ = nullptr;
  return {};
}

base::Result<void> migrate(Connection& connection, const Schema& schema) {
  const auto newest = static_cast<std::int64_t>(schema.steps.size());
  TRY_ASSIGN(const std::int64_t version, connection.schema_version(schema.application));
  if (version > newest) {
    return base::input_error("the store '" + connection.name() + "' has schema " +
                             std::to_string(version) + ", this program knows schemas up to " +
                             std::to_string(newest) +
                             ": use the program that wrote it, or a newer one");
  }
  for (std::int64_t step = version; step < newest; ++step) {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection));
    TRY(connection.define(schema.steps[static_cast<std::size_t>(step)]));
    TRY(connection.set_schema_version(schema.application, step + 1));
    TRY(transaction.commit());
  }
  return {};
}

}  // namespace sql

// SPDX-License-Identifier: Apache-2.0
#include "sql/detail/postgres_session.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "sql/detail/postgres_text.h"

namespace sql::detail {
namespace {

// Bounds what either side holds for the other: a round trip for so many statements.
constexpr int kTogether = 500;

std::string one_line(std::string_view message) {
  std::string line;
  for (const char c : message) {
    if (c == '\n') {
      line += ' ';
    } else if (c != '\t') {
      line += c;
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

base::Error connect_error(PGconn* connection, const std::string& name) {
  std::string message =
      "cannot open the store '" + name +
      "': " + (connection == nullptr ? "out of memory" : one_line(PQerrorMessage(connection)));
  if (connection != nullptr && PQconnectionNeedsPassword(connection) != 0) {
    message += "; give the password by PGPASSWORD or ~/.pgpass";
  } else if (connection != nullptr && PQconnectionUsedPassword(connection) != 0) {
    message += "; the password was that of the address, PGPASSWORD or ~/.pgpass";
  }
  return base::input_error(std::move(message));
}

}  // namespace

base::Result<PostgresSession> PostgresSession::connect(const std::string& url,
                                                       const std::string& name) {
  // What stands before the address it may override, what stands behind it may not. A server that
  // falls silent is given up within half a minute; a standby, which cannot be written, is refused.
  constexpr int kSettings = 9;
  const std::array<const char*, kSettings + 1> keywords = {
      "connect_timeout",           "keepalives_idle",
      "keepalives_interval",       "keepalives_count",
      "tcp_user_timeout",          "target_session_attrs",
      "fallback_application_name", "dbname",
      "client_encoding",           nullptr};
  const std::array<const char*, kSettings + 1> values = {
      "5", "10", "5", "4", "30000", "read-write", "provecho", url.c_str(), "UTF8", nullptr};
  std::unique_ptr<PGconn, Finish> connection(
      PQconnectdbParams(keywords.data(), values.data(), /*expand_dbname=*/1));
  if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK)
    return connect_error(connection.get(), name);
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const char* encoding = PQparameterStatus(connection.get(), "server_encoding");
  TRY(check_server(name, PQserverVersion(connection.get()), encoding == nullptr ? "" : encoding));
  return PostgresSession(std::move(connection), name);
}

base::Error PostgresSession::failure(const PGresult* result) const {
  const char* words =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string message =
      one_line(words == nullptr ? PQerrorMessage(connection_.get()) : words);
  // The last words of a session come before its end is noticed.
  const char* severity =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const bool last = severity != nullptr && std::string_view(severity) != "ERROR";
  if (last || lost())
    return base::system_error("the store '" + name_ + "' is out of reach: " + message);
  return base::system_error("the store '" + name_ + "' failed to run a statement: " + message);
}

base::Result<std::string> PostgresSession::execute(const std::string& sql) {
  TRY(flush());
  const PostgresResult result(PQexec(connection_.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failure(result.get());
  if (PQntuples(result.get()) == 0) return std::string();
  return std::string(PQgetvalue(result.get(), 0, 0));
}

base::Result<const char*> PostgresSession::prepared(const std::string& sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) return known->second.c_str();
  TRY(flush());
  const std::string statement = "s" + std::to_string(prepared_.size());
  const PostgresResult result(
      PQprepare(connection_.get(), statement.c_str(), sql.c_str(), 0, nullptr));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failure(result.get());
  return prepared_.emplace(sql, statement).first->second.c_str();
}

base::Result<void> PostgresSession::enqueue(const std::string& sql,
                                            const PostgresParameters& parameters) {
  TRY_ASSIGN(const char* statement, prepared(sql));
  if (queued_ == kTogether) TRY(flush());
  if (queued_ == 0 && PQenterPipelineMode(connection_.get()) == 0) return failure(nullptr);
  if (PQsendQueryPrepared(connection_.get(), statement, static_cast<int>(parameters.values.size()),
                          parameters.values.data(), parameters.lengths.data(),
                          parameters.formats.data(), /*resultFormat=*/1) == 0) {
    return failure(nullptr);
  }
  ++queued_;
  return {};
}

base::Result<std::string> PostgresSession::flush() {
  if (queued_ == 0) return std::string();
  queued_ = 0;
  if (PQpipelineSync(connection_.get()) == 0) return failure(nullptr);
  std::optional<base::Error> first;
  std::string tag;
  bool synchronised = false;
  while (!synchronised) {
    const PostgresResult result(PQgetResult(connection_.get()));
    // Without a result: the end of one statement, or of everything.
    if (result == nullptr && lost()) break;
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        synchronised = true;
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        tag = PQcmdStatus(result.get());
        break;
      case PGRES_PIPELINE_ABORTED:  // Behind the one that failed.
        break;
      default:
        if (result != nullptr && !first) first = failure(result.get());
    }
  }
  if (!synchronised && !first) first = failure(nullptr);
  PQexitPipelineMode(connection_.get());
  if (first) return *std::move(first);
  return tag;
}

base::Result<void> PostgresSession::send(const std::string& sql,
                                         const PostgresParameters& parameters) {
  TRY_ASSIGN(const char* statement, prepared(sql));
  TRY(flush());
  if (PQsendQueryPrepared(connection_.get(), statement, static_cast<int>(parameters.values.size()),
                          parameters.values.data(), parameters.lengths.data(),
                          parameters.formats.data(), /*resultFormat=*/1) == 0 ||
      PQsetSingleRowMode(connection_.get()) == 0) {
    return failure(nullptr);
  }
  return {};
}

base::Result<PostgresResult> PostgresSession::next() {
  PostgresResult result(PQgetResult(connection_.get()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_SINGLE_TUPLE) return result;
  skip_rows();
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return PostgresResult();
  return failure(result.get());
}

void PostgresSession::skip_rows() {
  while (PostgresResult(PQgetResult(connection_.get())) != nullptr) continue;
}

}  // namespace sql::detail

// SPDX-License-Identifier: Apache-2.0
// One session with a PostgreSQL server: statements one by one, or many in one round trip. Texts
// are prepared once a session. Not thread-safe. Errors carry the server's first line, never its
// details, which repeat what is stored.
#pragma once
#include <libpq-fe.h>

#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "base/result.h"

namespace sql::detail {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

// What a statement is sent with: binary values, null pointers for NULL.
struct PostgresParameters {
  std::span<const char* const> values;
  std::span<const int> lengths;
  std::span<const int> formats;
};

class PostgresSession {
 public:
  // `name` is the address without its password, for errors. One attempt of a few seconds.
  static base::Result<PostgresSession> connect(const std::string& url, const std::string& name);

  [[nodiscard]] bool lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }

  // Gives up what the session holds on the server; it is lost from then on.
  void close() { connection_.reset(); }

  // Any statements; the text of the last one's first value, empty where it has none.
  base::Result<std::string> execute(const std::string& sql);

  // Sends it together with others, now or later; what fails is told by a later call, at the latest
  // by flush(). Its rows are not kept.
  base::Result<void> enqueue(const std::string& sql, const PostgresParameters& parameters);
  // The tag of the last of them: "COMMIT", "INSERT 0 1".
  base::Result<std::string> flush();

  // After all that was enqueued. Its rows come one by one from next(), which must be called until
  // it gives none (a null pointer) or an error.
  base::Result<void> send(const std::string& sql, const PostgresParameters& parameters);
  base::Result<PostgresResult> next();
  void skip_rows();

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  PostgresSession(std::unique_ptr<PGconn, Finish> connection, std::string name)
      : connection_(std::move(connection)), name_(std::move(name)) {}
  base::Result<const char*> prepared(const std::string& sql);
  [[nodiscard]] base::Error failure(const PGresult* result) const;

  std::unique_ptr<PGconn, Finish> connection_;
  std::string name_;
  std::unordered_map<std::string, std::string> prepared_;  // The server's name of each text.
  int queued_ = 0;
};

}  // namespace sql::detail

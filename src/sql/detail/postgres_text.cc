// SPDX-License-Identifier: Apache-2.0
#include "sql/detail/postgres_text.h"

#include <libpq-fe.h>

#include <cctype>
#include <memory>

namespace sql::detail {
namespace {

constexpr int kOldestServer = 14;

constexpr const char* kAddressForm =
    "write postgresql://user@host:5432/database, with %40 for '@', %2F for '/' and %3A for ':' "
    "within a name; a password is better left to PGPASSWORD or ~/.pgpass";

bool of_a_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view postgres_word(std::string_view word) {
  if (word == "INTEGER") return "BIGINT";
  if (word == "REAL") return "DOUBLE PRECISION";
  if (word == "TEXT") return "TEXT COLLATE \"C\"";
  if (word == "BLOB") return "BYTEA";
  return word;
}

void remove_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
}

}  // namespace

std::string numbered_parameters(std::string_view sql) {
  std::string numbered;
  int parameters = 0;
  bool quoted = false;
  for (const char c : sql) {
    if (c == '\'') quoted = !quoted;
    if (c == '?' && !quoted) {
      numbered += '$';
      numbered += std::to_string(++parameters);
    } else {
      numbered += c;
    }
  }
  return numbered;
}

std::string postgres_tables(std::string_view sql) {
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = at;
    while (end < sql.size() && of_a_word(sql[end])) ++end;
    if (end == at) {
      text += sql[at++];
    } else {
      text += postgres_word(sql.substr(at, end - at));
      at = end;
    }
  }
  remove_all(text, ", WITHOUT ROWID");
  remove_all(text, " STRICT");
  return text;
}

base::Result<std::string> address_without_password(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos ||
      (url.substr(0, scheme) != "postgresql" && url.substr(0, scheme) != "postgres")) {
    return base::input_error(std::string("the store's address is not PostgreSQL's: ") +
                             kAddressForm);
  }
  // libpq ends the host at the first of these; an '@' behind it was meant to come before it.
  const std::size_t authority = url.find_first_of("/?#", scheme + 3);
  const std::size_t at = url.find('@');
  const bool misread =
      at != std::string::npos && (at > authority || url.find('@', at + 1) != std::string::npos);
  using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
  // libpq's own words repeat parts of the address, so nobody hears them.
  char* words = nullptr;
  const Options options(misread ? nullptr : PQconninfoParse(url.c_str(), &words), &PQconninfoFree);
  PQfreemem(words);
  if (options == nullptr) {
    return base::input_error(std::string("the store's address cannot be read: ") + kAddressForm);
  }
  std::string user, host, port, database;
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
    if (o->val == nullptr) continue;
    const std::string_view keyword = o->keyword;
    if (keyword == "user") user = std::string(o->val) + "@";
    if (keyword == "host") host = o->val;
    if (keyword == "port") port = std::string(":") + o->val;
    if (keyword == "dbname") database = o->val;
  }
  if (port.find_first_not_of(":,0123456789") != std::string::npos) {
    return base::input_error(std::string("the port in the store's address is no number: ") +
                             kAddressForm);
  }
  if (port.find_first_of("0123456789") == std::string::npos) port.clear();
  // A host that is a folder holds the server's socket.
  if (host.starts_with('/')) return "postgresql://" + user + "/" + database + "?host=" + host;
  return "postgresql://" + user + host + port + "/" + database;
}

base::Result<void> check_server(const std::string& name, int version, std::string_view encoding) {
  if (version < kOldestServer * 10'000) {
    return base::input_error("the store '" + name + "' is kept by PostgreSQL " +
                             std::to_string(version / 10'000) + "; this program needs " +
                             std::to_string(kOldestServer) + " or newer");
  }
  if (encoding != "UTF8") {
    return base::input_error("the store '" + name + "' is a database in " + std::string(encoding) +
                             ", which cannot hold every text: make one in UTF-8 (createdb "
                             "--encoding=UTF8 --template=template0 NAME) and name that");
  }
  return {};
}

}  // namespace sql::detail

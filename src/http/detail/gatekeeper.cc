// SPDX-License-Identifier: Apache-2.0
#include "http/detail/gatekeeper.h"

#include <boost/asio/ip/address.hpp>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/problem.h"

namespace http {
namespace {

constexpr std::string_view kCookie = "provecho";
constexpr std::chrono::hours kLoginLasts{12};
constexpr std::size_t kMaxLogins = 10'000;

base::Timestamp wall_clock() { return base::SystemClock().now(); }

bool may(trial::Role role, Access access) {
  using trial::Role;
  switch (access) {
    case Access::kEverybody:
      return true;
    case Access::kRead:
      return role != Role::kShop;
    case Access::kSell:
      return role != Role::kViewer;
    case Access::kChange:
      return role == Role::kAnalyst || role == Role::kOwner;
    case Access::kOwn:
      return role == Role::kOwner;
  }
  return false;
}

std::string roles_for(Access access) {
  std::string text;
  for (const trial::Role role : trial::kRoles) {
    if (may(role, access)) text += (text.empty() ? "" : " or ") + std::string(trial::name(role));
  }
  return text;
}

Response refuse_stranger(bool with_token) {
  Response response = problem_response(
      Problem{.status = 401,
              .code = "login-needed",
              .title = "Who are you?",
              .detail = with_token ? "the token or login is not, or no longer, a good user's"
                                   : "send the header `Authorization: Bearer xab_user_…`, or log "
                                     "in by POST /v1/login; an owner gives tokens out"});
  response.headers.emplace_back("WWW-Authenticate",
                                with_token ? R"(Bearer realm="provecho", error="invalid_token")"
                                           : R"(Bearer realm="provecho")");
  return response;
}

Response refuse_role(const Request& request, Access access) {
  const std::string needed = roles_for(access);
  return problem_response(Problem{
      .status = 403,
      .code = "role-needed",
      .title = "Your role does not allow this",
      .detail = "'" + request.user + "' is " + request.role + "; this needs the role " + needed,
      .reasons = {{.code = "role_needed",
                   .field = "role",
                   .detail = "an owner can give out a token of another role",
                   .have = request.role,
                   .need = needed}}});
}

Response refuse_host(const std::string& host) {
  return problem_response(
      Problem{.status = 403,
              .code = "foreign-host",
              .title = "The platform is not known by this name",
              .detail = "without users it serves this machine only, as 127.0.0.1 or localhost, not "
                        "as '" +
                        host + "'; `provecho user add` makes the first user"});
}

Response refuse_haste(int seconds) {
  Response response = problem_response(Problem{.status = 429,
                                               .code = "too-many-requests",
                                               .title = "Too many requests",
                                               .detail = "ask again in " + std::to_string(seconds) +
                                                         (seconds == 1 ? " second" : " seconds") +
                                                         ", and more slowly"});
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

// "Bearer xab_user_…"; the scheme's case does not matter (RFC 9110, 11.1).
std::string_view bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != kScheme[i]) return {};
  }
  return authorization.substr(kScheme.size());
}

// The cookie of our name in "a=1; provecho=xab_login_…; b=2".
std::string_view cookie_value(std::string_view cookies) {
  while (!cookies.empty()) {
    std::string_view pair = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(pair.size() + 1, cookies.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(kCookie) && pair.substr(kCookie.size()).starts_with('='))
      return pair.substr(kCookie.size() + 1);
  }
  return {};
}

bool names_this_machine(std::string_view host) {
  const bool bracketed = host.starts_with('[');
  const std::size_t end = bracketed ? host.find(']') : host.rfind(':');
  const std::string name(bracketed ? host.substr(1, end - 1) : host.substr(0, end));
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;  // Who comes by an address comes by no name of a web site's.
}

}  // namespace

Gatekeeper::Gatekeeper(trial::Desk& desk, const GateOptions& options)
    : desk_(desk), options_(options), limit_(options.rate) {}

base::Result<void> Gatekeeper::load() {
  TRY_ASSIGN(const std::vector<trial::UserRow> rows,
             desk_.ask([](trial::Registry& registry, base::Timestamp) {
               return registry.store().users();
             }));
  const std::lock_guard lock(mutex_);
  had_users_ = !rows.empty();
  users_.clear();
  for (const trial::UserRow& row : rows) {
    if (good(row)) users_.emplace(row.id, row);
  }
  std::erase_if(logins_, [&](const auto& login) { return !users_.contains(login.second.user); });
  return {};
}

base::Result<void> Gatekeeper::load_logins() {
  TRY_ASSIGN(const std::vector<trial::LoginRow> rows,
             desk_.ask([](trial::Registry& registry, base::Timestamp) {
               return registry.store().callers().logins();
             }));
  const std::lock_guard lock(mutex_);
  for (const trial::LoginRow& row : rows) logins_.emplace(row.digest, row);
  return {};
}

bool Gatekeeper::login_needed() const {
  const std::lock_guard lock(mutex_);
  return had_users_;
}

const trial::UserRow* Gatekeeper::user_of(std::string_view token) const {
  static constexpr trial::Digest kNobody{};
  const auto parsed = trial::parse_token(token);
  if (!parsed || parsed->environment != "user") return nullptr;
  const auto found = users_.find(parsed->id);
  // Digests are compared also where the id is unknown: the time tells nothing.
  const trial::Digest& expected = found == users_.end() ? kNobody : found->second.digest;
  const bool same = trial::same_digest(trial::digest_secret(parsed->secret), expected);
  return same && found != users_.end() ? &found->second : nullptr;
}

const trial::UserRow* Gatekeeper::asking(const Request& request) const {
  if (!request.authorization.empty()) return user_of(bearer(request.authorization));
  const std::string_view value = cookie_value(request.cookie);
  if (value.empty()) return nullptr;
  const auto login = logins_.find(trial::sha256_hex(value));
  if (login == logins_.end() || login->second.until <= wall_clock()) return nullptr;
  const auto user = users_.find(login->second.user);
  return user == users_.end() ? nullptr : &user->second;
}

std::optional<Response> Gatekeeper::admit(Request& request, Access access) {
  const std::lock_guard lock(mutex_);
  const trial::UserRow* user = asking(request);
  if (user != nullptr) {
    request.user = user->name;
    request.role = trial::name(user->role);
  }
  const std::string& key = user != nullptr ? user->id : request.peer;
  if (const auto wait = limit_.take(key, Clock::now())) return refuse_haste(*wait);
  if (!had_users_) {
    if (options_.own_machine && !names_this_machine(request.host)) return refuse_host(request.host);
    return std::nullopt;
  }
  if (access == Access::kEverybody) return std::nullopt;
  if (user == nullptr) {
    return refuse_stranger(!request.authorization.empty() || !cookie_value(request.cookie).empty());
  }
  if (!may(user->role, access)) return refuse_role(request, access);
  return std::nullopt;
}

std::optional<std::string> Gatekeeper::log_in(std::string_view token) {
  const auto secret = trial::issue_token("login");
  trial::LoginRow login;
  std::vector<std::string> ended;
  {
    const std::lock_guard lock(mutex_);
    const trial::UserRow* user = user_of(token);
    if (user == nullptr || !secret) return std::nullopt;
    const base::Timestamp now = wall_clock();
    const bool full = logins_.size() >= kMaxLogins;
    for (const auto& [digest, known] : logins_) {
      if (full || known.until <= now) ended.push_back(digest);
    }
    for (const std::string& digest : ended) logins_.erase(digest);
    login = {
        .digest = trial::sha256_hex(secret->text), .user = user->id, .until = now + kLoginLasts};
    logins_[login.digest] = login;
  }
  write_logins(std::span(&login, 1), ended);
  return cookie(secret->text, kLoginLasts);
}

std::string Gatekeeper::log_out(const Request& request) {
  const std::string digest = trial::sha256_hex(cookie_value(request.cookie));
  bool known = false;
  {
    const std::lock_guard lock(mutex_);
    known = logins_.erase(digest) > 0;
  }
  if (known) write_logins({}, std::span(&digest, 1));
  return cookie("", std::chrono::seconds(0));
}

void Gatekeeper::write_logins(std::span<const trial::LoginRow> rows,
                              std::span<const std::string> forgotten) {
  const auto written = desk_.ask([&](trial::Registry& registry, base::Timestamp) {
    return registry.store().callers().write_logins(rows, forgotten);
  });
  if (!written)
    spdlog::warn("http: a restart will not know who has logged in or out: {}",
                 written.error().message);
}

std::string Gatekeeper::cookie(std::string_view value, std::chrono::seconds age) const {
  return std::string(kCookie) + "=" + std::string(value) +
         "; Path=/; Max-Age=" + std::to_string(age.count()) + "; HttpOnly; SameSite=Strict" +
         (options_.secure_cookie ? "; Secure" : "");
}

}  // namespace http

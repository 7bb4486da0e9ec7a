// SPDX-License-Identifier: Apache-2.0
// Who may come in: bearer tokens of users, cookies of browsers that have logged in, roles, rates.
// While the store has never had a user, everybody may do everything (which is why the platform then
// serves its own machine only, service.h).
#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/detail/rate_limit.h"
#include "http/router.h"
#include "trial/desk.h"
#include "trial/users.h"

namespace http {

struct GateOptions {
  RateLimitOptions rate = {};
  bool secure_cookie = false;  // The browser sends it back under TLS only.
  bool own_machine = true;  // Without users: a Host other than this machine's is refused, so that
                            // no web site can come in under a name of its own.
};

// Thread-safe.
class Gatekeeper {
 public:
  Gatekeeper(trial::Desk& desk, const GateOptions& options);

  // Reads the users; to be called at the start and after each change.
  base::Result<void> load();
  // Reads the logins, at the start, before the users.
  base::Result<void> load_logins();
  [[nodiscard]] bool login_needed() const;

  // Fills in the request's user and role, or refuses: 401, 403, 429.
  std::optional<Response> admit(Request& request, Access access);

  // The value for Set-Cookie where the token is a good user's. Lasts twelve hours, or until the
  // user is revoked; where the store fails, until the platform starts anew. Blocks, as below.
  std::optional<std::string> log_in(std::string_view token);
  // The value that takes the cookie away again.
  std::string log_out(const Request& request);

 private:
  using Clock = std::chrono::steady_clock;
  const trial::UserRow* user_of(std::string_view token) const;
  const trial::UserRow* asking(const Request& request) const;
  void write_logins(std::span<const trial::LoginRow> rows, std::span<const std::string> forgotten);
  [[nodiscard]] std::string cookie(std::string_view value, std::chrono::seconds age) const;

  trial::Desk& desk_;
  const GateOptions options_;
  mutable std::mutex mutex_;
  bool had_users_ = false;
  std::map<std::string, trial::UserRow, std::less<>> users_;  // The good ones, by id.
  std::map<std::string, trial::LoginRow> logins_;             // By the cookie's digest.
  RateLimit limit_;
};

}  // namespace http

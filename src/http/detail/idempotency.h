// SPDX-License-Identifier: Apache-2.0
// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a POST that is sent twice under
// one key is done once, and both get the same answer. Kept in memory: a restart forgets the keys,
// as does a flood of newer ones. Thread-safe.
#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "http/router.h"

namespace http {

struct IdempotencyOptions {
  std::chrono::hours keep{24};
  std::size_t max_bytes = 16 << 20;  // Of answers and keys; beyond it the oldest are forgotten.
};

class IdempotencyKeys {
 public:
  using Clock = std::chrono::steady_clock;
  explicit IdempotencyKeys(const IdempotencyOptions& options,
                           std::function<Clock::time_point()> now = Clock::now)
      : state_(std::make_shared<State>(options, std::move(now))) {}

  // The handler, asked once for each key of each user. 422 for a key that came with another
  // request, 409 while the first is under way, 400 for a key of no or more than 255 bytes. Without
  // a key: the handler itself. An answer of 500 and above is not kept: the request may be sent
  // again.
  [[nodiscard]] Handler once(Handler handler) const;

 private:
  struct Entry {
    std::string fingerprint;  // Of method, path, query and body.
    bool answered = false;
    Response response;
    Clock::time_point at;
    std::size_t bytes = 0;
  };
  struct State {
    State(const IdempotencyOptions& the_options, std::function<Clock::time_point()> the_now)
        : options(the_options), now(std::move(the_now)) {}
    void forget_old();
    void keep(const std::string& key, const Response& response);

    const IdempotencyOptions options;
    const std::function<Clock::time_point()> now;
    std::mutex mutex;
    std::map<std::string, Entry> entries;  // By user and key.
    std::deque<std::string> order;         // Answered ones, oldest first.
    std::size_t bytes = 0;
  };
  std::shared_ptr<State> state_;  // Shared with replies that outlive the server.
};

}  // namespace http

// SPDX-License-Identifier: Apache-2.0
// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a POST that is sent twice under
// one key is done once, and both get the same answer. Bounded: a flood of newer keys makes it
// forget the oldest. Thread-safe.
#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/router.h"
#include "trial/callers.h"

namespace http {

struct IdempotencyOptions {
  std::chrono::hours keep{24};
  std::size_t max_bytes = 16 << 20;  // Of answers and keys; beyond it the oldest are forgotten.
};

// Where receipts outlive the platform (trial::Callers). Blocks.
using WriteReceipts = std::function<base::Result<void>(std::span<const trial::ReceiptRow>,
                                                       std::span<const std::string> forgotten)>;

// Runs a task where it may block; false: too many wait there.
using Defer = std::function<bool(std::function<void()>)>;

class IdempotencyKeys {
 public:
  IdempotencyKeys(const IdempotencyOptions& options, std::function<base::Timestamp()> now,
                  Defer defer, WriteReceipts write)
      : state_(std::make_shared<State>(options, std::move(now), std::move(write))),
        defer_(std::move(defer)) {}

  // What was taken before a restart, oldest first.
  void load(std::span<const trial::ReceiptRow> rows) const;

  // The handler, asked once for each key of each user. 422 for a key that came with another
  // request, 409 while the first is under way, 400 for a key of no or more than 255 bytes. Without
  // a key: the handler itself. An answer of 500 and above is not kept: the request may be sent
  // again.
  [[nodiscard]] Handler once(Handler handler) const;

  // The same also beyond a restart: the key is stored before the handler is asked, the answer as it
  // is given; the handler answers from a thread that may block. A request whose answer is not in
  // the store after a restart (the platform was killed, or it was shown once) gets 409: it may have
  // been done.
  [[nodiscard]] Handler once_for_good(Handler handler) const;

 private:
  enum class Answer { kAwaited, kKnown, kLost };
  struct Entry {
    std::string request;  // The digest of method, path, query and body.
    bool stored = false;
    base::Timestamp at = {};
    Answer answer = Answer::kAwaited;
    Response response = {};  // Of kKnown.
    std::size_t bytes = 0;
  };
  struct State {
    State(const IdempotencyOptions& the_options, std::function<base::Timestamp()> the_now,
          WriteReceipts the_write)
        : options(the_options), now(std::move(the_now)), write(std::move(the_write)) {}
    // What is to be answered at once; nothing: the request is the first of its key.
    std::optional<Response> begin(const std::string& key, const std::string& request, bool stored);
    base::Result<void> note(const std::string& key);  // In the store: it is taken.
    void keep(const std::string& key, const Response& response);
    void drop(const std::string& key);
    // With the mutex held.
    void settle(const std::string& key, Answer answer, Response response);
    void forget_old();
    base::Result<void> put(std::span<const trial::ReceiptRow> rows);

    const IdempotencyOptions options;
    const std::function<base::Timestamp()> now;
    const WriteReceipts write;
    std::mutex mutex;
    std::map<std::string, Entry> entries;  // By the digest of user and key.
    std::deque<std::string> order;         // Answered ones, oldest first.
    std::size_t bytes = 0;
    std::vector<std::string> forgotten;  // The store still has them.
  };
  std::shared_ptr<State> state_;  // Shared with replies that outlive the server.
  Defer defer_;
};

}  // namespace http

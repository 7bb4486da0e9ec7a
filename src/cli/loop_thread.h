// SPDX-License-Identifier: Apache-2.0
// A loop on a thread of its own, which ends when it is asked to or when it fails.
#pragma once
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/result.h"

namespace cli {

class LoopThread {
 public:
  explicit LoopThread(std::function<base::Result<void>(std::stop_token)> loop)
      : thread_([this, loop = std::move(loop)](std::stop_token stop) {
          base::Result<void> result = loop(std::move(stop));
          const std::lock_guard lock(mutex_);
          result_ = std::move(result);
        }) {}
  ~LoopThread() { static_cast<void>(stop()); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // The error with which the loop has ended, if it has. Thread-safe.
  [[nodiscard]] base::Result<void> health() const {
    const std::lock_guard lock(mutex_);
    return result_;
  }

  // Asks the loop to end, waits until it has; how it ended. Idempotent.
  base::Result<void> stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    return health();
  }

 private:
  mutable std::mutex mutex_;
  base::Result<void> result_;
  std::jthread thread_;  // Last: it uses the members above.
};

}  // namespace cli

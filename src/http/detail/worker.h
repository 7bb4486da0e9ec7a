// SPDX-License-Identifier: Apache-2.0
// One thread for what may take milliseconds, so that the server's thread never waits for the desk
// or a solver.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace http {

class Worker {
 public:
  explicit Worker(std::size_t max_waiting);
  ~Worker();  // stop()

  // False when too many tasks wait already or the worker has stopped. A task must not throw.
  [[nodiscard]] bool post(std::function<void()> task);

  // Ends after the task under way; those that wait are dropped.
  void stop();

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace http

// SPDX-License-Identifier: Apache-2.0
// Requests that wait until a session's decision is executed.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "http/message.h"
#include "trial/desk.h"

namespace http {

// Looks every few milliseconds while anybody waits: a decision takes tens of them, and the desk
// answers in one or two.
class DecisionWatch {
 public:
  DecisionWatch(trial::Desk& desk, std::size_t max_waiting);
  ~DecisionWatch();  // stop()

  // Answers with the decision, with 404 for a session that was never opened, or with 202 after the
  // wait. False when too many wait already or the watch has stopped.
  [[nodiscard]] bool add(event::SessionId session, std::chrono::milliseconds wait, Reply reply);

  // Those that wait are answered as after their wait.
  void stop();

 private:
  struct Waiting {
    event::SessionId session;
    std::chrono::steady_clock::time_point until;
    Reply reply;
  };

  void run();
  // True when it has been answered.
  [[nodiscard]] bool answer(const Waiting& waiting, bool stopping);

  trial::Desk& desk_;
  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> arrivals_;
  std::size_t waiting_ = 0;  // Arrivals and those the thread holds.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace http

// SPDX-License-Identifier: Apache-2.0
#include "http/detail/worker.h"

#include <utility>

namespace http {

Worker::Worker(std::size_t max_waiting) : max_waiting_(max_waiting), thread_([this] { run(); }) {}

Worker::~Worker() { stop(); }

bool Worker::post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || tasks_.size() >= max_waiting_) return false;
  tasks_.push_back(std::move(task));
  arrived_.notify_one();
  return true;
}

void Worker::stop() {
  std::deque<std::function<void()>> dropped;  // Destroyed without the lock: their replies answer.
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(tasks_);
    arrived_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace http

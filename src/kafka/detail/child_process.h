// SPDX-License-Identifier: Apache-2.0
// A program run below this one, which never outlives it: if this process dies, however, the kernel
// sends the child SIGTERM. The kernel watches the thread that made the child, so each child has a
// thread here that does nothing but wait for it.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace kafka::detail {

class ChildProcess {
 public:
  struct Command {
    std::vector<std::string> words;  // The program's path and its arguments.
    std::string folder = {};         // Where it runs.
    std::string output = {};         // File for what it prints; written anew.
  };

  // The child is in a process group of its own: a Ctrl-C on the terminal reaches us, and we decide.
  static base::Result<std::unique_ptr<ChildProcess>> start(Command command);
  ~ChildProcess();  // stop(0), if it still runs

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running() const { return !ended().has_value(); }
  // How it ended, for people: "exit code 1", "signal 9"; nothing while it runs.
  [[nodiscard]] std::optional<std::string> ended() const;
  // Whether it ended by itself with exit code 0.
  [[nodiscard]] bool succeeded() const;
  // False if it still runs after `timeout`.
  bool wait(std::chrono::milliseconds timeout);
  // SIGTERM, and SIGKILL after `patience`. True if the first was enough.
  bool stop(std::chrono::milliseconds patience);

 private:
  ChildProcess() = default;
  void keep(const Command& command);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  pid_t pid_ = -1;
  bool started_ = false;
  std::optional<int> status_;  // As waitpid tells it.
  std::thread keeper_;
};

}  // namespace kafka::detail

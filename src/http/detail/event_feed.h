// SPDX-License-Identifier: Apache-2.0
// Tells listeners how their experiment stands: at once, then whenever it has changed, a few times a
// second at most.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/message.h"
#include "trial/desk.h"

namespace http {

// Every event holds the whole state ("event: progress", the JSON of GET …/results), so a client
// that reconnects or misses some lacks nothing; ids only count up. Of a draft it holds "experiment"
// only, null for an id that nobody has. A comment keeps silent streams open.
class EventFeed {
 public:
  EventFeed(trial::Desk& desk, std::chrono::milliseconds interval,
            std::chrono::milliseconds heartbeat);
  ~EventFeed();  // stop()

  void add(trial::ExperimentId id, std::shared_ptr<Listener> listener);
  void stop();

 private:
  struct Topic {
    std::vector<std::shared_ptr<Listener>> listeners;
    std::vector<std::shared_ptr<Listener>> newcomers;
    std::shared_ptr<const trial::Progress> seen;
    std::string last;  // The state's JSON, as last sent.
    std::shared_ptr<const std::string> event;
    std::chrono::steady_clock::time_point asked;
    std::chrono::steady_clock::time_point sent;
  };

  void run();
  void round();
  void serve(trial::ExperimentId id, Topic& topic, std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::string state_of(trial::ExperimentId id, Topic& topic,
                                     std::chrono::steady_clock::time_point now);

  trial::Desk& desk_;
  const std::chrono::milliseconds interval_;
  const std::chrono::milliseconds heartbeat_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<trial::ExperimentId, std::vector<std::shared_ptr<Listener>>> arrivals_;
  bool stopping_ = false;
  std::map<trial::ExperimentId, Topic> topics_;  // The thread's own.
  std::uint64_t events_ = 0;
  std::thread thread_;
};

}  // namespace http

// SPDX-License-Identifier: Apache-2.0
// The platform's loop: one turn is one commit (platform.h says in what order things happen).
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "kafka/transport.h"
#include "platform/detail/desk_queue.h"
#include "platform/detail/intake.h"
#include "platform/detail/outlet.h"
#include "platform/detail/tallies.h"
#include "platform/platform.h"

namespace platform::detail {

class Loop {
 public:
  static base::Result<std::unique_ptr<Loop>> start(kafka::Transport& transport, trial::Store& store,
                                                   const base::Clock& clock, Options options);
  ~Loop();

  base::Result<void> stop();
  DeskQueue& desk() { return desk_; }
  [[nodiscard]] Counters counters() const { return tallies_.read(); }
  [[nodiscard]] base::Result<void> health() const;

 private:
  Loop(const base::Clock& clock, Options options)
      : clock_(clock),
        options_(std::move(options)),
        topics_(Intake::topics(options_.topics)),
        desk_(clock, options_.started) {}
  void run();
  base::Result<void> place(std::span<kafka::TopicOffset> partitions);
  [[nodiscard]] std::string source(std::string_view topic, std::int32_t partition) const;
  base::Result<void> turn(std::chrono::milliseconds wait);
  base::Result<void> last_turn();
  base::Result<void> commit_store();
  base::Result<void> take_desk();
  void deliver(std::chrono::milliseconds wait);
  void post(const PostedSession& posted, base::Timestamp now);
  void post(const PostedRevenue& posted, base::Timestamp now);
  void answer_desk(const std::optional<base::Error>& error);
  void show_progress(bool at_once);
  base::Result<void> commit_offsets(bool at_once);
  [[nodiscard]] std::chrono::milliseconds next_wait() const;

  const base::Clock& clock_;
  const Options options_;
  const std::vector<std::string> topics_;  // What is read, by topic index.
  Tallies tallies_;
  DeskQueue desk_;
  std::unique_ptr<trial::Registry> registry_;
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<Intake> intake_;

  std::vector<std::function<void(const std::optional<base::Error>&)>>
      answers_;  // To be given after the commit.
  std::map<std::pair<std::size_t, std::int32_t>, std::int64_t>
      offsets_;  // Next by topic and partition: done, not yet committed.
  std::map<std::pair<std::size_t, std::int32_t>, std::int64_t>
      taken_;  // By the same: up to where records were taken before the start.
  std::chrono::steady_clock::time_point offsets_due_{};
  std::chrono::steady_clock::time_point progress_due_{};
  bool delivered_ = true;  // The last turn's words have reached the broker.

  std::atomic<bool> stopping_{false};
  mutable std::mutex failure_mutex_;
  std::optional<base::Error> failure_;
  std::thread thread_;
};

}  // namespace platform::detail

// SPDX-License-Identifier: Apache-2.0
// The desk of a running platform: questions wait in a queue until the loop's next turn. Those that
// change a session are answered after the turn's commit, so that an answer is never undone.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "platform/platform.h"
#include "trial/desk.h"

namespace platform::detail {

// Run by the loop between two batches, with a null registry when the platform is stopping.
using Question = std::function<void(trial::Registry*)>;

struct PostedSession {
  event::Session session;
  trial::Desk::Opened done;
};
struct PostedRevenue {
  event::Revenue revenue;
  trial::Desk::Recorded done;
};
using Posted = std::variant<PostedSession, PostedRevenue>;

struct Waiting {
  std::vector<Question> questions;
  std::vector<Posted> posted;
};

class DeskQueue final : public trial::Desk {
 public:
  DeskQueue(const base::Clock& clock, Started started)
      : clock_(clock), started_(std::move(started)) {}

  using trial::Desk::latest;
  std::vector<std::shared_ptr<const trial::Progress>> latest() override;
  void open_session(const event::Session& session, Opened done) override;
  void record_revenue(const event::Revenue& revenue, Recorded done) override;

  // The loop's side. After close() nothing new is taken in: callers get the error at once.
  Waiting take(std::size_t most_posted);
  [[nodiscard]] bool empty() const;
  void close();
  void show(std::vector<std::shared_ptr<const trial::Progress>> progress);

 private:
  void run(const Errand& errand) override;
  void on_started(trial::ExperimentId id, const trial::StartedTokens& tokens) override;
  bool enqueue(Question question);
  bool enqueue(Posted posted);

  const base::Clock& clock_;
  const Started started_;
  mutable std::mutex mutex_;  // Of all below.
  bool closed_ = false;
  std::vector<Question> questions_;
  std::deque<Posted> posted_;
  std::vector<std::shared_ptr<const trial::Progress>>
      latest_;  // Shared with readers, which outlive its replacement.
};

base::Error stopping();

}  // namespace platform::detail

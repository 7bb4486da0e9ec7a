// SPDX-License-Identifier: Apache-2.0
#include "platform/detail/desk_queue.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

namespace platform::detail {

using trial::ExperimentId;
using trial::Registry;

base::Error stopping() {
  return base::system_error("the platform is stopping: ask again when it runs");
}

bool DeskQueue::enqueue(Question question) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  questions_.push_back(std::move(question));
  return true;
}

bool DeskQueue::enqueue(Posted posted) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  posted_.push_back(std::move(posted));
  return true;
}

// Waits for the loop. The promise lives on this stack: the loop runs every question exactly once.
void DeskQueue::run(const Errand& errand) {
  std::promise<void> done;
  const bool taken = enqueue(Question([&](Registry* registry) {
    errand(registry, clock_.now());
    done.set_value();
  }));
  if (taken)
    done.get_future().wait();
  else
    errand(nullptr, clock_.now());
}

void DeskQueue::on_started(ExperimentId id, const trial::StartedTokens& tokens) {
  if (started_) started_(id, tokens);
}

std::vector<std::shared_ptr<const trial::Progress>> DeskQueue::latest() {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void DeskQueue::open_session(const event::Session& session, Opened done) {
  PostedSession posted{session, std::move(done)};
  if (Opened kept = posted.done; !enqueue(Posted(std::move(posted)))) kept(stopping());
}

void DeskQueue::record_revenue(const event::Revenue& revenue, Recorded done) {
  PostedRevenue posted{revenue, std::move(done)};
  if (Recorded kept = posted.done; !enqueue(Posted(std::move(posted)))) kept(stopping());
}

Waiting DeskQueue::take(std::size_t most_posted) {
  const std::lock_guard lock(mutex_);
  Waiting waiting;
  waiting.questions.swap(questions_);
  const auto end =
      posted_.begin() + static_cast<std::ptrdiff_t>(std::min(most_posted, posted_.size()));
  waiting.posted.assign(std::move_iterator(posted_.begin()), std::move_iterator(end));
  posted_.erase(posted_.begin(), end);
  return waiting;
}

bool DeskQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return questions_.empty() && posted_.empty();
}

void DeskQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void DeskQueue::show(std::vector<std::shared_ptr<const trial::Progress>> progress) {
  const std::lock_guard lock(mutex_);
  latest_.swap(progress);
}

}  // namespace platform::detail

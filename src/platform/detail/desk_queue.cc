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

// Waits for the loop's answer. The promise lives on this stack: the loop answers every question
// exactly once.
template <class T, class Ask>
base::Result<T> DeskQueue::ask(Ask ask) {
  std::promise<base::Result<T>> answer;
  std::future<base::Result<T>> future = answer.get_future();
  const bool taken = enqueue(Question([&answer, &ask](Registry* registry) {
    if (registry == nullptr)
      answer.set_value(stopping());
    else
      answer.set_value(ask(*registry));
  }));
  if (!taken) return stopping();
  return future.get();
}

base::Result<ExperimentId> DeskQueue::create(const trial::Plan& plan) {
  return ask<ExperimentId>([&](Registry& registry) { return registry.create(plan, clock_.now()); });
}
base::Result<void> DeskQueue::change(ExperimentId id, const trial::Plan& plan) {
  return ask<void>([&](Registry& registry) { return registry.change(id, plan); });
}
trial::StartCheck DeskQueue::check_start(const trial::Plan& plan) {
  auto check =
      ask<trial::StartCheck>([&](Registry& registry) { return registry.check_start(plan); });
  if (check) return *std::move(check);
  return {.problems = {check.error().message}, .coherence = {}};
}
base::Result<trial::StartedTokens> DeskQueue::start(ExperimentId id) {
  // Repeat visits of an experiment that has ended may still wait for a decision; they get it before
  // their trial goes.
  TRY(ask<void>([&](Registry& registry) -> base::Result<void> {
    trial::Trial* trial = registry.live();
    if (trial != nullptr && trial->state() != trial::State::kRunning) trial->settle(clock_.now());
    return {};
  }));
  TRY_ASSIGN(trial::StartedTokens tokens, ask<trial::StartedTokens>([&](Registry& registry) {
               return registry.start(id, clock_.now());
             }));
  if (started_) started_(id, tokens);
  return tokens;
}
base::Result<std::string> DeskQueue::issue_token(ExperimentId id, event::System system) {
  return ask<std::string>(
      [&](Registry& registry) { return registry.issue_token(id, system, clock_.now()); });
}
base::Result<void> DeskQueue::abort(ExperimentId id, std::string reason) {
  return ask<void>(
      [&](Registry& registry) { return registry.abort(id, std::move(reason), clock_.now()); });
}
base::Result<void> DeskQueue::conclude(ExperimentId id) {
  return ask<void>([&](Registry& registry) { return registry.conclude(id); });
}
base::Result<std::vector<trial::ExperimentRow>> DeskQueue::experiments() {
  return ask<std::vector<trial::ExperimentRow>>(
      [](Registry& registry) { return registry.experiments(); });
}
base::Result<std::optional<trial::ExperimentRow>> DeskQueue::experiment(ExperimentId id) {
  return ask<std::optional<trial::ExperimentRow>>(
      [&](Registry& registry) { return registry.experiment(id); });
}
base::Result<std::shared_ptr<const trial::Progress>> DeskQueue::progress(ExperimentId id) {
  return ask<std::shared_ptr<const trial::Progress>>(
      [&](Registry& registry) { return registry.progress(id, clock_.now()); });
}
base::Result<std::optional<trial::SessionRow>> DeskQueue::session(event::SessionId session) {
  using Answer = std::optional<trial::SessionRow>;
  return ask<Answer>([&](Registry& registry) -> base::Result<Answer> {
    if (registry.live() == nullptr) return Answer();
    return registry.live()->session(session);
  });
}

std::shared_ptr<const trial::Progress> DeskQueue::latest() {
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

void DeskQueue::show(std::shared_ptr<const trial::Progress> progress) {
  const std::lock_guard lock(mutex_);
  latest_.swap(progress);
}

}  // namespace platform::detail

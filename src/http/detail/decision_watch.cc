// SPDX-License-Identifier: Apache-2.0
#include "http/detail/decision_watch.h"

#include <iterator>
#include <utility>

#include "http/detail/json_words.h"

namespace http {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPause{5};

Json decision_json(const trial::SessionRow& row) {
  return {{"uuid", row.customer.value()},
          {"session", row.session.value()},
          {"value", row.executed == trial::Word::kShow ? 1 : 0},
          {"system", event::name(row.arm)},
          {"reason", event::name(row.reason)}};
}

Response refuse_unknown(event::SessionId session) {
  return problem_response(Problem{
      .status = 404,
      .code = "unknown-session",
      .title = "The session is not part of the experiment",
      .detail = "session " + std::to_string(session.value()) +
                " was never opened or its customer is not sampled; POST /v1/sessions opens one"});
}

}  // namespace

DecisionWatch::DecisionWatch(trial::Desk& desk, std::size_t max_waiting)
    : desk_(desk), max_waiting_(max_waiting), thread_([this] { run(); }) {}

DecisionWatch::~DecisionWatch() { stop(); }

bool DecisionWatch::add(event::SessionId session, std::chrono::milliseconds wait, Reply reply) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || waiting_ >= max_waiting_) return false;
  ++waiting_;
  arrivals_.push_back({session, Clock::now() + wait, std::move(reply)});
  changed_.notify_one();
  return true;
}

void DecisionWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void DecisionWatch::run() {
  std::vector<Waiting> held;
  std::unique_lock lock(mutex_);
  for (;;) {
    if (held.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !arrivals_.empty(); });
    } else {
      changed_.wait_for(lock, kPause, [this] { return stopping_; });
    }
    const bool stopping = stopping_;
    held.insert(held.end(), std::make_move_iterator(arrivals_.begin()),
                std::make_move_iterator(arrivals_.end()));
    arrivals_.clear();
    lock.unlock();
    std::erase_if(held, [&](const Waiting& waiting) { return answer(waiting, stopping); });
    lock.lock();
    waiting_ = held.size() + arrivals_.size();
    if (stopping && held.empty() && arrivals_.empty()) return;
  }
}

bool DecisionWatch::answer(const Waiting& waiting, bool stopping) {
  const auto row = desk_.session(waiting.session);
  if (!row) {
    waiting.reply(problem_response(row.error()));
  } else if (!*row) {
    waiting.reply(refuse_unknown(waiting.session));
  } else if ((*row)->executed != trial::Word::kNone) {
    waiting.reply(json_response(decision_json(**row)));
  } else if (stopping || Clock::now() >= waiting.until) {
    waiting.reply(json_response({{"session", waiting.session.value()}, {"pending", true}}, 202));
  } else {
    return false;
  }
  return true;
}

}  // namespace http

// SPDX-License-Identifier: Apache-2.0
#include "http/detail/event_feed.h"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/detail/json_words.h"

namespace http {
namespace {

using Clock = std::chrono::steady_clock;

// An experiment that is not the live one changes by hand only: asking for it is not worth more.
constexpr std::chrono::milliseconds kQuietInterval{1000};

}  // namespace

EventFeed::EventFeed(trial::Desk& desk, std::chrono::milliseconds interval,
                     std::chrono::milliseconds heartbeat)
    : desk_(desk), interval_(interval), heartbeat_(heartbeat), thread_([this] { run(); }) {}

EventFeed::~EventFeed() { stop(); }

void EventFeed::add(trial::ExperimentId id, std::shared_ptr<Listener> listener) {
  const std::lock_guard lock(mutex_);
  arrivals_[id].push_back(std::move(listener));
  changed_.notify_one();
}

void EventFeed::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void EventFeed::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (topics_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !arrivals_.empty(); });
    } else {
      changed_.wait_for(lock, interval_, [this] { return stopping_ || !arrivals_.empty(); });
    }
    if (stopping_) return;
    for (auto& [id, listeners] : std::exchange(arrivals_, {})) {
      for (auto& listener : listeners) topics_[id].newcomers.push_back(std::move(listener));
    }
    lock.unlock();
    try {
      round();
    } catch (const std::exception& failure) {
      spdlog::error("http: events could not be sent: {}", failure.what());
    }
    lock.lock();
  }
}

void EventFeed::round() {
  const Clock::time_point now = Clock::now();
  for (auto& [id, topic] : topics_) serve(id, topic, now);
  std::erase_if(topics_, [](const auto& entry) { return entry.second.listeners.empty(); });
}

void EventFeed::serve(trial::ExperimentId id, Topic& topic, Clock::time_point now) {
  const bool due = topic.event == nullptr || now - topic.asked >= interval_;
  std::string state = due ? state_of(id, topic, now) : topic.last;
  const bool changed = due && state != topic.last;
  if (changed) {
    topic.last = std::move(state);
    topic.event = std::make_shared<const std::string>(
        "id: " + std::to_string(++events_) + "\nretry: 2000\nevent: progress\ndata: " + topic.last +
        "\n\n");
  }
  std::erase_if(topic.listeners, [](const auto& listener) { return listener->gone(); });
  if (changed || now - topic.sent >= heartbeat_) {
    static const auto kHeartbeat = std::make_shared<const std::string>(":\n\n");
    for (const auto& listener : topic.listeners) listener->send(changed ? topic.event : kHeartbeat);
    topic.sent = now;
  }
  for (auto& newcomer : topic.newcomers) {
    newcomer->send(topic.event);
    topic.listeners.push_back(std::move(newcomer));
  }
  topic.newcomers.clear();
}

// The JSON to send; the last one while nothing can have changed.
std::string EventFeed::state_of(trial::ExperimentId id, Topic& topic, Clock::time_point now) {
  if (const auto latest = desk_.latest(id)) {
    topic.asked = now;
    if (latest == topic.seen) return topic.last;
    topic.seen = latest;
    return dump(progress_json(*latest));
  }
  if (topic.event != nullptr && now - topic.asked < kQuietInterval) return topic.last;
  topic.asked = now;
  const auto row = desk_.experiment(id);
  if (!row || !*row) return topic.event != nullptr ? topic.last : dump({{"experiment", nullptr}});
  if ((*row)->started_at == base::Timestamp())
    return dump({{"experiment", experiment_json(**row)}});
  const auto progress = desk_.progress(id);
  return progress && *progress ? dump(progress_json(**progress))
                               : dump({{"experiment", experiment_json(**row)}});
}

}  // namespace http

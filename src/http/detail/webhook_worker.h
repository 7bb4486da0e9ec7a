// SPDX-License-Identifier: Apache-2.0
// Tells webhooks what happens to experiments: reads the audit logs on, posts each row of interest,
// tries again what failed, ever more rarely, and gives up after a day. One thread reads, others
// post, each the messages of one webhook at a time, so that a slow receiver holds up its own alone,
// as long as fewer than `max_posting` are slow. What it has to do lies in the store, so a restart
// goes on where it was.
#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <random>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/detail/webhook_post.h"
#include "trial/desk.h"
#include "trial/webhooks.h"

namespace http {

// What can be told: actions of the audit log.
inline constexpr std::array<std::string_view, 9> kWebhookEvents = {
    "started",          "paused",         "resumed", "look_taken", "health_alarm",
    "stopped_for_harm", "verdict_issued", "aborted", "concluded"};

struct WebhookOptions {
  WebPostOptions post = {};
  std::chrono::milliseconds look_every{1000};   // For news; only while there are webhooks.
  std::chrono::milliseconds first_delay{5000};  // Then twice as long each time,
  std::chrono::milliseconds longest_delay{3'600'000};
  std::chrono::hours give_up{24};  // From when it was queued.
  std::size_t max_posting = 8;     // Webhooks at once; a thread each.
};

// Before the next attempt, after so many; `uniform` in [0, 1) makes it half as long to half as long
// again, so that those who failed together do not come back together.
std::chrono::milliseconds retry_delay(const WebhookOptions& options, int attempts, double uniform);

class WebhookWorker {
 public:
  // The desk outlives it.
  WebhookWorker(trial::Desk& desk, const WebhookOptions& options);
  ~WebhookWorker();  // stop()

  void wake();  // Webhooks have changed.
  void stop();  // Soon, also in the midst of a post, which is then sent again later.

 private:
  struct Message {
    trial::DeliveryRow delivery;
    std::string body;
  };
  struct Batch {
    trial::WebhookRow webhook;
    std::vector<Message> messages;
  };
  void read_on();  // The reading thread.
  bool round();    // Whether there are webhooks at all.
  void post_on();  // A posting thread.
  void post(Batch batch);
  base::Result<std::vector<trial::WebhookRow>> webhooks();
  base::Result<std::vector<Message>> due(const trial::WebhookRow& webhook);
  bool deliver(const trial::WebhookRow& webhook, Message message);  // False: it failed.

  trial::Desk& desk_;
  const WebhookOptions options_;
  std::stop_source stop_;
  std::mutex mutex_;  // Of what follows, but for the threads.
  std::mt19937_64 random_{std::random_device{}()};
  std::condition_variable_any woken_;
  bool changed_ = true;
  std::condition_variable_any batch_ready_;
  std::deque<Batch> batches_;
  std::set<std::int64_t> busy_;  // Webhooks whose batch waits or is being posted.
  std::vector<std::thread> threads_;
};

}  // namespace http

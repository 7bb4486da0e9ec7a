// SPDX-License-Identifier: Apache-2.0
// Tells webhooks what happens to experiments: reads the audit logs on, posts each row of interest,
// tries again what failed, ever more rarely, and gives up after a day. A thread of its own; what it
// has to do lies in the store, so a restart goes on where it was.
#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>

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
  void run(const std::stop_token& stop);
  bool round(const std::stop_token& stop);  // Whether there are webhooks at all.
  base::Result<std::vector<trial::WebhookRow>> webhooks();
  base::Result<std::vector<Message>> due(const trial::WebhookRow& webhook);
  // False: it failed.
  bool deliver(const trial::WebhookRow& webhook, Message message, const std::stop_token& stop);

  trial::Desk& desk_;
  const WebhookOptions options_;
  std::mt19937_64 random_{std::random_device{}()};
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool changed_ = true;
  std::jthread thread_;
};

}  // namespace http

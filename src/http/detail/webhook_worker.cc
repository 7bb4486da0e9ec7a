// SPDX-License-Identifier: Apache-2.0
#include "http/detail/webhook_worker.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/detail/json_words.h"
#include "http/detail/webhook_signature.h"

namespace http {
namespace {

using trial::DeliveryRow;
using trial::DeliveryState;
using trial::WebhookRow;

constexpr std::size_t kMessagesOfRound = 20;  // Of one webhook.
constexpr int kGone = 410;                    // The receiver wants no more.

bool wants(const WebhookRow& webhook, const std::string& action) {
  if (std::ranges::find(kWebhookEvents, action) == kWebhookEvents.end()) return false;
  return webhook.events.empty() ||
         std::ranges::find(webhook.events, action) != webhook.events.end();
}

// Queues what has happened since; what the webhook does not want only moves its position.
base::Result<void> queue(trial::Webhooks& book, const WebhookRow& webhook, base::Timestamp now) {
  TRY_ASSIGN(const std::vector<trial::News> news, book.news(webhook.id));
  std::vector<DeliveryRow> rows;
  for (const trial::News& each : news) {
    rows.push_back(
        {.webhook = webhook.id,
         .experiment = each.experiment,
         .number = each.number,
         .state = wants(webhook, each.action) ? DeliveryState::kPending : DeliveryState::kDone,
         .attempts = 0,
         .first_at = now,
         .next_at = now,
         .error = ""});
  }
  return book.write(rows);
}

base::Result<std::string> body_of(trial::Registry& registry, const DeliveryRow& delivery) {
  TRY_ASSIGN(const auto experiment, registry.experiment(delivery.experiment));
  TRY_ASSIGN(const std::vector<trial::AuditRow> log, registry.audit(delivery.experiment));
  const auto row = std::ranges::find(log, delivery.number, &trial::AuditRow::number);
  if (!experiment || row == log.end())
    return base::system_error("the audit log of experiment " +
                              std::to_string(delivery.experiment.value()) + " lacks row " +
                              std::to_string(delivery.number));
  Json data = audit_json(*row);
  data["experiment"] = {{"id", experiment->id.value()},
                        {"name", experiment->plan.name},
                        {"state", trial::name(experiment->state)},
                        {"plan_hash", experiment->plan_hash}};
  return dump({{"type", "experiment." + row->action}, {"timestamp", utc(row->at)}, {"data", data}});
}

std::string message_id(const DeliveryRow& delivery) {
  return "msg_" + std::to_string(delivery.webhook) + "_" +
         std::to_string(delivery.experiment.value()) + "_" + std::to_string(delivery.number);
}

// A receiver that hangs up in the midst of TLS must not end the process. Of the calling thread.
void ignore_hang_ups() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

std::chrono::milliseconds retry_delay(const WebhookOptions& options, int attempts, double uniform) {
  const double longest = static_cast<double>(options.longest_delay.count());
  double delay = static_cast<double>(options.first_delay.count());
  for (int i = 1; i < attempts && delay < longest; ++i) delay *= 2;
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::min(delay, longest) * (0.5 + uniform)));
}

WebhookWorker::WebhookWorker(trial::Desk& desk, const WebhookOptions& options)
    : desk_(desk), options_(options) {
  threads_.emplace_back([this] { read_on(); });
  for (std::size_t i = 0; i < options_.max_posting; ++i)
    threads_.emplace_back([this] { post_on(); });
}

WebhookWorker::~WebhookWorker() { stop(); }

void WebhookWorker::wake() {
  const std::lock_guard lock(mutex_);
  changed_ = true;
  woken_.notify_one();
}

void WebhookWorker::stop() {
  stop_.request_stop();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void WebhookWorker::read_on() {
  const std::stop_token stop = stop_.get_token();
  while (!stop.stop_requested()) {
    bool any = true;
    try {
      any = round();
    } catch (const std::exception& failure) {
      spdlog::error("http: webhooks could not be told: {}", failure.what());
    }
    std::unique_lock lock(mutex_);
    const auto changed = [this] { return changed_; };
    if (any) {
      woken_.wait_for(lock, stop, options_.look_every, changed);
    } else {
      woken_.wait(lock, stop, changed);
    }
    changed_ = false;
  }
}

bool WebhookWorker::round() {
  const auto all = webhooks();
  if (!all) return true;  // The store fails or the desk is stopping: they say so themselves.
  for (const WebhookRow& webhook : *all) {
    {
      const std::lock_guard lock(mutex_);
      if (busy_.contains(webhook.id)) continue;
    }
    auto messages = due(webhook);
    if (!messages) {
      spdlog::warn("http: webhook {}: {}", webhook.id, messages.error().message);
      continue;
    }
    if (messages->empty()) continue;
    const std::lock_guard lock(mutex_);
    busy_.insert(webhook.id);
    batches_.push_back({webhook, *std::move(messages)});
    batch_ready_.notify_one();
  }
  return !all->empty();
}

void WebhookWorker::post_on() {
  ignore_hang_ups();
  const std::stop_token stop = stop_.get_token();
  std::unique_lock lock(mutex_);
  while (batch_ready_.wait(lock, stop, [this] { return !batches_.empty(); })) {
    if (stop.stop_requested()) return;
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    const std::int64_t id = batch.webhook.id;
    lock.unlock();
    post(std::move(batch));
    lock.lock();
    busy_.erase(id);
  }
}

void WebhookWorker::post(Batch batch) {
  try {
    for (Message& message : batch.messages) {
      // One failure is enough for now: the others would fail likewise, slowly.
      if (stop_.stop_requested() || !deliver(batch.webhook, std::move(message))) return;
    }
  } catch (const std::exception& failure) {
    spdlog::error("http: webhook {} could not be told: {}", batch.webhook.id, failure.what());
  }
}

base::Result<std::vector<WebhookRow>> WebhookWorker::webhooks() {
  return desk_.ask(
      [](trial::Registry& registry, base::Timestamp) { return registry.store().webhooks().all(); });
}

base::Result<std::vector<WebhookWorker::Message>> WebhookWorker::due(const WebhookRow& webhook) {
  return desk_.ask(
      [&](trial::Registry& registry, base::Timestamp now) -> base::Result<std::vector<Message>> {
        trial::Webhooks& book = registry.store().webhooks();
        TRY(queue(book, webhook, now));
        TRY_ASSIGN(const std::vector<DeliveryRow> rows, book.deliveries(webhook.id));
        std::vector<Message> messages;
        for (const DeliveryRow& row : rows) {
          if (row.state != DeliveryState::kPending || row.next_at > now) continue;
          if (messages.size() == kMessagesOfRound) break;
          TRY_ASSIGN(std::string body, body_of(registry, row));
          messages.push_back({row, std::move(body)});
        }
        return messages;
      });
}

bool WebhookWorker::deliver(const WebhookRow& webhook, Message message) {
  const auto attempt = [&]() -> base::Result<int> {
    TRY_ASSIGN(const WebTarget target, parse_web_target(webhook.url));
    TRY_ASSIGN(const base::Timestamp now,
               desk_.ask([](trial::Registry&, base::Timestamp at) -> base::Result<base::Timestamp> {
                 return at;
               }));
    const std::string id = message_id(message.delivery);
    const std::int64_t seconds = now.micros() / 1'000'000;
    return web_post(target,
                    {{"webhook-id", id},
                     {"webhook-timestamp", std::to_string(seconds)},
                     {"webhook-signature", webhook_signature(webhook, id, seconds, message.body)}},
                    message.body, options_.post, stop_.get_token());
  };
  const base::Result<int> status = attempt();
  if (!status && stop_.stop_requested()) return false;  // Sent again after the restart.
  DeliveryRow& row = message.delivery;
  ++row.attempts;
  const bool done = status && *status >= 200 && *status < 300;
  const double uniform = [this] {
    const std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<double>()(random_);
  }();
  const auto written = desk_.ask([&](trial::Registry& registry, base::Timestamp now) {
    row.next_at = now + retry_delay(options_, row.attempts, uniform);
    row.error = !status ? status.error().message : "the server answered " + std::to_string(*status);
    const bool late = row.next_at - row.first_at > options_.give_up;
    row.state = done                                   ? DeliveryState::kDone
                : late || (status && *status == kGone) ? DeliveryState::kDead
                                                       : DeliveryState::kPending;
    return registry.store().webhooks().write(std::span(&row, 1));
  });
  if (row.state == DeliveryState::kDead)
    spdlog::warn("http: webhook {}: message {} is given up: {}", webhook.id, message_id(row),
                 row.error);
  return done && written;
}

}  // namespace http

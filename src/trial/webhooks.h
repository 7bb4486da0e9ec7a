// SPDX-License-Identifier: Apache-2.0
// Who is to be told what happens to experiments, and what has not been told yet. What happens is
// what the audit log holds, so nothing is lost by a restart: each webhook has a position in the log
// of each experiment.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "trial/experiment_id.h"

namespace trial {

struct WebhookRow {
  std::int64_t id = 0;
  std::string url;
  std::vector<std::string>
      events;                // AuditRow::action, those that are told; empty: all that can be.
  std::string secret;        // Its bytes, which sign: here a digest would not do.
  std::string older_secret;  // Signs too, after a rotation; else empty.
  base::Timestamp created_at;
  std::string created_by;
};

// A row of the audit log that a webhook has not been told, nor is waiting to be.
struct News {
  ExperimentId experiment;
  std::int64_t number = 0;
  std::string action;
};

enum class DeliveryState : std::uint8_t {
  kPending,
  kDead,  // Given up.
  kDone,  // Told, or not to be told: nothing is kept of it but the position.
};

// What is to be told to one webhook: a row of the audit log.
struct DeliveryRow {
  std::int64_t webhook = 0;
  ExperimentId experiment;
  std::int64_t number = 0;
  DeliveryState state = DeliveryState::kPending;
  int attempts = 0;
  base::Timestamp first_at;  // Queued.
  base::Timestamp next_at;   // Not before.
  std::string error;         // Of the last attempt.
  friend bool operator==(const DeliveryRow&, const DeliveryRow&) = default;
};

// As the store: one thread.
class Webhooks {
 public:
  virtual ~Webhooks() = default;
  // Gives it its id, which no other ever had: a post to one that was removed may still be under
  // way, and receivers know messages by it. It hears of what happens from now on.
  virtual base::Result<std::int64_t> add(const WebhookRow& row) = 0;
  virtual base::Result<void> replace_secrets(const WebhookRow& row) = 0;
  virtual base::Result<void> remove(std::int64_t id) = 0;  // With what waits for it.
  virtual base::Result<std::vector<WebhookRow>> all() = 0;
  virtual base::Result<std::vector<News>> news(std::int64_t id) = 0;  // At most 1,000, in order.
  // Inserted or replaced by (webhook, experiment, number), and the positions raised.
  virtual base::Result<void> write(std::span<const DeliveryRow> rows) = 0;
  virtual base::Result<std::vector<DeliveryRow>> deliveries(std::int64_t id) = 0;  // By next_at.
};

}  // namespace trial

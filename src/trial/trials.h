// SPDX-License-Identifier: Apache-2.0
// The experiments that live at the same time, as one that takes records: each record goes to the
// experiment it concerns, and one transaction keeps what came of all of them.
//
// A session belongs to the experiment that its customer is enrolled in, else to the one that owns
// the customer (experiment/traffic.h: nobody is in two). Revenue follows the customer too; a
// decision follows its token. Every system hears of every sampled session, so its decisions for
// customers of another experiment are passed over. What concerns no experiment is answered and
// counted by the one that started first.
//
// Single-threaded.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/message.h"
#include "trial/outcome.h"
#include "trial/trial.h"

namespace trial {

// What became of a session, and what its customer gets who is not part of an experiment.
struct Opening {
  OpenOutcome outcome = OpenOutcome::kNotRunning;
  bool fallback_show = false;
};

class Trials {
 public:
  explicit Trials(Store& store) : store_(store) {}  // Which outlives it.

  [[nodiscard]] bool empty() const { return trials_.empty(); }
  // In the order of their starts. Those that have ended stay until another starts: revenue may
  // still come.
  [[nodiscard]] std::span<const std::unique_ptr<Trial>> all() const { return trials_; }
  [[nodiscard]] Trial* find(ExperimentId id) const;  // Null: not among them.
  // The draws that running and paused ones hold.
  [[nodiscard]] std::vector<experiment::Slots> taken() const;

  void add(std::unique_ptr<Trial> trial);
  void drop_ended();

  // As in trial.h. Without any trial: kNotRunning, kUnknownToken, kOutside, counted nowhere.
  Opening open_session(const event::Session& session, base::Timestamp now);
  DecisionOutcome record_decision(event::System topic, const event::Prediction& prediction,
                                  base::Timestamp now);
  RevenueOutcome record_revenue(const event::Revenue& revenue, base::Timestamp now);
  // The fallback of a session that none of them has taken; nothing: one of them has.
  [[nodiscard]] std::optional<bool> left_out(const event::Session& session) const;
  void expire(base::Timestamp now);
  void settle_ended(base::Timestamp now);
  [[nodiscard]] std::optional<base::Timestamp> next_expiry() const;
  void count(std::string_view topic, std::string_view outcome, std::int64_t by = 1);
  void set_position(std::string_view source, std::int64_t next);
  // The furthest that any of them knows: their commits are one.
  [[nodiscard]] std::optional<std::int64_t> position(std::string_view source) const;
  void republish();
  void clear_outboxes();
  void publish_progress(base::Timestamp now);
  [[nodiscard]] std::vector<std::shared_ptr<const Progress>> latest() const;

  // All or nothing, for all of them.
  base::Result<void> commit();

 private:
  [[nodiscard]] Trial* of_customer(event::CustomerId customer, event::SessionId session) const;
  [[nodiscard]] Trial& first() const;

  Store& store_;
  std::vector<std::unique_ptr<Trial>> trials_;
  std::vector<ExperimentBatch> batches_;  // Memory of commit().
};

}  // namespace trial

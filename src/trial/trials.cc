// SPDX-License-Identifier: Apache-2.0
#include "trial/trials.h"

#include <algorithm>
#include <utility>

#include "trial/detail/customer_place.h"
#include "trial/state.h"

namespace trial {

Trial* Trials::find(ExperimentId id) const {
  const auto found =
      std::find_if(trials_.begin(), trials_.end(), [&](const auto& t) { return t->id() == id; });
  return found == trials_.end() ? nullptr : found->get();
}

std::vector<experiment::Slots> Trials::taken() const {
  std::vector<experiment::Slots> slots;
  for (const auto& trial : trials_) {
    if (alive(trial->state())) slots.push_back(trial->slots());
  }
  return slots;
}

void Trials::add(std::unique_ptr<Trial> trial) { trials_.push_back(std::move(trial)); }

void Trials::drop_ended() {
  std::erase_if(trials_, [](const auto& trial) { return !alive(trial->state()); });
}

Trial& Trials::first() const {
  const auto living = std::find_if(trials_.begin(), trials_.end(),
                                   [](const auto& trial) { return alive(trial->state()); });
  return living == trials_.end() ? *trials_.back() : **living;
}

// Null: of none. A customer of an experiment that has ended may be enrolled in the next one too:
// then the session decides.
Trial* Trials::of_customer(event::CustomerId customer, event::SessionId session) const {
  Trial* found = nullptr;
  for (const auto& trial : trials_) {
    if (!trial->enrolled(customer)) continue;
    if (found == nullptr || trial->knows(session) ||
        (alive(trial->state()) && !found->knows(session)))
      found = trial.get();
  }
  if (found != nullptr) return found;
  const std::uint64_t draw = detail::place_of(customer);
  for (const auto& trial : trials_) {
    if (alive(trial->state()) && trial->slots().owns(draw)) return trial.get();
  }
  return nullptr;
}

Opening Trials::open_session(const event::Session& session, base::Timestamp now) {
  if (empty()) return {};
  Trial* owner = of_customer(session.customer, session.session);
  Trial& trial = owner == nullptr ? first() : *owner;
  const bool taken = std::any_of(trials_.begin(), trials_.end(), [&](const auto& other) {
    return other.get() != &trial && other->waits_for(session.session);
  });
  if (taken) {
    trial.count("session", name(OpenOutcome::kInvalid));
    return {.outcome = OpenOutcome::kInvalid};
  }
  return {.outcome = trial.open_session(session, now), .fallback_show = trial.plan().fallback_show};
}

DecisionOutcome Trials::record_decision(event::System topic, const event::Prediction& prediction,
                                        base::Timestamp now) {
  if (empty()) return DecisionOutcome::kUnknownToken;
  const auto issuer = std::find_if(trials_.begin(), trials_.end(), [&](const auto& trial) {
    return trial->issued(prediction.token);
  });
  Trial& trial = issuer == trials_.end() ? first() : **issuer;
  const bool elsewhere = std::any_of(trials_.begin(), trials_.end(), [&](const auto& other) {
    return other.get() != &trial && other->enrolled(prediction.customer);
  });
  return trial.record_decision(topic, prediction, now, elsewhere);
}

RevenueOutcome Trials::record_revenue(const event::Revenue& revenue, base::Timestamp now) {
  if (empty()) return RevenueOutcome::kOutside;
  Trial* owner = of_customer(revenue.customer, revenue.session);
  return (owner == nullptr ? first() : *owner).record_revenue(revenue, now);
}

std::optional<bool> Trials::left_out(const event::Session& session) const {
  if (empty()) return false;
  for (const auto& trial : trials_) {
    if (trial->knows(session.session)) return std::nullopt;
  }
  const Trial* const owner = of_customer(session.customer, session.session);
  return (owner == nullptr ? first() : *owner).plan().fallback_show;
}

void Trials::expire(base::Timestamp now) {
  for (const auto& trial : trials_) trial->expire(now);
}

void Trials::settle_ended(base::Timestamp now) {
  for (const auto& trial : trials_) {
    if (!alive(trial->state())) trial->settle(now);
  }
}

std::optional<base::Timestamp> Trials::next_expiry() const {
  std::optional<base::Timestamp> next;
  for (const auto& trial : trials_) {
    const auto own = trial->next_expiry();
    if (own) next = next ? std::min(*next, *own) : *own;
  }
  return next;
}

void Trials::count(std::string_view topic, std::string_view outcome, std::int64_t by) {
  if (!empty()) first().count(topic, outcome, by);
}

void Trials::set_position(std::string_view source, std::int64_t next) {
  for (const auto& trial : trials_) trial->set_position(source, next);
}

std::optional<std::int64_t> Trials::position(std::string_view source) const {
  std::optional<std::int64_t> furthest;
  for (const auto& trial : trials_) furthest = std::max(furthest, trial->position(source));
  return furthest;
}

void Trials::republish() {
  for (const auto& trial : trials_) trial->republish();
}

void Trials::clear_outboxes() {
  for (const auto& trial : trials_) trial->clear_outbox();
}

void Trials::publish_progress(base::Timestamp now) {
  for (const auto& trial : trials_) trial->publish_progress(now);
}

std::vector<std::shared_ptr<const Progress>> Trials::latest() const {
  std::vector<std::shared_ptr<const Progress>> all;
  for (const auto& trial : trials_) all.push_back(trial->latest());
  return all;
}

base::Result<void> Trials::commit() {
  batches_.clear();
  std::vector<Trial*> changed;
  for (const auto& trial : trials_) {
    TRY_ASSIGN(const Batch* const batch, trial->prepare_commit());
    if (batch == nullptr) continue;
    batches_.push_back({trial->id(), *batch});
    changed.push_back(trial.get());
  }
  if (batches_.empty()) return {};
  TRY(store_.write(batches_));
  for (Trial* trial : changed) trial->note_committed();
  return {};
}

}  // namespace trial

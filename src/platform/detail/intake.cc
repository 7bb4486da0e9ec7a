// SPDX-License-Identifier: Apache-2.0
#include "platform/detail/intake.h"

#include "base/check.h"

namespace platform::detail {

using event::System;

std::vector<std::string> Intake::topics(const Topics& names) {
  return {names.session, names.base_prediction, names.student_prediction, names.revenue};
}

void Intake::take(const kafka::Record& record, trial::Trials& trials, base::Timestamp now) {
  ++tallies_.records;
  tallies_.bytes += static_cast<std::int64_t>(record.key.size() + record.value.size());
  switch (record.topic_index) {
    case 0:
      return session(record, trials, now);
    case 1:
      return prediction(record, System::kBase, trials, now);
    case 2:
      return prediction(record, System::kCandidate, trials, now);
    case 3:
      return revenue(record, trials, now);
    default:
      CHECK(false);
  }
}

void Intake::unreadable(const kafka::Record& record, std::string_view topic, event::Outcome outcome,
                        trial::Trials& trials) {
  outlet_.reject(record, event::reason(outcome));
  trials.count(topic, event::reason(outcome));
}

base::Result<void> Intake::repeat(const kafka::Record& record, trial::Registry& registry) {
  event::Session message;
  if (record.topic_index != 0) return {};
  if (const auto read = reader_.session(record.value, message); read != event::Outcome::kOk) {
    outlet_.reject(record, event::reason(read));
    return {};
  }
  TRY_ASSIGN(const std::optional<bool> fallback, registry.left_out(message));
  if (fallback) outlet_.leave_out(message, *fallback);
  return {};
}

void Intake::session(const kafka::Record& record, trial::Trials& trials, base::Timestamp now) {
  event::Session message;
  if (const auto read = reader_.session(record.value, message); read != event::Outcome::kOk) {
    return unreadable(record, "session", read, trials);
  }
  if (trials.empty()) return outlet_.leave_out(message, false);
  const trial::OpenOutcome outcome = trials.open_session(message, now).outcome;
  if (trial::rejected(outcome)) outlet_.reject(record, trial::name(outcome));
}

void Intake::prediction(const kafka::Record& record, System system, trial::Trials& trials,
                        base::Timestamp now) {
  event::Prediction message;
  if (const auto read = reader_.prediction(record.value, message); read != event::Outcome::kOk) {
    return unreadable(record, system == System::kBase ? "base_prediction" : "student_prediction",
                      read, trials);
  }
  if (trials.empty()) {
    ++tallies_.without_trial;
    return;
  }
  const trial::DecisionOutcome outcome = trials.record_decision(system, message, now);
  if (trial::rejected(outcome)) outlet_.reject(record, trial::name(outcome));
}

void Intake::revenue(const kafka::Record& record, trial::Trials& trials, base::Timestamp now) {
  event::Revenue message;
  if (const auto read = reader_.revenue(record.value, message); read != event::Outcome::kOk) {
    return unreadable(record, "revenue", read, trials);
  }
  if (trials.empty()) {
    ++tallies_.without_trial;
    return;
  }
  const trial::RevenueOutcome outcome = trials.record_revenue(message, now);
  if (trial::rejected(outcome)) outlet_.reject(record, trial::name(outcome));
}

}  // namespace platform::detail

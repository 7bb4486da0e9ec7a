// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/counters.h"

namespace trial::detail {

Counters::Counters() {
  for (std::size_t i = 0; i < opens_.size(); ++i)
    opens_[i] = &at(kSessionTopic, name(static_cast<OpenOutcome>(i)));
  for (std::size_t i = 0; i < decisions_[0].size(); ++i) {
    decisions_[0][i] = &at(kBasePredictionTopic, name(static_cast<DecisionOutcome>(i)));
    decisions_[1][i] = &at(kStudentPredictionTopic, name(static_cast<DecisionOutcome>(i)));
  }
  for (std::size_t i = 0; i < revenues_.size(); ++i)
    revenues_[i] = &at(kRevenueTopic, name(static_cast<RevenueOutcome>(i)));
}

Counters::Counter& Counters::at(std::string_view topic, std::string_view outcome) {
  return counters_[{std::string(topic), std::string(outcome)}];
}

void Counters::load(const std::vector<CounterRow>& rows) {
  for (const CounterRow& row : rows) at(row.topic, row.outcome).count = row.count;
}

void Counters::add(std::string_view topic, std::string_view outcome, std::int64_t by) {
  add(at(topic, outcome), by);
}

std::vector<CounterRow> Counters::changed() const {
  std::vector<CounterRow> rows;
  for (const auto& [key, counter] : counters_) {
    if (counter.changed) rows.push_back({key.first, key.second, counter.count});
  }
  return rows;
}

std::vector<CounterRow> Counters::all() const {
  std::vector<CounterRow> rows;
  for (const auto& [key, counter] : counters_) {
    if (counter.count != 0) rows.push_back({key.first, key.second, counter.count});
  }
  return rows;
}

void Counters::stored() {
  if (!any_changed_) return;
  for (auto& [key, counter] : counters_) counter.changed = false;
  any_changed_ = false;
}

}  // namespace trial::detail

// SPDX-License-Identifier: Apache-2.0
// Records by topic and outcome. The outcomes of a trial are counted in place; others by name.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/message.h"
#include "trial/outcome.h"
#include "trial/store.h"

namespace trial::detail {

// The topics' roles in the counters.
inline constexpr std::string_view kSessionTopic = "session";
inline constexpr std::string_view kBasePredictionTopic = "base_prediction";
inline constexpr std::string_view kStudentPredictionTopic = "student_prediction";
inline constexpr std::string_view kRevenueTopic = "revenue";

class Counters {
 public:
  Counters();
  void load(const std::vector<CounterRow>& rows);
  void add(OpenOutcome outcome) { add(*opens_[static_cast<std::size_t>(outcome)], 1); }
  void add(event::System topic, DecisionOutcome outcome) {
    add(*decisions_[static_cast<std::size_t>(topic)][static_cast<std::size_t>(outcome)], 1);
  }
  void add(RevenueOutcome outcome) { add(*revenues_[static_cast<std::size_t>(outcome)], 1); }
  void add(std::string_view topic, std::string_view outcome, std::int64_t by);

  // Those that differ from the store's, and all that are not zero.
  [[nodiscard]] std::vector<CounterRow> changed() const;
  [[nodiscard]] std::vector<CounterRow> all() const;
  [[nodiscard]] bool any_changed() const { return any_changed_; }
  void stored();

 private:
  struct Counter {
    std::int64_t count = 0;
    bool changed = false;
  };
  void add(Counter& counter, std::int64_t by) {
    counter.count += by;
    counter.changed = any_changed_ = true;
  }
  Counter& at(std::string_view topic, std::string_view outcome);

  std::map<std::pair<std::string, std::string>, Counter, std::less<>> counters_;
  std::array<Counter*, kOpenOutcomes> opens_;
  std::array<std::array<Counter*, kDecisionOutcomes>, 2> decisions_;
  std::array<Counter*, kRevenueOutcomes> revenues_;
  bool any_changed_ = false;
};

}  // namespace trial::detail

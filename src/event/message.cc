// SPDX-License-Identifier: Apache-2.0
#include "event/message.h"

#include <array>

namespace event {

const char* name(System system) {
  static constexpr std::array<const char*, kMostSystems> kNames = {
      "base",        "candidate",   "candidate_2", "candidate_3",
      "candidate_4", "candidate_5", "candidate_6", "candidate_7"};
  const auto i = static_cast<std::size_t>(system);
  return i < kNames.size() ? kNames[i] : "none";
}

const char* name(DecisionReason reason) {
  switch (reason) {
    case DecisionReason::kDecision:
      return "decision";
    case DecisionReason::kTimeout:
      return "timeout";
    case DecisionReason::kUnsampled:
      return "unsampled";
  }
  return "decision";
}

}  // namespace event

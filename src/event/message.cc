// SPDX-License-Identifier: Apache-2.0
#include "event/message.h"

namespace event {

const char* name(System system) {
  switch (system) {
    case System::kBase:
      return "base";
    case System::kCandidate:
      return "candidate";
    case System::kNone:
      return "none";
  }
  return "none";
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

// SPDX-License-Identifier: Apache-2.0
// The life of an experiment, in one table (state.cc):
//   draft → running → complete → concluded,   draft or running → aborted.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace trial {

enum class State : std::uint8_t {
  kDraft,      // The plan may change; nothing is recorded.
  kRunning,    // The plan is frozen, tokens are issued, sessions are recorded.
  kComplete,   // Both arms held their customers and all counted sessions are closed: the verdict is
               // issued and frozen.
  kConcluded,  // Somebody has taken note of the verdict and closed the experiment.
  kAborted,    // Stopped without a verdict.
};
inline constexpr int kStates = 5;

// Whether the life above has this step.
bool may_become(State from, State to);

std::string_view name(State state);                    // "draft", …
std::optional<State> state_of(std::string_view text);  // Reads it back.

}  // namespace trial

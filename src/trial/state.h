// SPDX-License-Identifier: Apache-2.0
// The life of an experiment, in one table (state.cc):
//   draft ⇄ validated → running ⇄ paused,   running → complete → concluded,
//   anything before complete → aborted.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace trial {

enum class State : std::uint8_t {
  kDraft,      // The plan may change; nothing is recorded.
  kValidated,  // Found coherent by somebody; a change of the plan makes it a draft again.
  kRunning,    // The plan is frozen, tokens are issued, sessions are recorded.
  kPaused,     // As running, but nobody new is enrolled; whose session is open is served.
  kComplete,   // Both arms held their customers and all counted sessions are closed: the verdict is
               // issued and frozen.
  kConcluded,  // Somebody has taken note of the verdict and closed the experiment.
  kAborted,    // Stopped without a verdict.
};
inline constexpr int kStates = 7;

// Whether the life above has this step.
bool may_become(State from, State to);

// Whether sessions are under way: running or paused.
bool alive(State state);

std::string_view name(State state);                    // "draft", …
std::optional<State> state_of(std::string_view text);  // Reads it back.

}  // namespace trial

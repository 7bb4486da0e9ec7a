// SPDX-License-Identifier: Apache-2.0
#include "trial/state.h"

#include <array>

namespace trial {
namespace {

constexpr std::array<std::string_view, kStates> kNames{"draft",    "validated", "running", "paused",
                                                       "complete", "concluded", "aborted"};

// Row: from; column: to.
constexpr bool kSteps[kStates][kStates] = {
    //              draft validated running paused complete concluded aborted
    /* draft     */ {false, true, true, false, false, false, true},
    /* validated */ {true, false, true, false, false, false, true},
    /* running   */ {false, false, false, true, true, false, true},
    /* paused    */ {false, false, true, false, false, false, true},
    /* complete  */ {false, false, false, false, false, true, false},
    /* concluded */ {false, false, false, false, false, false, false},
    /* aborted   */ {false, false, false, false, false, false, false},
};

}  // namespace

bool may_become(State from, State to) {
  return kSteps[static_cast<int>(from)][static_cast<int>(to)];
}

bool alive(State state) { return state == State::kRunning || state == State::kPaused; }

std::string_view name(State state) { return kNames[static_cast<std::size_t>(state)]; }

std::optional<State> state_of(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace trial

// SPDX-License-Identifier: Apache-2.0
// One sampled session as it is lived and as it is stored: both systems' decisions, the executed one
// and why, the money.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/money.h"
#include "event/message.h"

namespace trial {

// One system's word on one session.
enum class Word : std::uint8_t {
  kNone,  // It has not come.
  kHide,  // 0
  kShow,  // 1
};

enum class Closing : std::uint8_t {
  kOpen,     // The session's end has not come.
  kRevenue,  // The shop reported the revenue.
  kTimeout,  // The end never came: closed with revenue 0.
};

std::string_view name(Closing closing);  // "open", "revenue", "timeout".

struct SystemWord {
  Word word = Word::kNone;
  bool late = false;          // It came after the deadline: recorded, never executed.
  base::Duration latency{0};  // From the session's opening to the word's arrival.
  friend bool operator==(const SystemWord&, const SystemWord&) = default;
};

struct SessionRow {
  event::SessionId session;
  event::CustomerId customer;
  event::System arm = event::System::kBase;  // Whose decision is executed.
  bool counted = false;  // The customer's first sampled session: its revenue counts.
  base::Timestamp opened_at;
  std::array<SystemWord, event::kMostSystems> words;  // By event::System, base first.
  std::optional<base::Cents> before;  // What the customer spent before, if the shop said so.
  event::Segment segment;             // The shop's group of the customer; none if it said none.

  Word executed = Word::kNone;  // kNone: not executed yet.
  event::DecisionReason reason =
      event::DecisionReason::kDecision;  // kDecision or kTimeout; meaningful once executed.
  base::Timestamp executed_at;

  Closing closing = Closing::kOpen;
  base::Timestamp closed_at;
  base::Cents revenue;  // 0 until closed.
  bool accepted = false;

  [[nodiscard]] const SystemWord& of(event::System system) const {
    return words[static_cast<std::size_t>(system)];
  }
  [[nodiscard]] SystemWord& of(event::System system) {
    return words[static_cast<std::size_t>(system)];
  }
  // Whether the first `systems` have all decided.
  [[nodiscard]] bool heard(std::size_t systems) const {
    for (std::size_t i = 0; i < systems; ++i) {
      if (words[i].word == Word::kNone) return false;
    }
    return true;
  }
  friend bool operator==(const SessionRow&, const SessionRow&) = default;
};

}  // namespace trial

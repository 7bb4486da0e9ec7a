// SPDX-License-Identifier: Apache-2.0
// What travels on the topics, as values. How they look as text is read.h and write.h; what each
// means is docs/ARCHITECTURE.md, "Messages". What a customer bought (topic_historic) is history.h.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.h"
#include "event/ids.h"
#include "event/segment.h"

namespace event {

inline constexpr std::int32_t kMaxAge = 150;  // Years; more is a mistake of the writer.
inline constexpr base::Cents kMaxRevenue{
    100'000'000'000};                                // Of one session: a billion; sums stay exact.
inline constexpr std::size_t kMaxTokenLength = 256;  // Bytes.

// topic_session and topic_sampled.
struct Session {
  CustomerId customer;
  SessionId session;
  // What the customer spent before the experiment, in whatever time the shop takes, 0 to
  // kMaxRevenue: a covariate. On topic_session, where the shop knows it.
  std::optional<base::Cents> before{};
  Segment segment{};  // On topic_session, where the shop says it.
  friend bool operator==(const Session&, const Session&) = default;
};

// topic_demographic. Both man and woman may be false (unknown); the shop's files say so for some
// customers.
struct Demographics {
  CustomerId customer;
  std::int32_t age = 0;  // Years, 0 to kMaxAge.
  bool man = false;
  bool woman = false;
  friend bool operator==(const Demographics&, const Demographics&) = default;
};

// topic_base_prediction and topic_student_prediction.
struct Prediction {
  CustomerId customer;
  bool show = false;  // "value": 1 shows the new category.
  std::string_view
      token;  // 1 to kMaxTokenLength bytes; borrows from the message or the reader (see Reader).
  friend bool operator==(const Prediction&, const Prediction&) = default;
};

// The candidate is the first; of several the one of number k, from 0, is candidate(k).
enum class System : std::uint8_t { kBase = 0, kCandidate = 1, kNone = 0xff };
inline constexpr std::size_t kMostSystems = 8;  // Base and seven candidates.
constexpr System candidate(std::size_t k) { return static_cast<System>(1 + k); }
enum class DecisionReason : std::uint8_t {
  kDecision,
  kTimeout,
  kUnsampled
};  // "decision", "timeout", "unsampled".

// topic_decision: what the shop must do in this session, and on whose word (kNone for the
// unsampled).
struct Decision {
  CustomerId customer;
  SessionId session;
  bool show = false;
  System system = System::kNone;
  DecisionReason reason = DecisionReason::kDecision;
  friend bool operator==(const Decision&, const Decision&) = default;
};

// topic_revenue: what the customer spent in the session, 0 to kMaxRevenue, and whether the offer
// was accepted.
struct Revenue {
  CustomerId customer;
  SessionId session;
  base::Cents revenue;
  bool accepted = false;
  friend bool operator==(const Revenue&, const Revenue&) = default;
};

// "base", "candidate", "candidate_2" … "candidate_7", "none".
const char* name(System system);
const char* name(DecisionReason reason);

}  // namespace event

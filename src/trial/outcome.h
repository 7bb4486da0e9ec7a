// SPDX-License-Identifier: Apache-2.0
// What became of one record. Every record that reaches a trial has exactly one of these outcomes;
// none is an Error, and each is counted by its topic.
#pragma once
#include <cstdint>
#include <string_view>

namespace trial {

enum class OpenOutcome : std::uint8_t {
  kSampled,  // The customer's first session: enrolled, assigned to an arm, counted in the verdict.
  kRepeat,   // A later session of an enrolled customer: same arm, fresh decisions, not counted
             // again.
  kNotSampled,     // Outside the sampling share: not part of the experiment.
  kEnrolmentFull,  // All arms hold their customers: not part of the experiment.
  kNotRunning,     // The experiment is not running.
  kDuplicate,      // This session id was opened before: nothing changes.
  kInvalid,        // The session id was opened before by another customer.
};

enum class DecisionOutcome : std::uint8_t {
  kRecorded,
  kLate,             // After the deadline: the value is recorded as late, what was executed stays.
  kDuplicate,        // The system has decided for this customer already: the first decision stands.
  kMalformedToken,   // Not a token's shape, or its checksum does not fit.
  kUnknownToken,     // A token's shape, but none that was issued, or one that was revoked.
  kWrongExperiment,  // The token of another experiment.
  kWrongSystem,      // A candidate's token by base's topic, or base's by the candidates'.
  kUnknownCustomer,  // Never enrolled.
  kNoOpenSession,    // Enrolled, but no session of this customer is open.
  kOtherExperiment,  // The customer is enrolled in another running experiment: passed over.
};

enum class RevenueOutcome : std::uint8_t {
  kRecorded,
  kDuplicate,       // The session's revenue is recorded already: the first amount stands.
  kLate,            // The session was closed by its time-out before: the amount is not counted.
  kOutside,         // Of a customer or a session that is not part of the experiment: passed over.
  kUnknownSession,  // Never opened, or opened by another customer.
  kNotExecuted,     // No decision has been executed yet: money cannot have been spent under it.
  kNegative,
  kAbsurd,  // Above the cap that the plan fixed before the start.
};

inline constexpr int kOpenOutcomes = 7;
inline constexpr int kDecisionOutcomes = 10;
inline constexpr int kRevenueOutcomes = 8;

// "sampled", "enrolment_full", …: as in the store, in metrics and in the headers of topic_rejected.
std::string_view name(OpenOutcome outcome);
std::string_view name(DecisionOutcome outcome);
std::string_view name(RevenueOutcome outcome);

// Whether the record changed nothing because it cannot be right (and goes to topic_rejected), as
// opposed to one that was taken, repeats what is known, or concerns a customer outside the
// experiment.
bool rejected(OpenOutcome outcome);
bool rejected(DecisionOutcome outcome);
bool rejected(RevenueOutcome outcome);

}  // namespace trial

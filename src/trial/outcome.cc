// SPDX-License-Identifier: Apache-2.0
#include "trial/outcome.h"

namespace trial {

std::string_view name(OpenOutcome outcome) {
  switch (outcome) {
    case OpenOutcome::kSampled:
      return "sampled";
    case OpenOutcome::kRepeat:
      return "repeat";
    case OpenOutcome::kNotSampled:
      return "not_sampled";
    case OpenOutcome::kEnrolmentFull:
      return "enrolment_full";
    case OpenOutcome::kNotRunning:
      return "not_running";
    case OpenOutcome::kDuplicate:
      return "duplicate";
    case OpenOutcome::kInvalid:
      return "session_of_another_customer";
  }
  return "";
}

std::string_view name(DecisionOutcome outcome) {
  switch (outcome) {
    case DecisionOutcome::kRecorded:
      return "recorded";
    case DecisionOutcome::kLate:
      return "late";
    case DecisionOutcome::kDuplicate:
      return "duplicate";
    case DecisionOutcome::kMalformedToken:
      return "malformed_token";
    case DecisionOutcome::kUnknownToken:
      return "unknown_token";
    case DecisionOutcome::kWrongExperiment:
      return "wrong_experiment";
    case DecisionOutcome::kWrongSystem:
      return "wrong_system";
    case DecisionOutcome::kUnknownCustomer:
      return "unknown_customer";
    case DecisionOutcome::kNoOpenSession:
      return "no_open_session";
    case DecisionOutcome::kOtherExperiment:
      return "other_experiment";
  }
  return "";
}

std::string_view name(RevenueOutcome outcome) {
  switch (outcome) {
    case RevenueOutcome::kRecorded:
      return "recorded";
    case RevenueOutcome::kDuplicate:
      return "duplicate";
    case RevenueOutcome::kLate:
      return "late";
    case RevenueOutcome::kOutside:
      return "outside";
    case RevenueOutcome::kUnknownSession:
      return "unknown_session";
    case RevenueOutcome::kNotExecuted:
      return "not_executed";
    case RevenueOutcome::kNegative:
      return "negative";
    case RevenueOutcome::kAbsurd:
      return "absurd";
  }
  return "";
}

bool rejected(OpenOutcome outcome) { return outcome == OpenOutcome::kInvalid; }

bool rejected(DecisionOutcome outcome) {
  switch (outcome) {
    case DecisionOutcome::kRecorded:
    case DecisionOutcome::kLate:
    case DecisionOutcome::kDuplicate:
    case DecisionOutcome::kOtherExperiment:
      return false;
    case DecisionOutcome::kMalformedToken:
    case DecisionOutcome::kUnknownToken:
    case DecisionOutcome::kWrongExperiment:
    case DecisionOutcome::kWrongSystem:
    case DecisionOutcome::kUnknownCustomer:
    case DecisionOutcome::kNoOpenSession:
      return true;
  }
  return true;
}

bool rejected(RevenueOutcome outcome) {
  switch (outcome) {
    case RevenueOutcome::kRecorded:
    case RevenueOutcome::kDuplicate:
    case RevenueOutcome::kOutside:
      return false;
    case RevenueOutcome::kLate:
    case RevenueOutcome::kUnknownSession:
    case RevenueOutcome::kNotExecuted:
    case RevenueOutcome::kNegative:
    case RevenueOutcome::kAbsurd:
      return true;
  }
  return true;
}

}  // namespace trial

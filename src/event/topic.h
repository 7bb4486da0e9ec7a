// SPDX-License-Identifier: Apache-2.0
// The names of the topics, as docs/ARCHITECTURE.md lists them. Every loop takes them as options
// with these defaults.
#pragma once

namespace event::topic {

inline constexpr const char* kSession = "topic_session";
inline constexpr const char* kSampled = "topic_sampled";
inline constexpr const char* kDemographic = "topic_demographic";
inline constexpr const char* kHistoric = "topic_historic";
inline constexpr const char* kBasePrediction = "topic_base_prediction";
inline constexpr const char* kStudentPrediction = "topic_student_prediction";
inline constexpr const char* kDecision = "topic_decision";
inline constexpr const char* kRevenue = "topic_revenue";
inline constexpr const char* kRejected = "topic_rejected";

}  // namespace event::topic

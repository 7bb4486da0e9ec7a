// SPDX-License-Identifier: Apache-2.0
// What an experiment is going to do, fixed before its first customer. The plan's canonical text is
// hashed at the start and the hash travels with the verdict: nobody can change the question after
// seeing the answer.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "event/message.h"
#include "experiment/coherence.h"

namespace trial {

struct SystemId {
  std::string id;            // What its owner calls it: "age-sex-v3".
  std::string model_digest;  // SHA-256 of the deployed model in hexadecimal, or empty when unknown.
  friend bool operator==(const SystemId&, const SystemId&) = default;
};

struct Plan {
  std::string name;
  std::string hypothesis;
  SystemId base;
  SystemId candidate;
  std::vector<SystemId> further_candidates{};  // The second to the seventh.
  experiment::PlannedDesign design;  // Alpha, power, effect, …, and the customers of the base arm;
                                     // its `candidates` counts those above.

  double sampling_share = 1.0;  // Of the customers at the start, in (0, 1]; it may rise while the
                                // experiment runs. The others get the fallback at once.
  std::int64_t decision_deadline_ms =
      500;  // From the session's opening; then the fallback is executed. 1 to 3,600,000.
  bool fallback_show = false;  // What a customer gets when no decision has come in time.
  std::int64_t session_timeout_ms =
      30 * 60 * 1000;                // From the opening; a session without revenue closes with 0.
  std::optional<base::Cents> cap{};  // A customer's revenue counts up to it, alike in both arms
                                     // (experiment/cap.h).
  base::Cents revenue_cap{
      1'000'000};    // Of one session; more is refused as absurd. The same for both arms.
  std::string salt;  // Of the assignment; empty: made from the name and the experiment's number.
  std::string environment = "live";  // In the tokens; 1 to 16 lower-case letters or digits.
};

// How many candidates it names, and how many systems: those and base.
inline std::size_t candidates_of(const Plan& plan) { return 1 + plan.further_candidates.size(); }
inline std::size_t systems_of(const Plan& plan) { return 1 + candidates_of(plan); }
// As the plan names it; one of systems_of().
const SystemId& system_of(const Plan& plan, event::System system);

// Names, ranges and lengths; the design's coherence is experiment's business (check_start in
// registry.h has both).
base::Result<void> validate(const Plan& plan);

// One "key = value" a line in a fixed order (what a plan of the first format lacks is left out
// where it has its first value, so that such a plan keeps its hash), numbers in their shortest
// exact form: what is hashed and stored.
std::string canonical_text(const Plan& plan);

// Reads it back; the error names the line's key.
base::Result<Plan> parse_plan(std::string_view canonical);

// SHA-256 of the canonical text, lower-case hexadecimal.
std::string plan_hash(const Plan& plan);

}  // namespace trial

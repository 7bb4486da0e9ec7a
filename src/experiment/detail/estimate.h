// SPDX-License-Identifier: Apache-2.0
// What was estimated of one candidate's effect, by whichever method is planned and can be trusted.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "experiment/verdict.h"

namespace experiment::detail {

struct Estimate {
  Method method = Method::kEverybody;
  std::string why_everybody{};   // Why not by the planned method.
  std::string why_not_pooled{};  // Why without the other arms.
  Welch plain{};                 // By Method::kEverybody, or adjusted (kCovariate).
  double explained = 0;          // ρ², by kCovariate.
  std::optional<DisagreementEstimate> disagreement{};  // By kDisagreement.
  bool pooled = false;                                 // With the customers of the other arms.

  [[nodiscard]] bool by_disagreement() const { return method == Method::kDisagreement; }
  [[nodiscard]] Welch welch() const {
    if (!by_disagreement()) return plain;
    return {disagreement->effect, disagreement->standard_error, disagreement->among.dof};
  }
  [[nodiscard]] double lower(double level) const {
    return by_disagreement() ? disagreement->lower(level) : plain.lower(level);
  }
  [[nodiscard]] double upper(double level) const {
    return by_disagreement() ? disagreement->upper(level) : plain.upper(level);
  }
  [[nodiscard]] double p_greater(double null) const {
    return by_disagreement() ? disagreement->p_greater(null) : plain.p_greater(null);
  }
  [[nodiscard]] double p_less(double null) const {
    return by_disagreement() ? disagreement->p_less(null) : plain.p_less(null);
  }
};

// Nothing below two customers in either arm. `other_arms_unfit`: why the customers of the other
// arms must not be used; empty where they may.
std::optional<Estimate> estimate_of(const PlannedDesign& plan, const Evidence& evidence,
                                    const std::string& other_arms_unfit);

// What holds of all comparisons together.
struct Together {
  bool complete = false;           // The next look's customers are in, or it was stopped for harm.
  bool harmed = false;             // One of the candidates reached the stop for harm.
  std::string other_arms_unfit{};  // Of the one that is judged; see estimate_of().
};

// The judgement of one comparison; at a look before the last as if it ended there.
base::Result<Verdict> judge_one(const PlannedDesign& plan, const Evidence& evidence,
                                const Together& all);

// Whether nothing ends an experiment at a look before the last: nobody is to be taken and, with two
// sides, not all are worse. `each`: every comparison, judged. What was judged is then withheld.
bool goes_on(const PlannedDesign& plan, std::span<const Verdict> each);
void withhold(Verdict* verdict);

// Whether the next look's customers of this comparison are in.
bool look_complete(const PlannedDesign& plan, const Evidence& evidence);

}  // namespace experiment::detail

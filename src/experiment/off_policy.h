// SPDX-License-Identifier: Apache-2.0
// What a decider that was never run would have brought, from the records of an experiment between
// two others.
//
// Where the new policy decides as base does it changes nothing. Where it differs from base but
// agrees with the candidate, chance decided which of the two was executed, and the disagreement
// estimator (disagreement.h) gives the difference. Where it differs from both nobody was ever
// treated so: nothing is known, and the estimate holds for the others only. Sources: Jeunen &
// Ustimenko, arXiv 2405.10024 (2024); Dudík, Langford & Li, ICML 2011, for what support is needed.
// Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>

#include "experiment/disagreement.h"

namespace experiment {

class PolicyRecords {
 public:
  // One customer: what the two systems said, what the policy would have done, the revenue.
  void add(Arm assigned, bool base_offers, bool candidate_offers, bool policy_offers,
           base::Cents revenue);

  [[nodiscard]] std::int64_t customers() const { return customers_; }
  // The policy decides as base does.
  [[nodiscard]] std::int64_t as_base() const { return as_base_; }
  // It differs from base as the candidate does: the estimate rests on these,
  [[nodiscard]] std::int64_t as_candidate() const { return as_candidate_; }
  // or from both: without support.
  [[nodiscard]] std::int64_t unsupported() const { return customers_ - as_base_ - as_candidate_; }
  // Of the customers whom the policy treats otherwise than base, the share that has support; 1
  // where there are none.
  [[nodiscard]] double overlap() const;

  // The policy's gain over base per customer, of all customers, as if those without support gained
  // nothing. Nothing below two supported customers in either arm.
  [[nodiscard]] std::optional<DisagreementEstimate> gain() const;
  [[nodiscard]] DisagreementRows rows() const { return moments_.rows(); }

 private:
  DisagreementMoments moments_;
  std::int64_t customers_ = 0;
  std::int64_t as_base_ = 0;
  std::int64_t as_candidate_ = 0;
};

}  // namespace experiment

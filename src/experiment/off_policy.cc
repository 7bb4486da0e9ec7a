// SPDX-License-Identifier: Apache-2.0
#include "experiment/off_policy.h"

namespace experiment {

void PolicyRecords::add(Arm assigned, bool base_offers, bool candidate_offers, bool policy_offers,
                        base::Cents revenue) {
  ++customers_;
  const bool supported = policy_offers != base_offers && policy_offers == candidate_offers;
  if (policy_offers == base_offers) ++as_base_;
  if (supported) ++as_candidate_;
  moments_.add(assigned, base_offers, supported ? policy_offers : base_offers, revenue);
}

double PolicyRecords::overlap() const {
  const std::int64_t otherwise = customers_ - as_base_;
  return otherwise == 0 ? 1 : static_cast<double>(as_candidate_) / static_cast<double>(otherwise);
}

std::optional<DisagreementEstimate> PolicyRecords::gain() const {
  return estimate_by_disagreement(moments_.rows());
}

}  // namespace experiment

// SPDX-License-Identifier: Apache-2.0
#include "experiment/detail/estimate.h"

namespace experiment::detail {
namespace {

void adjust(const PairedArms& before, Estimate* estimate) {
  const auto adjusted = cuped(before.base, before.candidate);
  if (!adjusted || !(before.base.sxx() + before.candidate.sxx() > 0)) {
    estimate->why_everybody = "what customers spent before the start is the same for all of an arm";
    return;
  }
  estimate->method = Method::kCovariate;
  estimate->plain = adjusted->tested;
  estimate->explained = adjusted->squared_correlation;
}

void pool(const Evidence& evidence, const std::string& other_arms_unfit, Estimate* estimate) {
  if (!evidence.pooled) return;
  const auto pooled = evidence.pooled->estimate();
  estimate->why_not_pooled = other_arms_unfit;
  if (!other_arms_unfit.empty() || !pooled) return;
  estimate->disagreement = pooled;
  estimate->pooled = true;
}

}  // namespace

std::optional<Estimate> estimate_of(const PlannedDesign& plan, const Evidence& evidence,
                                    const std::string& other_arms_unfit) {
  const std::optional<Welch> everybody = welch(evidence.base, evidence.candidate);
  if (!everybody) return std::nullopt;
  Estimate estimate{.plain = *everybody};
  if (plan.covariate) adjust(*evidence.before, &estimate);
  if (!plan.disagreement) return estimate;
  const auto analysis = analyse_disagreement(*evidence.rows, plan.design.ratio);
  if (!analysis) return std::nullopt;
  if (!analysis->by_disagreement) {
    estimate.why_everybody = analysis->why_not;
    return estimate;
  }
  estimate.method = Method::kDisagreement;
  estimate.disagreement = analysis->estimate;
  pool(evidence, other_arms_unfit, &estimate);
  return estimate;
}

}  // namespace experiment::detail

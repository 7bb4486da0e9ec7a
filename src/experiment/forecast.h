// SPDX-License-Identifier: Apache-2.0
// What a dry run tells of the experiment to come: all systems decided for every customer, base
// served them all, and so σ, and q and σ_D of each candidate, are known before anybody has met one.
// Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "experiment/disagreement_design.h"
#include "experiment/money_words.h"
#include "experiment/planned_design.h"
#include "experiment/secondary_metrics.h"

namespace experiment {

// What was recorded of one candidate.
struct Rehearsed {
  std::string name{};       // Said where there are several.
  DisagreementRows rows{};  // All in base's arm.
};

// How one candidate differs from base.
struct CandidateForecast {
  double share = 0;      // q̂,
  double adds = 0;       // of which the candidate offers where base does not,
  double removes = 0;    // and the other way round.
  double deviation = 0;  // σ̂_D of the revenue of those on whom they differ.
  std::optional<double> effect_per_disagreeing{};  // δ/q̂: what each disagreement must bring;
                                                   // nothing where they never differ.
  std::optional<Reason> implausible{};             // Where that is hardly to be believed.
};

// What the plan's promise takes by one way of comparing.
struct ForecastWay {
  Customers arms{};              // Base's and each candidate's.
  std::int64_t customers = 0;    // Of all arms.
  std::optional<double> days{};  // At the customers a day that the dry run saw.
};

struct Forecast {
  std::int64_t customers = 0;  // Of the dry run.
  SampleSummary revenue{};     // Of all of them, under base.
  std::vector<CandidateForecast> candidates{};
  // Nothing where it cannot be computed (nobody spends; a candidate that never differs).
  std::optional<ForecastWay> everybody{};
  std::optional<ForecastWay> disagreement{};
  // The plan to start with: the dry run's, with what it has measured, by the cheaper method.
  PlannedDesign suggested{};
  std::string sentence{};
};

// What a plan counts on so that its promise holds for each of several candidates: the least share,
// so that all have their disagreeing customers when the planned ones have come, with the deviation
// at which q·σ_D², which decides how many these are, is the greatest of theirs. Of one candidate
// its own. Nothing where one never differs, or nobody on whom it does spends.
std::optional<ExpectedDisagreement> covering(std::span<const CandidateForecast> candidates);

// `each`: of every candidate of the plan in order; `counts`: of the same customers, for the
// deviations of the plan's guardrails. An error where fewer than two customers came.
base::Result<Forecast> forecast(const PlannedDesign& plan, std::span<const Rehearsed> each,
                                const SecondaryRows& counts,
                                std::optional<double> customers_per_day,
                                const MoneyWords& words = {});

}  // namespace experiment

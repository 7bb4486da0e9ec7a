// SPDX-License-Identifier: Apache-2.0
// What a dry run tells of the experiment to come: both systems decided for every customer, base
// served them all, and so q, σ and σ_D are known before anybody has met the candidate. Pure and
// thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "experiment/disagreement_design.h"
#include "experiment/money_words.h"
#include "experiment/planned_design.h"
#include "experiment/secondary_metrics.h"

namespace experiment {

struct Forecast {
  std::int64_t customers = 0;  // Of the dry run.
  SampleSummary revenue{};     // Of all of them, under base.
  double share = 0;            // q̂,
  double adds = 0;             // of which the candidate offers where base does not,
  double removes = 0;          // and the other way round.
  double deviation = 0;        // σ̂_D of the revenue of those on whom they differ.
  // What the plan's promise takes at these figures. Nothing where it cannot be computed (nobody
  // differs, or nobody spends).
  std::optional<Customers> everybody{};
  std::optional<DisagreementCustomers> disagreement{};
  std::optional<double> days_everybody{};  // At the customers a day that the dry run saw.
  std::optional<double> days_disagreement{};
  // The plan to start with: the dry run's, with what it has measured, by the cheaper method.
  PlannedDesign suggested{};
  std::string sentence{};
};

// `rows`: of a dry run, all in the base arm; `counts`: of the same customers, for the deviations of
// the plan's guardrails. An error where fewer than two customers came.
base::Result<Forecast> forecast(const PlannedDesign& plan, const DisagreementRows& rows,
                                const SecondaryRows& counts,
                                std::optional<double> customers_per_day,
                                const MoneyWords& words = {});

}  // namespace experiment

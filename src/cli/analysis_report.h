// SPDX-License-Identifier: Apache-2.0
// What `provecho analyse` says of a finished test, for a person and as JSON.
#pragma once
#include <string>
#include <vector>

#include "experiment/checks.h"
#include "experiment/post_stratification.h"
#include "experiment/health.h"
#include "experiment/money_words.h"
#include "experiment/secondary_metrics.h"
#include "experiment/welch.h"

namespace cli {

// One way of estimating the same effect.
struct EstimateLine {
  std::string method;
  double effect = 0, low = 0, high = 0;  // One-sided bounds at alpha each.
  double p = 1;                          // One-sided, against Δ ≤ 0.
  double p_effect = 1;                   // Against Δ ≤ the desired effect.
  std::string remark = {};
};

struct AnalysisReport {
  std::string base, candidate;  // As the file calls the arms.
  experiment::ArmSummaries arms;
  double alpha = 0.05, effect = 0;
  experiment::MoneyWords words;
  std::vector<EstimateLine> lines{};
  std::string disagreement{};  // What the disagreement analysis says; may be empty.
  experiment::SampleRatio ratio{};
  experiment::Check bootstrap{};
  std::vector<experiment::SecondaryFigures> guardrails{};
  std::vector<std::string> warnings{};
};

void print(const AnalysisReport& report);
void print_json(const AnalysisReport& report);

}  // namespace cli

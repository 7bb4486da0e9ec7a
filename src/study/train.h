// SPDX-License-Identifier: Apache-2.0
// One recipe on the study's ground: trained on its training rows, its threshold chosen on the
// validation rows, measured on the test rows; or that in every round of the ground. All scores come
// from the document itself, by the scorer that serves the stream.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pmml/document/document.h"
#include "study/ground.h"
#include "study/model.h"

namespace study {

enum class ThresholdRule {
  kBest,       // The one of the highest profit on the validation rows.
  kBreakEven,  // 1/q: right for calibrated probabilities.
  kHalf,       // 0.5, as the article's models.
};

base::Result<ThresholdRule> threshold_rule_from(const std::string& name);  // "best", …
std::string name_of(ThresholdRule rule);

struct MadeModel {
  Model model;
  // With its `offer` output at the model's threshold; where rows have amounts of their own, at the
  // break-even of the economics: a document decides by probability alone.
  pmml::Document document;
  // Where the ground has rounds: the probabilities of its test rows, each by a model that has not
  // seen the row. The document is of none of these models: it is fitted on all rows.
  std::vector<double> out_of_fold = {};
};

// 1 for each row whose key (keys_of) is above the threshold.
base::Result<std::vector<std::uint8_t>> decide(const Rows& rows,
                                               const std::vector<double>& probabilities,
                                               double threshold);

// Called after each round; answers whether to go on.
using AfterRound = std::function<bool()>;

// With one thread; the same figures from the same ground, whatever runs beside it. An error of the
// learner is an error here; a round after which not to go on is a system error. Thread-safe.
base::Result<MadeModel> make_model(const Ground& ground, const Recipe& recipe, double row_share,
                                   ThresholdRule rule, const AfterRound& after_round = {});

}  // namespace study

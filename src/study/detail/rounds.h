// SPDX-License-Identifier: Apache-2.0
// Which rows train, choose thresholds and test, in each round of an evaluation.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "data/split.h"
#include "learn/labels.h"
#include "study/ground.h"

namespace study::detail {

// Refuses what Evaluation rules out, and what cannot be had together with it.
base::Result<void> check_evaluation(const Tables& given, const GroundOptions& options);

struct Round {
  data::Split rows;
  std::uint64_t seed = 0;  // Of what is drawn on these rows.
};

// Repeat after repeat, fold after fold. With folds, `validation_share` is one of each fold's
// training rows: the last of them where rows stand in the order of time.
base::Result<std::vector<Round>> draw_rounds(const learn::Labels& labels,
                                             const GroundOptions& options);

}  // namespace study::detail

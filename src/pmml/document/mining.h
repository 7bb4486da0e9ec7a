// SPDX-License-Identifier: Apache-2.0
// MiningModel: several models and the rule that makes one result of theirs (PMML 4.4
// «MultipleModels»).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/predicate.h"

namespace pmml {

enum class MultipleModelMethod {
  kMajorityVote,
  kWeightedMajorityVote,
  kAverage,
  kWeightedAverage,
  kMedian,
  kWeightedMedian,
  kMax,
  kSum,
  kWeightedSum,
  kSelectFirst,
  kSelectAll,
  kModelChain,
  kMultiModelChain,  // x-multiModelChain: a chain whose members predict one target each.
};

enum class MissingPredictionTreatment { kContinue, kReturnMissing, kSkipSegment };

struct Segment;

struct MiningModel {
  MultipleModelMethod method = MultipleModelMethod::kAverage;
  MissingPredictionTreatment missing_prediction = MissingPredictionTreatment::kContinue;
  double missing_threshold = 1;
  std::vector<Segment> segments;
  bool operator==(const MiningModel&) const;
};

}  // namespace pmml

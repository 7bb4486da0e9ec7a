// SPDX-License-Identifier: Apache-2.0
// NearestNeighborModel (PMML 4.4 «KNN»).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/comparison.h"
#include "pmml/document/training_instances.h"

namespace pmml {

// How the neighbours' values make one; weights are 1 / (distance + threshold).
enum class ContinuousScoring { kAverage, kMedian, kWeightedAverage };
enum class CategoricalScoring { kMajorityVote, kWeightedMajorityVote };

struct NearestNeighborModel {
  std::size_t neighbors = 1;
  ContinuousScoring continuous = ContinuousScoring::kAverage;
  CategoricalScoring categorical = CategoricalScoring::kMajorityVote;
  double threshold = 0.001;
  std::optional<std::string> id_field = {};  // instanceIdVariable; absent: the place, from 1.
  TrainingInstances instances = {};
  ComparisonMeasure measure = {};
  std::vector<ComparisonField> inputs = {};
  bool operator==(const NearestNeighborModel&) const = default;
};

}  // namespace pmml

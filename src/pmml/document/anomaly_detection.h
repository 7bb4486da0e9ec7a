// SPDX-License-Identifier: Apache-2.0
// AnomalyDetectionModel (PMML 4.4 «AnomalyDetection»): another model, and what its answer says of
// how strange a row is.
#pragma once
#include <optional>
#include <vector>

namespace pmml {

enum class AnomalyAlgorithm {
  kIsolationForest,      // The inner model's mean path length, normalized; near 1 is strange.
  kOneClassSvm,          // The inner model's number; below 0 is strange.
  kClusterMeanDistance,  // Distance to the nearest center over its cluster's mean; above 1.
  kOther,                // The inner model's number.
};

struct Model;

struct AnomalyDetectionModel {
  AnomalyAlgorithm algorithm = AnomalyAlgorithm::kOther;
  std::optional<double> sample_size = {};   // kIsolationForest: records a tree was grown on.
  std::vector<double> mean_distances = {};  // kClusterMeanDistance: one per cluster.
  // kIsolationForest: the score above which the maker calls a row strange; the answer is the score.
  std::optional<double> threshold = {};
  std::vector<Model> inner;  // Exactly one.
  bool operator==(const AnomalyDetectionModel&) const;
};

}  // namespace pmml

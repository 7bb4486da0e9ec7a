// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pmml/compile/chapters.h"

namespace pmml {
namespace {

base::Result<void> check_clusters(const AnomalyDetectionModel& anomaly, const FieldChecks& checks) {
  const auto* clustering = std::get_if<ClusteringModel>(&anomaly.inner[0].body);
  if (clustering == nullptr)
    return checks.refuse("has algorithmType clusterMeanDist, which needs a ClusteringModel inside");
  if (anomaly.mean_distances.size() != clustering->clusters.size() ||
      !std::ranges::all_of(anomaly.mean_distances,
                           [](double d) { return d >= 0 && std::isfinite(d); })) {
    return checks.refuse("needs one number of MeanClusterDistances, 0 or more, for every cluster");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const AnomalyDetectionModel& anomaly, const Model& model,
                              const FieldChecks& checks) {
  if (anomaly.inner.size() != 1) return checks.refuse("needs exactly one model inside");
  const Model& inner = anomaly.inner[0];
  if (model.function != MiningFunction::kRegression)
    return checks.refuse("is an AnomalyDetectionModel; its functionName must be regression");
  TRY(checks.model(inner));
  if (anomaly.algorithm == AnomalyAlgorithm::kClusterMeanDistance)
    return check_clusters(anomaly, checks);
  if (inner.function != MiningFunction::kRegression)
    return checks.refuse("needs a model inside whose functionName is regression");
  if (anomaly.algorithm == AnomalyAlgorithm::kIsolationForest &&
      !(anomaly.sample_size.value_or(0) >= 2 && std::isfinite(*anomaly.sample_size))) {
    return checks.refuse("has algorithmType iforest, which needs a sampleDataSize of 2 or more");
  }
  return {};
}

void mention(const AnomalyDetectionModel& anomaly, Mentions& mentions) {
  for (const Model& inner : anomaly.inner) mentions.model(inner);
}

void list_categories(const AnomalyDetectionModel&, const Model&, const CategoryList&) {}

}  // namespace pmml

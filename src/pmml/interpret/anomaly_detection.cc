// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "pmml/interpret/model.h"

namespace pmml {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// 2^(−path / c(n)), c(n) = 2 H(n − 1) − 2 (n − 1) / n, H(i) ≈ ln(i) + 0.57721566, as the standard
// rounds Euler's constant.
double normalized_path_length(double path, double n) {
  const double harmonic = std::log(n - 1) + 0.57721566;
  const double c = 2 * harmonic - 2 * (n - 1) / n;
  return std::exp2(-path / c);
}

// The nearest cluster's distance over the mean distance of that cluster's own records.
double relative_distance(const AnomalyDetectionModel& anomaly, const Outcome& nearest) {
  const auto& clustering = std::get<ClusteringModel>(anomaly.inner[0].body);
  for (std::size_t i = 0; i < clustering.clusters.size(); ++i) {
    if (id_of(clustering, i) != nearest.entities[0].id) continue;
    return nearest.entities[0].affinity.value_or(kUndefined) / anomaly.mean_distances[i];
  }
  return kUndefined;
}

double score_of(const AnomalyDetectionModel& anomaly, const Outcome& inner) {
  switch (anomaly.algorithm) {
    case AnomalyAlgorithm::kIsolationForest:
      return normalized_path_length(inner.number, *anomaly.sample_size);
    case AnomalyAlgorithm::kOneClassSvm:
    case AnomalyAlgorithm::kOther:
      return inner.number;
    case AnomalyAlgorithm::kClusterMeanDistance:
      return relative_distance(anomaly, inner);
  }
  return kUndefined;
}

}  // namespace

Outcome evaluate_body(const AnomalyDetectionModel& anomaly, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const Model& inner = anomaly.inner[0];
  Scope inner_scope(scope.names(), inner, scope.row(), &scope);
  const Outcome answer = evaluate(inner, inner_scope);
  if (answer.missing) return outcome;
  outcome.number = score_of(anomaly, answer);
  outcome.missing = !std::isfinite(outcome.number);
  return outcome;
}

}  // namespace pmml

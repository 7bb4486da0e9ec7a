// SPDX-License-Identifier: Apache-2.0
// How the standard spells the algorithms of anomaly detection.
#pragma once
#include "pmml/detail/names.h"
#include "pmml/document/anomaly_detection.h"

namespace pmml::detail {

// "iForest" is some writers' own.
inline constexpr Names<AnomalyAlgorithm, 5> kAnomalyAlgorithms = {
    {{"iforest", AnomalyAlgorithm::kIsolationForest},
     {"iForest", AnomalyAlgorithm::kIsolationForest},
     {"ocsvm", AnomalyAlgorithm::kOneClassSvm},
     {"clusterMeanDist", AnomalyAlgorithm::kClusterMeanDistance},
     {"other", AnomalyAlgorithm::kOther}}};

}  // namespace pmml::detail

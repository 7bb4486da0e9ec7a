// SPDX-License-Identifier: Apache-2.0
// AnomalyDetectionModel (PMML 4.4 «AnomalyDetection»).
#pragma once

namespace pmml {

struct AnomalyDetectionModel {
  bool operator==(const AnomalyDetectionModel&) const = default;
};

}  // namespace pmml

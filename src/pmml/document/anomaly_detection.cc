// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/anomaly_detection.h"

#include "pmml/document/document.h"

namespace pmml {

// Out of line: the recursive type is complete only here.
bool AnomalyDetectionModel::operator==(const AnomalyDetectionModel&) const = default;

}  // namespace pmml

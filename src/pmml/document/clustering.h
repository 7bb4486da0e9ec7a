// SPDX-License-Identifier: Apache-2.0
// ClusteringModel (PMML 4.4 «ClusteringModel»).
#pragma once

namespace pmml {

struct ClusteringModel {
  bool operator==(const ClusteringModel&) const = default;
};

}  // namespace pmml

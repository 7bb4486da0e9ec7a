// SPDX-License-Identifier: Apache-2.0
// NearestNeighborModel (PMML 4.4 «KNN»).
#pragma once

namespace pmml {

struct NearestNeighborModel {
  bool operator==(const NearestNeighborModel&) const = default;
};

}  // namespace pmml

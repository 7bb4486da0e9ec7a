// SPDX-License-Identifier: Apache-2.0
// BayesianNetworkModel (PMML 4.4 «BayesianNetwork»).
#pragma once

namespace pmml {

struct BayesianNetworkModel {
  bool operator==(const BayesianNetworkModel&) const = default;
};

}  // namespace pmml

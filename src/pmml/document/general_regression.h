// SPDX-License-Identifier: Apache-2.0
// GeneralRegressionModel (PMML 4.4 «GeneralRegression»).
#pragma once

namespace pmml {

struct GeneralRegressionModel {
  bool operator==(const GeneralRegressionModel&) const = default;
};

}  // namespace pmml

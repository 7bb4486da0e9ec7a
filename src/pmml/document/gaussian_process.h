// SPDX-License-Identifier: Apache-2.0
// GaussianProcessModel (PMML 4.4 «GaussianProcess»).
#pragma once

namespace pmml {

struct GaussianProcessModel {
  bool operator==(const GaussianProcessModel&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// AssociationModel (PMML 4.4 «AssociationRules»).
#pragma once

namespace pmml {

struct AssociationModel {
  bool operator==(const AssociationModel&) const = default;
};

}  // namespace pmml

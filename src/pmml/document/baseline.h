// SPDX-License-Identifier: Apache-2.0
// BaselineModel (PMML 4.4 «BaselineModel»).
#pragma once

namespace pmml {

struct BaselineModel {
  bool operator==(const BaselineModel&) const = default;
};

}  // namespace pmml

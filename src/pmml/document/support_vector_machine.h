// SPDX-License-Identifier: Apache-2.0
// SupportVectorMachineModel (PMML 4.4 «SupportVectorMachine»).
#pragma once

namespace pmml {

struct SupportVectorMachineModel {
  bool operator==(const SupportVectorMachineModel&) const = default;
};

}  // namespace pmml

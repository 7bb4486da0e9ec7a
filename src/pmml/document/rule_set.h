// SPDX-License-Identifier: Apache-2.0
// RuleSetModel (PMML 4.4 «RuleSet»).
#pragma once

namespace pmml {

struct RuleSetModel {
  bool operator==(const RuleSetModel&) const = default;
};

}  // namespace pmml

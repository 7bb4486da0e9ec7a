// SPDX-License-Identifier: Apache-2.0
// Scorecard (PMML 4.4 «Scorecard»).
#pragma once

namespace pmml {

struct Scorecard {
  bool operator==(const Scorecard&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// TextModel (PMML 4.4 «Text»).
#pragma once

namespace pmml {

struct TextModel {
  bool operator==(const TextModel&) const = default;
};

}  // namespace pmml

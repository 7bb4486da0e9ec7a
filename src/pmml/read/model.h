// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "pmml/document/document.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Is this one of the standard's model elements, supported here or not?
[[nodiscard]] bool is_model(std::string_view name);
Model read_model(const Element& element, int nesting = 0);
// A <Regression> or <DecisionTree> inside of another model: it has no MiningSchema of its own.
Model read_embedded_model(const Element& element, int nesting);
ModelVerification read_verification(const Element& element);

}  // namespace pmml::detail

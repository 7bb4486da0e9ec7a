// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "pmml/document/document.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Is this one of the standard's model elements, supported here or not?
[[nodiscard]] bool is_model(std::string_view name);
Model read_model(const Element& element, int nesting = 0);
ModelVerification read_verification(const Element& element);

}  // namespace pmml::detail

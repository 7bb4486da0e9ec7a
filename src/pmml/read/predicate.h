// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "pmml/document/predicate.h"
#include "pmml/read/element.h"

namespace pmml::detail {

[[nodiscard]] bool is_predicate(std::string_view name);
Predicate read_predicate(const Element& element, int nesting = 0);

}  // namespace pmml::detail

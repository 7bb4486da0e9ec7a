// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "pmml/document/expression.h"
#include "pmml/read/element.h"

namespace pmml::detail {

[[nodiscard]] bool is_expression(std::string_view name);
Expression read_expression(const Element& element, int nesting = 0);

// The one expression among an element's children; other children must be among `beside`.
Expression read_only_expression(const Element& parent,
                                std::initializer_list<std::string_view> beside = {});

}  // namespace pmml::detail

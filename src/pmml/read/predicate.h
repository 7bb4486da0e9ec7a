// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "pmml/document/predicate.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// What a SimplePredicate says, as it stands in the file.
struct ComparisonText {
  std::string_view field = {};
  Comparison comparison = Comparison::kEqual;
  std::string_view value = {};
};
ComparisonText read_comparison(const Element& element);

[[nodiscard]] bool is_predicate(std::string_view name);
Predicate read_predicate(const Element& element, int nesting = 0);

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "pmml/document/predicate.h"
#include "pmml/interpret/scope.h"

namespace pmml {

// True, false, or nothing: unknown, because a value is missing.
std::optional<bool> evaluate(const Predicate& predicate, Scope& scope);
// The same of a SimplePredicate.
std::optional<bool> evaluate_comparison(const std::string& field, Comparison comparison,
                                        std::string_view with, Scope& scope);

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "pmml/document/predicate.h"
#include "pmml/interpret/scope.h"

namespace pmml {

// True, false, or nothing: unknown, because a value is missing.
std::optional<bool> evaluate(const Predicate& predicate, Scope& scope);

}  // namespace pmml

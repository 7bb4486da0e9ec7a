// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/expression.h"
#include "pmml/interpret/scope.h"
#include "pmml/interpret/value.h"

namespace pmml {

// The value of an expression over a model's fields. An invalid result fails the scope's row and
// gives a missing value.
Value evaluate(const Expression& expression, Scope& scope);

}  // namespace pmml

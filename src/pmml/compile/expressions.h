// SPDX-License-Identifier: Apache-2.0
// Expressions over slots that can neither fail nor need a text.
#pragma once
#include <optional>

#include "pmml/compile/names.h"
#include "pmml/compile/units.h"

namespace pmml::detail {

// Nothing for an expression that only the interpreter evaluates.
std::optional<ExpressionUnit> compile_expression(const Expression& expression,
                                                 const NameScope& scope);

// Can every value of one type become one of the other without a row failing?
bool casts(DataType from, DataType to);

}  // namespace pmml::detail

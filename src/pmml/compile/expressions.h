// SPDX-License-Identifier: Apache-2.0
// Expressions over slots that can neither fail nor need a text.
#pragma once
#include <optional>

#include "pmml/compile/names.h"
#include "pmml/compile/units.h"

namespace pmml::detail {

class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(const Document& document) : document_(document) {}

  // The value of the expression as a value of a type, or of its own; nothing for an expression that
  // only the interpreter evaluates. A text result is an index into the unit's categories.
  [[nodiscard]] std::optional<ExpressionUnit> compile(const Expression& expression,
                                                      const NameScope& scope,
                                                      std::optional<DataType> as) const;

 private:
  const Document& document_;
};

}  // namespace pmml::detail

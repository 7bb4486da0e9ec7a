// SPDX-License-Identifier: Apache-2.0
// A field as the operand of arithmetic.
#pragma once
#include <optional>
#include <string>

#include "pmml/interpret/scope.h"

namespace pmml {

// Nothing where the field is missing; a text that is no number fails the row.
inline std::optional<double> number_of(const std::string& field, Scope& scope) {
  const Value& value = scope.lookup(field);
  if (value.missing) return std::nullopt;
  const auto number = cast(value, DataType::kDouble);
  if (!number) scope.fail("field '" + field + "' is not a number");
  return number ? std::optional(number->number) : std::nullopt;
}

// Does a value that is not missing equal what a document spells?
inline bool equals_text(const Value& value, const std::string& text) {
  const auto other = parse_value(text, value.type);
  return other && compare(value, *other) == 0;
}

}  // namespace pmml

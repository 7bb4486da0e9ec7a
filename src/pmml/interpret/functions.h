// SPDX-License-Identifier: Apache-2.0
// The built-in functions (PMML 4.4 «BuiltinFunctions»).
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "pmml/interpret/value.h"

namespace pmml {

class Patterns;

struct Function {
  using Body = std::optional<Value> (*)(std::span<const Value> arguments);
  using PatternBody = std::optional<Value> (*)(std::span<const Value> arguments,
                                               const Patterns& patterns);
  std::string_view name;
  std::size_t fewest;
  std::size_t most;
  Body body;  // Nothing: the result is invalid. Null for `if`, which evaluates only the branch
              // taken, and for the functions of patterns.
  PatternBody pattern_body = nullptr;
};

// Null for a name that is no built-in function of ours. x-name, as converters wrote functions
// before they were standard, is name.
const Function* find_function(std::string_view name);

}  // namespace pmml

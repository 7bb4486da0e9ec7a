// SPDX-License-Identifier: Apache-2.0
// The built-in functions (PMML 4.4 «BuiltinFunctions»).
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "pmml/interpret/value.h"

namespace pmml {

struct Function {
  using Body = std::optional<Value> (*)(std::span<const Value> arguments);
  std::string_view name;
  std::size_t fewest;
  std::size_t most;
  Body body;  // Nothing: the result is invalid. Null for `if`, which evaluates only the branch
              // taken.
};

// Null for a name that is no built-in function of ours.
const Function* find_function(std::string_view name);

}  // namespace pmml

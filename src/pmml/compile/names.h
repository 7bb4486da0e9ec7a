// SPDX-License-Identifier: Apache-2.0
// What a name means while a model is compiled: a slot, its type, and the input it comes from.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pmml/document/types.h"
#include "pmml/score/scorer.h"

namespace pmml::detail {

struct SlotInfo {
  std::uint32_t slot = 0;
  DataType type = DataType::kDouble;
  const InputField* input = nullptr;  // Null for derived fields and outputs.
};

struct NameScope {
  const NameScope* outer = nullptr;
  std::unordered_map<std::string_view, SlotInfo> names = {};

  // Null where only the interpreter knows the name.
  [[nodiscard]] const SlotInfo* find(std::string_view name) const;
};

// Does the slot hold the index of a category?
[[nodiscard]] bool is_index(const SlotInfo& info);

// The slot value of a text compared with a field; a number that no cell holds for a text that is
// none of its categories; nothing where only the interpreter can compare.
[[nodiscard]] std::optional<double> operand(const std::string& text, const SlotInfo& info);

}  // namespace pmml::detail

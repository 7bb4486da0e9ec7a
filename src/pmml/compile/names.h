// SPDX-License-Identifier: Apache-2.0
// What a name means while a model is compiled: a slot, its type, and the input it comes from.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pmml/document/types.h"
#include "pmml/score/scorer.h"

namespace pmml::detail {

struct SlotInfo {
  std::uint32_t slot = 0;
  DataType type = DataType::kDouble;
  // Where the slot holds the index of one: all values it can have; of an input, those that the
  // document names.
  const std::vector<std::string>* categories = nullptr;
  bool ordered_by_list = false;  // Less and greater are what the field's list of values says.
  // The bounds of a whole number, where they are known.
  double low = -0x1p53;
  double high = 0x1p53;
  bool is_input = false;
  // The one input of known values that the slot depends on, itself perhaps; null for others.
  const InputField* source = nullptr;
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
[[nodiscard]] std::optional<double> operand(std::string_view text, const SlotInfo& info);

}  // namespace pmml::detail

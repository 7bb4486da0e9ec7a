// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/names.h"

#include <algorithm>

#include "pmml/interpret/value.h"

namespace pmml::detail {

const SlotInfo* NameScope::find(std::string_view name) const {
  for (const NameScope* scope = this; scope != nullptr; scope = scope->outer) {
    if (const auto found = scope->names.find(name); found != scope->names.end())
      return &found->second;
  }
  return nullptr;
}

bool is_index(const SlotInfo& info) { return info.categories != nullptr; }

std::optional<double> operand(std::string_view text, const SlotInfo& info) {
  if (is_index(info) && info.type != DataType::kBoolean) {
    const auto found = std::ranges::find(*info.categories, text);
    return found == info.categories->end() ? -2.0
                                           : static_cast<double>(found - info.categories->begin());
  }
  const auto value = parse_operand(text, info.type);
  if (!value || value->missing || value->type == DataType::kString) return std::nullopt;
  return value->number;
}

}  // namespace pmml::detail

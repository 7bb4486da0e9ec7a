// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/outcome.h"

#include <algorithm>

#include "base/check.h"

namespace pmml {

void Outcome::put(const std::string& name, Value value) {
  const auto found = std::ranges::find(outputs, name, &std::pair<std::string, Value>::first);
  if (found == outputs.end()) {
    outputs.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

double Outcome::probability(std::string_view category_name) const {
  for (const auto& [category_text, p] : distribution) {
    if (category_text == category_name) return p;
  }
  for (const auto& [category_text, p] : distribution) {
    if (same_category(category_text, category_name)) return p;
  }
  return 0;
}

const std::string& most_probable(const std::vector<std::pair<std::string, double>>& distribution) {
  CHECK(!distribution.empty());
  const auto* best = &distribution[0];
  for (const auto& entry : distribution) {
    if (entry.second > best->second) best = &entry;
  }
  return best->first;
}

}  // namespace pmml

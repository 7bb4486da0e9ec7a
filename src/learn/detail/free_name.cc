// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/free_name.h"

#include <algorithm>

namespace learn::detail {
namespace {

bool names_a_field(const pmml::Document& document, const pmml::Model& model,
                   const std::string& name) {
  const auto named = [&](const auto& list) {
    return std::ranges::any_of(list, [&](const auto& entry) { return entry.name == name; });
  };
  if (named(document.data_dictionary) || named(document.transformations) ||
      named(model.local_transformations) || named(model.output))
    return true;
  return std::ranges::any_of(pmml::inner_models(model), [&](const pmml::Model* inner) {
    return names_a_field(document, *inner, name);
  });
}

}  // namespace

std::string free_name(const pmml::Document& document, const std::string& wanted) {
  std::string name = wanted;
  for (int i = 2; names_a_field(document, document.model, name); ++i)
    name = wanted + " " + std::to_string(i);
  return name;
}

}  // namespace learn::detail

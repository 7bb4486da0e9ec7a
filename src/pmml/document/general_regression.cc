// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/detail/general_regression.h"

namespace pmml::detail {

std::optional<std::vector<std::string>> categories_of(const GeneralRegressionModel& body,
                                                      const std::vector<std::string>& declared) {
  std::vector<std::string> modelled;
  for (const auto& cell : body.coefficients) {
    if (cell.target_category &&
        std::ranges::find(modelled, *cell.target_category) == modelled.end())
      modelled.push_back(*cell.target_category);
  }
  std::vector<std::string> categories = declared;
  if (categories.empty()) {
    categories = modelled;
    if (body.reference_category &&
        std::ranges::find(categories, *body.reference_category) == categories.end())
      categories.push_back(*body.reference_category);
  }
  if (body.type == GeneralRegressionType::kOrdinalMultinomial) return categories;
  std::optional<std::string> reference = body.reference_category;
  if (!reference) {
    for (const std::string& category : categories) {
      if (std::ranges::find(modelled, category) != modelled.end()) continue;
      if (reference) return std::nullopt;
      reference = category;
    }
  }
  if (!reference) return std::nullopt;
  const auto found = std::ranges::find(categories, *reference);
  if (found == categories.end()) return std::nullopt;
  std::rotate(found, found + 1, categories.end());
  return categories;
}

}  // namespace pmml::detail

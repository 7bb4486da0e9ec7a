// SPDX-License-Identifier: Apache-2.0
// What one model says about one row.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/interpret/value.h"

namespace pmml {

struct Outcome {
  bool missing = true;
  MiningFunction function = MiningFunction::kRegression;  // Which of the two below is meant.
  double number = 0;
  std::string category = {};
  std::vector<std::pair<std::string, double>> distribution =
      {};                                                   // Categories in order of appearance.
  std::optional<std::string> entity = {};                   // The id of the node that answered.
  std::vector<std::pair<std::string, Value>> outputs = {};  // Final and other, in order.
  std::vector<std::pair<std::string, Outcome>> segments =
      {};  // By segment id, those that were selected.
  std::vector<std::pair<std::string, Outcome>> targets =
      {};  // A chain of several targets: each by its name.

  // A later output takes the place of an earlier one of its name.
  void put(const std::string& name, Value value);
  [[nodiscard]] double probability(
      std::string_view category_name) const;  // 0 for a category that does not appear.
};

// The category with the highest figure; the first of equals.
const std::string& most_probable(const std::vector<std::pair<std::string, double>>& distribution);

}  // namespace pmml

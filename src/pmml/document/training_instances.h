// SPDX-License-Identifier: Apache-2.0
// Training records that a model carries with it (PMML 4.4 «KNN», TrainingInstances).
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace pmml {

struct TrainingInstances {
  bool is_transformed = false;           // true: fields may be derived ones.
  std::vector<std::string> fields = {};  // The columns.
  // One cell per field, as the document spells it; an empty one is missing.
  std::vector<std::vector<std::optional<std::string>>> records = {};
  bool operator==(const TrainingInstances&) const = default;
};

}  // namespace pmml

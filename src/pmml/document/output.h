// SPDX-License-Identifier: Apache-2.0
// Named results of a model (PMML 4.4 «Output»).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/types.h"

namespace pmml {

enum class ResultFeature {
  kPredictedValue,
  kPredictedDisplayValue,
  kProbability,
  kTransformedValue,
  kDecision,
  kEntityId,
};

struct OutputField {
  std::string name = {};
  std::optional<OpType> op_type = {};
  std::optional<DataType> type = {};
  ResultFeature feature = ResultFeature::kPredictedValue;
  std::optional<std::string> value =
      {};  // kProbability: the category = {}; absent: the predicted one.
  std::optional<std::string> target_field =
      {};  // Which target, where the members of a chain predict several.
  std::optional<std::string> segment_id =
      {};                // The result of a segment of a mining model instead of the model's own.
  bool is_final = true;  // false: other fields may use it, results do not show it.
  std::optional<Expression> expression = {};  // kTransformedValue, kDecision.
  bool operator==(const OutputField&) const = default;
};

}  // namespace pmml

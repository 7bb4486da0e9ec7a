// SPDX-License-Identifier: Apache-2.0
// What happens to a raw prediction (PMML 4.4 «Targets»): bounds, then factor, then constant, then
// rounding.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/types.h"

namespace pmml {

enum class CastInteger { kNone, kRound, kCeiling, kFloor };

struct TargetValue {
  std::optional<std::string> value = {};
  std::optional<std::string> display = {};
  std::optional<double> prior_probability =
      {};                                    // Classification: the answer where the model has none.
  std::optional<double> default_value = {};  // Regression: the same.
  bool operator==(const TargetValue&) const = default;
};

struct Target {
  std::string field = {};  // Empty: the model's only target.
  std::optional<OpType> op_type = {};
  CastInteger cast_integer = CastInteger::kNone;
  std::optional<double> min = {};
  std::optional<double> max = {};
  double rescale_factor = 1;
  double rescale_constant = 0;
  std::vector<TargetValue> values = {};
  bool operator==(const Target&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// The DataDictionary and what a model's MiningSchema makes of its fields; derived fields and
// functions.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/types.h"

namespace pmml {

struct FieldValue {
  enum class Property { kValid, kInvalid, kMissing };
  std::string value = {};
  Property property = Property::kValid;
  std::optional<std::string> display = {};
  bool operator==(const FieldValue&) const = default;
};

// Values with property valid define the field completely; otherwise the union of the intervals;
// otherwise anything of the type is valid.
struct DataField {
  std::string name = {};
  OpType op_type = OpType::kContinuous;
  DataType type = DataType::kDouble;
  std::vector<Interval> intervals = {};
  std::vector<FieldValue> values = {};
  std::optional<std::string> display = {};
  bool operator==(const DataField&) const = default;
};

// The values with property valid, in their order.
[[nodiscard]] std::vector<std::string> valid_values(const DataField& field);

enum class Usage {
  kActive,
  kTarget,
  kSupplementary,
  kGroup,
  kOrder,
  kFrequencyWeight,
  kAnalysisWeight
};

struct MiningField {
  std::string name = {};
  Usage usage = Usage::kActive;
  std::optional<OpType> op_type = {};  // Overrides the DataField's.
  std::optional<std::string> missing_replacement = {};
  bool missing_is_invalid = false;  // missingValueTreatment="returnInvalid".
  InvalidTreatment invalid_treatment = InvalidTreatment::kReturnInvalid;
  std::optional<std::string> invalid_replacement = {};
  OutlierTreatment outliers = OutlierTreatment::kAsIs;
  std::optional<double> low = {};
  std::optional<double> high = {};
  bool operator==(const MiningField&) const = default;
};

struct DerivedField {
  std::string name = {};
  OpType op_type = OpType::kContinuous;
  DataType type = DataType::kDouble;
  Expression expression = {};
  std::vector<std::string> values = {};  // The order of an ordinal field's values; usually empty.
  bool operator==(const DerivedField&) const = default;
};

struct Parameter {
  std::string name = {};
  std::optional<DataType> type = {};
  bool operator==(const Parameter&) const = default;
};

// A function of the document; its body sees its parameters only.
struct DefineFunction {
  std::string name = {};
  OpType op_type = OpType::kContinuous;
  std::optional<DataType> type = {};
  std::vector<Parameter> parameters = {};
  Expression body = {};
  bool operator==(const DefineFunction&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/model.h"

#include <algorithm>

namespace pmml {

Outcome evaluate(const Model& model, Scope& scope) {
  Outcome outcome =
      std::visit([&](const auto& body) { return evaluate_body(body, model, scope); }, model.body);
  apply_targets(model, outcome, scope);
  evaluate_output(model, outcome, scope);
  return outcome;
}

const std::string& target_of(const Model& model) {
  static const std::string kNone;
  const auto found = std::ranges::find(model.mining_schema, Usage::kTarget, &MiningField::usage);
  return found == model.mining_schema.end() ? kNone : found->name;
}

const Target* target_element(const Model& model) {
  const std::string& name = target_of(model);
  for (const Target& target : model.targets) {
    if (target.field.empty() || name.empty() || target.field == name) return &target;
  }
  return nullptr;
}

Value predicted_value(const Outcome& outcome, const std::string& target, const Names& names) {
  if (outcome.missing) return Value{};
  switch (outcome.function) {
    case MiningFunction::kRegression:
    case MiningFunction::kTimeSeries:
      return number_value(DataType::kDouble, outcome.number);
    case MiningFunction::kClassification:
    case MiningFunction::kClustering:
      break;
    case MiningFunction::kAssociationRules:
    case MiningFunction::kMixed:
      return Value{};
  }
  const DataField* field = target.empty() ? nullptr : names.data_field(target);
  if (field != nullptr) {
    if (auto value = parse_value(outcome.category, field->type)) return *value;
  }
  return text_value(outcome.category);
}

}  // namespace pmml

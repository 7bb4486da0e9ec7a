// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/model.h"

#include <algorithm>

namespace pmml {

Outcome evaluate(const Model& model, Scope& scope) {
  Outcome outcome;
  if (const auto* regression = std::get_if<RegressionModel>(&model.body)) {
    outcome = evaluate_regression(*regression, model, scope);
  } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
    outcome = evaluate_tree(*tree, model, scope);
  } else if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
    outcome = evaluate_mining(*mining, model, scope);
  }
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
  if (outcome.function == MiningFunction::kRegression)
    return number_value(DataType::kDouble, outcome.number);
  const DataField* field = target.empty() ? nullptr : names.data_field(target);
  if (field != nullptr) {
    if (auto value = parse_value(outcome.category, field->type)) return *value;
  }
  return text_value(outcome.category);
}

}  // namespace pmml

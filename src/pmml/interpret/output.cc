// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/interpret/expression.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

const Outcome* find_outcome(const std::vector<std::pair<std::string, Outcome>>& outcomes,
                            const std::string& name) {
  const auto found = std::ranges::find(outcomes, name, &std::pair<std::string, Outcome>::first);
  return found == outcomes.end() ? nullptr : &found->second;
}

// The text people read for a category, from the Target or the DataField; the category itself where
// neither has one.
Value display_value(const Outcome& outcome, const Model& model, const std::string& target,
                    const Names& names) {
  const Value value = predicted_value(outcome, target, names);
  if (value.missing || outcome.function == MiningFunction::kRegression) return value;
  if (const Target* element = target_element(model)) {
    for (const TargetValue& candidate : element->values) {
      if (candidate.value && candidate.display &&
          same_category(*candidate.value, outcome.category)) {
        return text_value(*candidate.display);
      }
    }
  }
  if (const DataField* field = names.data_field(target)) {
    for (const FieldValue& candidate : field->values) {
      if (candidate.display && same_category(candidate.value, outcome.category))
        return text_value(*candidate.display);
    }
  }
  return value;
}

Value output_value(const OutputField& field, const Model& model, const Outcome& own, Scope& scope) {
  if (field.feature == ResultFeature::kTransformedValue ||
      field.feature == ResultFeature::kDecision) {
    return evaluate(*field.expression, scope);
  }
  const Outcome* outcome = &own;
  if (field.segment_id) {
    outcome = find_outcome(own.segments, *field.segment_id);
    if (outcome == nullptr) return Value{};  // The segment was not selected.
  }
  std::string target = target_of(model);
  if (field.target_field) {
    target = *field.target_field;
    if (const Outcome* one = find_outcome(outcome->targets, target)) outcome = one;
  }
  switch (field.feature) {
    case ResultFeature::kPredictedValue:
      return predicted_value(*outcome, target, scope.names());
    case ResultFeature::kPredictedDisplayValue:
      return display_value(*outcome, model, target, scope.names());
    case ResultFeature::kProbability: {
      if (outcome->missing || outcome->function != MiningFunction::kClassification) return Value{};
      return number_value(DataType::kDouble,
                          outcome->probability(field.value.value_or(outcome->category)));
    }
    case ResultFeature::kEntityId:
      return outcome->entity ? text_value(*outcome->entity) : Value{};
    case ResultFeature::kTransformedValue:
    case ResultFeature::kDecision:
      break;
  }
  return Value{};
}

}  // namespace

void evaluate_output(const Model& model, Outcome& outcome, Scope& scope) {
  if (model.output.empty()) return;
  if (const std::string& target = target_of(model); !target.empty()) {
    scope.define(target, predicted_value(outcome, target, scope.names()));
  }
  for (const OutputField& field : model.output) {
    Value value = output_value(field, model, outcome, scope);
    if (field.type) {
      auto typed = cast(value, *field.type);
      if (!typed)
        scope.fail("output '" + field.name + "' has the value '" + to_text(value) +
                   "', which is not of its type");
      value = typed.value_or(Value{});
    }
    scope.define(field.name, value);
    outcome.put(field.name, std::move(value));
  }
}

}  // namespace pmml

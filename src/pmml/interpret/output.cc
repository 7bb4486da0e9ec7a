// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/number.h"
#include "pmml/interpret/expression.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/normal.h"

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
  if (!outcome.entities.empty() && outcome.entities[0].name)
    return text_value(*outcome.entities[0].name);
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

Value real(const std::optional<double>& number) {
  return number ? number_value(DataType::kDouble, *number) : Value{};
}

Value probability(const OutputField& field, const Outcome& outcome) {
  if (outcome.missing || outcome.distribution.empty()) return Value{};
  return number_value(DataType::kDouble,
                      outcome.probability(field.value.value_or(outcome.category)));
}

// A model that states no confidences has none; a category it does not list has none of them.
Value confidence(const OutputField& field, const Outcome& outcome) {
  if (outcome.missing || outcome.confidences.empty()) return Value{};
  const std::string& category = field.value ? *field.value : outcome.category;
  for (const auto& [name, figure] : outcome.confidences) {
    if (same_category(name, category)) return number_value(DataType::kDouble, figure);
  }
  return number_value(DataType::kDouble, 0);
}

// What was, less what was expected: of a regression the actual value less the predicted one; of a
// classification 1 where the actual category is the asked (or predicted) one, otherwise 0, less
// that category's probability. Missing where the row does not hold the actual value.
Value residual(const OutputField& field, const Outcome& outcome, const std::string& target,
               const Scope& scope) {
  const Value* actual = scope.actual(target);
  if (outcome.missing || actual == nullptr || actual->missing) return Value{};
  if (outcome.function == MiningFunction::kRegression ||
      outcome.function == MiningFunction::kTimeSeries) {
    const auto number = cast(*actual, DataType::kDouble);
    return number ? number_value(DataType::kDouble, number->number - outcome.number) : Value{};
  }
  if (outcome.distribution.empty()) return Value{};
  const std::string& category = field.value ? *field.value : outcome.category;
  const double holds = same_category(to_text(*actual), category) ? 1 : 0;
  return number_value(DataType::kDouble, holds - outcome.probability(category));
}

// Around the prediction, as if its error were normal.
Value interval_bound(const OutputField& field, const Outcome& outcome, double side) {
  if (outcome.missing || !outcome.standard_error) return Value{};
  const double percent = base::parse_double(field.value.value_or("95")).value_or(95);
  const double reach = normal_quantile(0.5 + percent / 200) * *outcome.standard_error;
  return number_value(DataType::kDouble, outcome.number + side * reach);
}

const Entity* ranked_entity(const OutputField& field, const Outcome& outcome) {
  const auto rank = static_cast<std::size_t>(field.rank);
  return rank >= 1 && rank <= outcome.entities.size() ? &outcome.entities[rank - 1] : nullptr;
}

Value affinity(const OutputField& field, const Outcome& outcome) {
  if (!field.value) {
    const Entity* entity = ranked_entity(field, outcome);
    return entity == nullptr ? Value{} : real(entity->affinity);
  }
  for (const Entity& entity : outcome.entities) {
    if (entity.id == *field.value) return real(entity.affinity);
  }
  return Value{};
}

double figure(const FiredRule& rule, RankBasis basis) {
  switch (basis) {
    case RankBasis::kConfidence:
      return rule.confidence;
    case RankBasis::kSupport:
      return rule.support;
    case RankBasis::kLift:
      return rule.lift;
    case RankBasis::kLeverage:
      return rule.leverage;
    case RankBasis::kAffinity:
      return rule.affinity;
  }
  return 0;
}

Value feature_of(const FiredRule& rule, RuleFeature feature) {
  switch (feature) {
    case RuleFeature::kAntecedent:
      return text_value(rule.antecedent);
    case RuleFeature::kConsequent:
      return text_value(rule.consequent);
    case RuleFeature::kItem:
      return text_value(rule.item);
    case RuleFeature::kRule:
      return text_value(rule.antecedent + "->" + rule.consequent);
    case RuleFeature::kRuleId:
      return text_value(rule.id);
    case RuleFeature::kConfidence:
      return number_value(DataType::kDouble, rule.confidence);
    case RuleFeature::kSupport:
      return number_value(DataType::kDouble, rule.support);
    case RuleFeature::kLift:
      return number_value(DataType::kDouble, rule.lift);
    case RuleFeature::kLeverage:
      return number_value(DataType::kDouble, rule.leverage);
    case RuleFeature::kAffinity:
      return number_value(DataType::kDouble, rule.affinity);
  }
  return Value{};
}

bool counts(const FiredRule& rule, RuleAlgorithm algorithm) {
  return algorithm == RuleAlgorithm::kRecommendation ||
         rule.consequent_holds == (algorithm == RuleAlgorithm::kRuleAssociation);
}

// Rules that tie keep the order of the document.
Value rule_value(const OutputField& field, const Outcome& outcome) {
  std::vector<const FiredRule*> rules;
  for (const FiredRule& rule : outcome.rules) {
    if (counts(rule, field.algorithm)) rules.push_back(&rule);
  }
  std::ranges::stable_sort(rules, [&](const FiredRule* a, const FiredRule* b) {
    const double x = figure(*a, field.rank_basis);
    const double y = figure(*b, field.rank_basis);
    return field.ascending ? x < y : x > y;
  });
  const auto rank = static_cast<std::size_t>(field.rank);
  if (!field.multi_valued)
    return rank <= rules.size() ? feature_of(*rules[rank - 1], field.rule_feature) : Value{};
  if (rank > 0 && rules.size() > rank) rules.resize(rank);
  std::string list = "[";
  for (const FiredRule* rule : rules)
    list += (list.size() > 1 ? ", " : "") + to_text(feature_of(*rule, field.rule_feature));
  return text_value(list + "]");
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
    case ResultFeature::kProbability:
      return probability(field, *outcome);
    case ResultFeature::kConfidence:
      return confidence(field, *outcome);
    case ResultFeature::kResidual:
      return residual(field, *outcome, target, scope);
    case ResultFeature::kStandardError:
    case ResultFeature::kStandardDeviation:
      return real(outcome->standard_error);
    case ResultFeature::kConfidenceIntervalLower:
      return interval_bound(field, *outcome, -1);
    case ResultFeature::kConfidenceIntervalUpper:
      return interval_bound(field, *outcome, 1);
    case ResultFeature::kEntityId:
    case ResultFeature::kClusterId: {
      if (const Entity* entity = ranked_entity(field, *outcome)) return text_value(entity->id);
      return outcome->entity && field.rank == 1 ? text_value(*outcome->entity) : Value{};
    }
    case ResultFeature::kClusterName: {
      const Entity* entity = ranked_entity(field, *outcome);
      return entity != nullptr && entity->name ? text_value(*entity->name) : Value{};
    }
    case ResultFeature::kAffinity:
    case ResultFeature::kEntityAffinity:
    case ResultFeature::kClusterAffinity:
      return affinity(field, *outcome);
    case ResultFeature::kReasonCode: {
      const auto& codes = outcome->reason_codes;
      const auto rank = static_cast<std::size_t>(field.rank);
      return rank >= 1 && rank <= codes.size() ? text_value(codes[rank - 1]) : Value{};
    }
    case ResultFeature::kWarning:
      return outcome->warning ? text_value(*outcome->warning) : Value{};
    case ResultFeature::kRuleValue:
      return rule_value(field, *outcome);
    case ResultFeature::kReport:
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

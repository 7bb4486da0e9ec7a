// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

// The number of a field; nothing where it is missing.
std::optional<double> number_of(const std::string& field, Scope& scope) {
  const Value& value = scope.lookup(field);
  if (value.missing) return std::nullopt;
  const auto number = cast(value, DataType::kDouble);
  if (!number) scope.fail("field '" + field + "' is not a number");
  return number ? std::optional(number->number) : std::nullopt;
}

// Intercept, then predictors in document order. Nothing where a numeric field or a field of a term
// is missing.
template <class Real>
std::optional<Real> linear_predictor(const RegressionTable& table, Scope& scope) {
  Real y = static_cast<Real>(table.intercept);
  for (const NumericPredictor& predictor : table.numeric) {
    const auto x = number_of(predictor.field, scope);
    if (!x) return std::nullopt;
    y += static_cast<Real>(predictor.coefficient) *
         detail::power(static_cast<Real>(*x), predictor.exponent);
  }
  for (const CategoricalPredictor& predictor : table.categorical) {
    const Value& value = scope.lookup(predictor.field);
    if (value.missing) continue;  // Adds nothing.
    const auto category = parse_value(predictor.value, value.type);
    if (category && compare(value, *category) == 0) y += static_cast<Real>(predictor.coefficient);
  }
  for (const PredictorTerm& term : table.terms) {
    Real product = static_cast<Real>(term.coefficient);
    for (const std::string& field : term.fields) {
      const auto x = number_of(field, scope);
      if (!x) return std::nullopt;
      product *= static_cast<Real>(*x);
    }
    y += product;
  }
  if (std::isnan(y)) return std::nullopt;
  return y;
}

bool is_ordinal(const Model& model, Scope& scope) {
  const std::string& target = target_of(model);
  if (const Target* element = target_element(model); element != nullptr && element->op_type) {
    return *element->op_type == OpType::kOrdinal;
  }
  if (const MiningField* mining = scope.names().mining_field(model, target);
      mining != nullptr && mining->op_type) {
    return *mining->op_type == OpType::kOrdinal;
  }
  const DataField* field = scope.names().data_field(target);
  return field != nullptr && field->op_type == OpType::kOrdinal;
}

template <class Real>
Outcome evaluate_with(const RegressionModel& regression, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  std::vector<Real> values;
  for (const RegressionTable& table : regression.tables) {
    const auto y = linear_predictor<Real>(table, scope);
    if (!y) return outcome;
    values.push_back(*y);
  }
  if (model.function == MiningFunction::kRegression) {
    outcome.number = static_cast<double>(detail::inverse_link(regression.normalization, values[0]));
    outcome.missing = std::isnan(outcome.number);
    return outcome;
  }
  detail::normalize_categories(regression.normalization, is_ordinal(model, scope),
                               std::span<Real>(values));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return outcome;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    outcome.distribution.emplace_back(regression.tables[i].target_category,
                                      static_cast<double>(values[i]));
  }
  outcome.category = most_probable(outcome.distribution);
  outcome.missing = false;
  return outcome;
}

}  // namespace

Outcome evaluate_body(const RegressionModel& regression, const Model& model, Scope& scope) {
  return model.math == MathContext::kFloat ? evaluate_with<float>(regression, model, scope)
                                           : evaluate_with<double>(regression, model, scope);
}

}  // namespace pmml

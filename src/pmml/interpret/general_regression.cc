// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/general_regression.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/field_number.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

using Body = GeneralRegressionModel;

std::size_t category_index(const Body::Factor& factor, const auto& matches) {
  return static_cast<std::size_t>(std::ranges::find_if(factor.categories, matches) -
                                  factor.categories.begin());
}

// What a cell makes of a factor that is not missing; nothing where its categories do not list the
// value.
std::optional<double> factor_term(const Body::Factor& factor, const Body::PredictorCell& cell,
                                  const Value& value, Scope& scope) {
  if (!factor.contrasts) return equals_text(value, cell.value) ? 1 : 0;
  const std::size_t row =
      category_index(factor, [&](const std::string& text) { return equals_text(value, text); });
  const std::size_t column =
      category_index(factor, [&](const std::string& text) { return text == cell.value; });
  if (row < factor.categories.size()) return factor.contrasts->at(row, column);
  scope.fail("the factor '" + factor.field + "' has the value '" + to_text(value) +
             "', which its Categories do not list");
  return std::nullopt;
}

std::optional<double> term(const Body& body, const Body::PredictorCell& cell, Scope& scope) {
  if (cell.factor) {
    const Body::Factor& factor = body.factors[*cell.factor];
    const Value& value = scope.lookup(factor.field);
    return value.missing ? std::nullopt : factor_term(factor, cell, value, scope);
  }
  const auto x = number_of(body.covariates[*cell.covariate], scope);
  if (!x || cell.exponent == 1) return x;
  return std::pow(*x, cell.exponent);
}

// The value of every parameter for a category; nothing for those with a missing predictor. Cells of
// the category go before those of all categories.
std::vector<std::optional<double>> parameter_values(const Body& body,
                                                    const std::optional<std::string>& category,
                                                    Scope& scope) {
  const bool own = category && std::ranges::any_of(body.predictors, [&](const auto& cell) {
                     return cell.target_category == category;
                   });
  std::vector<std::optional<double>> values(body.parameters.size(), 1.0);
  for (const Body::PredictorCell& cell : body.predictors) {
    if (own ? cell.target_category != category : cell.target_category.has_value()) continue;
    auto& value = values[cell.parameter];
    const auto factor = term(body, cell, scope);
    if (value && factor) {
      *value *= *factor;
    } else {
      value.reset();
    }
  }
  return values;
}

// The sum over cells of the ParamMatrix, in document order; nothing where a value is missing.
template <class Wanted>
std::optional<double> linear_predictor(const Body& body,
                                       const std::vector<std::optional<double>>& values,
                                       const Wanted& wanted) {
  double sum = 0;
  for (const Body::ParameterCell& cell : body.coefficients) {
    if (!wanted(cell)) continue;
    const auto& value = values[cell.parameter];
    if (!value) return std::nullopt;
    sum += cell.beta * *value;
  }
  return sum;
}

// The inverse of the link: «GeneralRegression», scoring of generalizedLinear and
// ordinalMultinomial.
double mean_of(const Body& body, LinkFunction link, double y) {
  switch (link) {
    case LinkFunction::kCloglog:
      return detail::inverse_link(Normalization::kCloglog, y);
    case LinkFunction::kIdentity:
      return y;
    case LinkFunction::kLog:
      return std::exp(y);
    case LinkFunction::kLogc:
      return 1 - std::exp(y);
    case LinkFunction::kLogit:
      return detail::inverse_link(Normalization::kLogit, y);
    case LinkFunction::kLoglog:
      return detail::inverse_link(Normalization::kLoglog, y);
    case LinkFunction::kNegbin:
      return 1 / (*body.distribution_parameter * (std::exp(-y) - 1));
    case LinkFunction::kOddspower:
      if (*body.link_parameter == 0) return detail::inverse_link(Normalization::kLogit, y);
      return 1 / (1 + std::pow(1 + *body.link_parameter * y, -1 / *body.link_parameter));
    case LinkFunction::kPower:
      if (*body.link_parameter == 0) return std::exp(y);
      return std::pow(y, 1 / *body.link_parameter);
    case LinkFunction::kProbit:
      return detail::inverse_link(Normalization::kProbit, y);
    case LinkFunction::kCauchit:
      return detail::inverse_link(Normalization::kCauchit, y);
  }
  return y;
}

// A number stated by a field or else by the document; nothing where the field is missing.
std::optional<double> field_or(const std::optional<std::string>& field,
                               const std::optional<double>& number, double otherwise,
                               Scope& scope) {
  return field ? number_of(*field, scope) : number.value_or(otherwise);
}

// y, its offset, the inverse link and the number of trials.
std::optional<double> generalized_mean(const Body& body, double y, Scope& scope) {
  const auto offset = field_or(body.offset_field, body.offset, 0, scope);
  const auto trials = field_or(body.trials_field, body.trials, 1, scope);
  if (!offset || !trials) return std::nullopt;
  return *trials * mean_of(body, body.link.value_or(LinkFunction::kIdentity), y + *offset);
}

const Body::BaselineTable* baseline_table(const Body& body, Scope& scope) {
  if (!body.strata_field) return &body.baseline[0];
  const Value& stratum = scope.lookup(*body.strata_field);
  if (stratum.missing) return nullptr;
  const auto found = std::ranges::find_if(
      body.baseline, [&](const auto& table) { return equals_text(stratum, table.stratum); });
  return found == body.baseline.end() ? nullptr : &*found;
}

// The cumulative hazard at the end time: that of the last baseline cell not after it, times
// exp(r - s), where s is the predictor of the reference point. Missing without a table or beyond
// its last time; 0 before its first.
std::optional<double> cumulative_hazard(const Body& body, Scope& scope) {
  const Body::BaselineTable* table = baseline_table(body, scope);
  const auto time = number_of(*body.end_time_field, scope);
  if (table == nullptr || !time || *time > table->max_time) return std::nullopt;
  const Body::BaselineCell* last = nullptr;
  for (const Body::BaselineCell& cell : table->cells) {
    if (cell.time <= *time && (last == nullptr || cell.time > last->time)) last = &cell;
  }
  if (last == nullptr) return 0;
  const auto r = linear_predictor(body, parameter_values(body, std::nullopt, scope),
                                  [](const auto&) { return true; });
  if (!r) return std::nullopt;
  double s = 0;
  for (const Body::ParameterCell& cell : body.coefficients)
    s += cell.beta * body.parameters[cell.parameter].reference_point;
  return last->cumulative_hazard * std::exp(*r - s);
}

std::optional<double> regression(const Body& body, Scope& scope) {
  if (body.type == GeneralRegressionType::kCoxRegression) return cumulative_hazard(body, scope);
  const auto y = linear_predictor(body, parameter_values(body, std::nullopt, scope),
                                  [](const auto&) { return true; });
  if (!y || body.type != GeneralRegressionType::kGeneralizedLinear) return y;
  return generalized_mean(body, *y, scope);
}

// The predictor of one category: of its own cells, or, of two categories, of cells that name none;
// an ordinal category adds its own cells to those of all.
std::optional<double> category_predictor(const Body& body, const std::string& category,
                                         Scope& scope) {
  const bool ordinal = body.type == GeneralRegressionType::kOrdinalMultinomial;
  const bool own = std::ranges::any_of(
      body.coefficients, [&](const auto& cell) { return cell.target_category == category; });
  return linear_predictor(body, parameter_values(body, category, scope), [&](const auto& cell) {
    if (!cell.target_category) return ordinal || !own;
    return *cell.target_category == category;
  });
}

// Probabilities in the order of the categories, whose last has none of its own.
std::optional<std::vector<double>> probabilities(const Body& body,
                                                 const std::vector<std::string>& categories,
                                                 Scope& scope) {
  std::vector<double> values;
  for (std::size_t i = 0; i + 1 < categories.size(); ++i) {
    const auto y = category_predictor(body, categories[i], scope);
    if (!y) return std::nullopt;
    values.push_back(*y);
  }
  if (body.type == GeneralRegressionType::kMultinomialLogistic) {
    values.push_back(0);  // The parameters of the reference category are 0.
    detail::softmax(std::span<double>(values));
    return values;
  }
  if (body.type == GeneralRegressionType::kGeneralizedLinear) {
    const auto p = generalized_mean(body, values[0], scope);
    if (!p) return std::nullopt;
    return std::vector<double>{*p, 1 - *p};
  }
  const auto offset = field_or(body.offset_field, body.offset, 0, scope);
  if (!offset) return std::nullopt;
  double before = 0;
  for (double& value : values) {
    const double cumulative = mean_of(body, *body.cumulative_link, value + *offset);
    value = cumulative - before;
    before = cumulative;
  }
  values.push_back(1 - before);
  return values;
}

std::vector<std::string> declared_categories(const Model& model, const Scope& scope) {
  const DataField* target = scope.names().data_field(target_of(model));
  return target == nullptr ? std::vector<std::string>{} : valid_values(*target);
}

}  // namespace

Outcome evaluate_body(const GeneralRegressionModel& body, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  if (model.function == MiningFunction::kRegression) {
    const auto result = regression(body, scope);
    if (!result || std::isnan(*result)) return outcome;
    outcome.number = *result;
    outcome.missing = false;
    return outcome;
  }
  const auto categories = detail::categories_of(body, declared_categories(model, scope));
  CHECK(categories && !categories->empty());
  const auto values = probabilities(body, *categories, scope);
  if (!values || std::ranges::any_of(*values, [](double p) { return std::isnan(p); }))
    return outcome;
  for (std::size_t i = 0; i < values->size(); ++i)
    outcome.distribution.emplace_back((*categories)[i], (*values)[i]);
  outcome.category = most_probable(outcome.distribution);
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml

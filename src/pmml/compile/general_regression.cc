// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/general_regression.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

using Body = GeneralRegressionModel;
using Type = GeneralRegressionType;
using base::Result;

Result<void> check_predictors(const Body& body, const FieldChecks& checks) {
  for (const Body::Factor& factor : body.factors) TRY(checks.field(factor.field, "the FactorList"));
  for (const std::string& covariate : body.covariates)
    TRY(checks.numeric_field(covariate, "the CovariateList"));
  for (const Body::PredictorCell& cell : body.predictors) {
    if (!cell.factor) continue;
    const Body::Factor& factor = body.factors[*cell.factor];
    const auto type = checks.type_of(factor.field);
    if (type && !parse_value(cell.value, *type))
      return checks.refuse("has a PPCell with the value '" + cell.value +
                           "', which is not of the type of '" + factor.field + "'");
    if (!factor.contrasts) continue;
    const auto column = std::ranges::find(factor.categories, cell.value);
    if (column - factor.categories.begin() >=
        static_cast<std::ptrdiff_t>(factor.contrasts->columns)) {
      return checks.refuse("has a PPCell with the value '" + cell.value +
                           "', for which the contrast Matrix of '" + factor.field +
                           "' has no column");
    }
  }
  return {};
}

Result<void> check_link(const Body& body, const FieldChecks& checks) {
  if (body.type == Type::kGeneralizedLinear) {
    if (!body.link) return checks.refuse("is generalizedLinear and needs a linkFunction");
    if (*body.link == LinkFunction::kNegbin && body.distribution_parameter.value_or(0) == 0)
      return checks.refuse("has the link negbin, which needs a distParameter other than 0");
    if ((*body.link == LinkFunction::kOddspower || *body.link == LinkFunction::kPower) &&
        !body.link_parameter)
      return checks.refuse("has a linkFunction that needs a linkParameter");
  } else if (body.link && *body.link != LinkFunction::kIdentity) {
    return checks.refuse("has a linkFunction, which only generalizedLinear has");
  }
  if (body.type == Type::kOrdinalMultinomial && !body.cumulative_link)
    return checks.refuse("is ordinalMultinomial and needs a cumulativeLink");
  return {};
}

// Offsets and trials stand in the formulas of some types only; elsewhere a document that states
// them means something that the standard does not say.
Result<void> check_offset_and_trials(const Body& body, const Model& model,
                                     const FieldChecks& checks) {
  const bool shifted = body.offset_field || body.offset.value_or(0) != 0;
  if (shifted && body.type != Type::kGeneralizedLinear && body.type != Type::kOrdinalMultinomial)
    return checks.refuse(
        "has an offset, which only generalizedLinear and ordinalMultinomial models apply");
  const bool repeated = body.trials_field || body.trials.value_or(1) != 1;
  if (repeated &&
      (body.type != Type::kGeneralizedLinear || model.function != MiningFunction::kRegression))
    return checks.refuse(
        "has trials, which only a generalizedLinear model of functionName regression applies");
  if (body.offset_field) TRY(checks.numeric_field(*body.offset_field, "offsetVariable"));
  if (body.trials_field) TRY(checks.numeric_field(*body.trials_field, "trialsVariable"));
  return {};
}

Result<void> check_cox(const Body& body, const FieldChecks& checks) {
  if (!body.end_time_field) return checks.refuse("is a CoxRegression and needs endTimeVariable");
  TRY(checks.numeric_field(*body.end_time_field, "endTimeVariable"));
  if (body.strata_field) TRY(checks.field(*body.strata_field, "baselineStrataVariable"));
  if (body.baseline.empty())
    return checks.refuse("is a CoxRegression and needs BaseCumHazardTables");
  std::set<std::string> strata;
  for (const Body::BaselineTable& table : body.baseline) {
    if (!strata.insert(table.stratum).second)
      return checks.refuse("has two BaselineStratum '" + table.stratum + "'");
  }
  return {};
}

// Intercepts that fall would give negative probabilities.
Result<void> check_ordinal(const Body& body, const std::vector<std::string>& categories,
                           const FieldChecks& checks) {
  double before = -HUGE_VAL;
  for (std::size_t i = 0; i < categories.size(); ++i) {
    double intercept = 0;
    std::size_t cells = 0;
    for (const Body::ParameterCell& cell : body.coefficients) {
      if (cell.target_category != categories[i]) continue;
      intercept += cell.beta;
      ++cells;
    }
    const std::size_t wanted = i + 1 < categories.size() ? 1 : 0;
    if (cells != wanted)
      return checks.refuse(
          "is ordinalMultinomial: the ParamMatrix needs one intercept for every category but the "
          "last; '" +
          categories[i] + "' has " + std::to_string(cells));
    if (wanted == 1 && intercept < before)
      return checks.refuse("is ordinalMultinomial, but the intercept of '" + categories[i] +
                           "' is less than that of the category before");
    before = intercept;
  }
  return {};
}

Result<void> check_classification(const Body& body, const Model& model, const FieldChecks& checks) {
  if (body.type != Type::kGeneralizedLinear && body.type != Type::kMultinomialLogistic &&
      body.type != Type::kOrdinalMultinomial)
    return checks.refuse("is a classification; its modelType gives a number");
  const auto declared = checks.declared_values(target_of(model));
  const auto categories = detail::categories_of(body, declared);
  if (!categories)
    return checks.refuse(
        "does not say which category is the reference: exactly one category of the target must "
        "have no PCell, or targetReferenceCategory must name it");
  if (categories->size() < 2) return checks.refuse("has fewer than two categories");
  for (const Body::ParameterCell& cell : body.coefficients) {
    if (cell.target_category &&
        std::ranges::find(*categories, *cell.target_category) == categories->end())
      return checks.refuse("has a PCell for '" + *cell.target_category +
                           "', which is no category of the target");
  }
  if (body.type == Type::kOrdinalMultinomial) return check_ordinal(body, *categories, checks);
  if (body.type == Type::kGeneralizedLinear && categories->size() != 2)
    return checks.refuse("is a generalizedLinear classification with " +
                         std::to_string(categories->size()) + " categories; it needs two");
  for (std::size_t i = 0; i < categories->size(); ++i) {
    const bool is_reference = i + 1 == categories->size();
    const bool has_cells = std::ranges::any_of(body.coefficients, [&](const auto& cell) {
      return cell.target_category == (*categories)[i] && !(is_reference && cell.beta == 0);
    });
    const bool for_all = std::ranges::any_of(
        body.coefficients, [&](const auto& cell) { return !cell.target_category; });
    if (is_reference && has_cells)
      return checks.refuse("has a PCell for the reference category '" + (*categories)[i] + "'");
    if (!is_reference && !has_cells && !(for_all && categories->size() == 2))
      return checks.refuse("has no PCell for the category '" + (*categories)[i] + "'");
    if (!is_reference && has_cells && for_all)
      return checks.refuse("has PCells with and without targetCategory");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const GeneralRegressionModel& body, const Model& model,
                              const FieldChecks& checks) {
  if (model.math != MathContext::kDouble)
    return checks.refuse("is a GeneralRegressionModel, which is scored in double precision only");
  TRY(check_predictors(body, checks));
  TRY(check_link(body, checks));
  TRY(check_offset_and_trials(body, model, checks));
  if (model.function == MiningFunction::kClassification)
    return check_classification(body, model, checks);
  if (model.function != MiningFunction::kRegression)
    return checks.refuse("must be a regression or a classification");
  if (body.type == Type::kMultinomialLogistic || body.type == Type::kOrdinalMultinomial)
    return checks.refuse("is a regression; its modelType gives categories");
  for (const Body::ParameterCell& cell : body.coefficients) {
    if (cell.target_category)
      return checks.refuse("is a regression, but has a PCell with a targetCategory");
  }
  return body.type == Type::kCoxRegression ? check_cox(body, checks) : base::Result<void>{};
}

void mention(const GeneralRegressionModel& body, Mentions& mentions) {
  for (const Body::PredictorCell& cell : body.predictors) {
    if (cell.factor) mentions.value(body.factors[*cell.factor].field, cell.value);
  }
  for (const Body::Factor& factor : body.factors) {
    for (const std::string& category : factor.categories) mentions.value(factor.field, category);
  }
  if (!body.strata_field) return;
  for (const Body::BaselineTable& table : body.baseline)
    mentions.value(*body.strata_field, table.stratum);
}

void list_categories(const GeneralRegressionModel& body, const Model&,
                     const CategoryList& category) {
  for (const Body::ParameterCell& cell : body.coefficients) {
    if (cell.target_category) category(*cell.target_category);
  }
  if (body.reference_category) category(*body.reference_category);
}

}  // namespace pmml

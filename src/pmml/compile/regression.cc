// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const RegressionModel& regression, const Model& model,
                              const FieldChecks& checks) {
  if (regression.tables.empty()) return checks.refuse("has no RegressionTable");
  const bool classifies = model.function == MiningFunction::kClassification;
  if (model.function == MiningFunction::kRegression && regression.tables.size() != 1) {
    return checks.refuse("is a regression with " + std::to_string(regression.tables.size()) +
                         " RegressionTables; it needs one");
  }
  if (classifies && regression.normalization == Normalization::kExp) {
    return checks.refuse(
        "is a classification with normalizationMethod exp, which gives no probabilities");
  }
  std::set<std::string> categories;
  for (const RegressionTable& table : regression.tables) {
    if (classifies && table.target_category.empty())
      return checks.refuse("is a classification with a RegressionTable without a targetCategory");
    if (classifies && !categories.insert(table.target_category).second) {
      return checks.refuse("has two RegressionTables for the category '" + table.target_category +
                           "'");
    }
    for (const NumericPredictor& predictor : table.numeric)
      TRY(checks.numeric_field(predictor.field, "a NumericPredictor"));
    for (const CategoricalPredictor& predictor : table.categorical)
      TRY(checks.field(predictor.field, "a CategoricalPredictor"));
    for (const PredictorTerm& term : table.terms) {
      for (const std::string& field : term.fields) TRY(checks.field(field, "a PredictorTerm"));
    }
  }
  return {};
}

void mention(const RegressionModel& regression, Mentions& mentions) {
  for (const RegressionTable& table : regression.tables) {
    for (const CategoricalPredictor& predictor : table.categorical)
      mentions.value(predictor.field, predictor.value);
  }
}

void list_categories(const RegressionModel& regression, const Model& model,
                     const CategoryList& category) {
  if (model.function != MiningFunction::kClassification) return;
  for (const RegressionTable& table : regression.tables) category(table.target_category);
}

}  // namespace pmml

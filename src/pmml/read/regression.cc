// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/read/chapters.h"

namespace pmml::detail {
namespace {

PredictorTerm read_term(const Element& element) {
  element.only({"name", "coefficient"});
  PredictorTerm term;
  term.coefficient = element.required_number("coefficient");
  for (const Element& child : element.children()) {
    if (!child.is("FieldRef")) {
      child.refuse_here();
      continue;
    }
    child.only({"field"});
    term.fields.push_back(child.required("field"));
  }
  if (term.fields.empty()) element.refuse("one or more FieldRef are needed");
  return term;
}

RegressionTable read_table(const Element& element) {
  element.only({"intercept", "targetCategory"});
  RegressionTable table;
  table.intercept = element.required_number("intercept");
  table.target_category = element.text("targetCategory");
  for (const Element& child : element.children()) {
    if (child.is("NumericPredictor")) {
      child.only({"name", "exponent", "coefficient", "mean", "standardDeviation"});
      const double exponent = child.number("exponent", 1);
      if (exponent != std::floor(exponent) || std::abs(exponent) > 1e6)
        child.refuse("exponent must be an integer");
      table.numeric.push_back({child.required("name"), static_cast<int>(exponent),
                               child.required_number("coefficient")});
    } else if (child.is("CategoricalPredictor")) {
      child.only({"name", "value", "coefficient"});
      table.categorical.push_back(
          {child.required("name"), child.required("value"), child.required_number("coefficient")});
    } else if (child.is("PredictorTerm")) {
      table.terms.push_back(read_term(child));
    } else {
      child.refuse_here();
    }
  }
  return table;
}

}  // namespace

void read_regression_model(const Element& element, Model& model, int) {
  only_model(element, {"modelType", "targetFieldName", "normalizationMethod"}, {"RegressionTable"});
  RegressionModel regression;
  regression.normalization =
      element.choice("normalizationMethod", kNormalizations, Normalization::kNone);
  for (const Element& child : element.children()) {
    if (child.is("RegressionTable")) regression.tables.push_back(read_table(child));
  }
  if (regression.tables.empty()) element.refuse("one or more RegressionTable are needed");
  model.body = std::move(regression);
}

}  // namespace pmml::detail

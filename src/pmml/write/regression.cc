// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/model.h"

namespace pmml::detail {

void write_attributes(const RegressionModel& regression, XmlText& xml) {
  if (regression.normalization != Normalization::kNone)
    xml.choice("normalizationMethod", kNormalizations, regression.normalization);
}

void write_body(const RegressionModel& regression, XmlText& xml) {
  for (const RegressionTable& table : regression.tables) {
    xml.open("RegressionTable");
    xml.number("intercept", table.intercept);
    if (!table.target_category.empty()) xml.attribute("targetCategory", table.target_category);
    for (const NumericPredictor& predictor : table.numeric) {
      xml.open("NumericPredictor");
      xml.attribute("name", predictor.field);
      if (predictor.exponent != 1) xml.attribute("exponent", std::to_string(predictor.exponent));
      xml.number("coefficient", predictor.coefficient);
      xml.close();
    }
    for (const CategoricalPredictor& predictor : table.categorical) {
      xml.open("CategoricalPredictor");
      xml.attribute("name", predictor.field);
      xml.attribute("value", predictor.value);
      xml.number("coefficient", predictor.coefficient);
      xml.close();
    }
    for (const PredictorTerm& term : table.terms) {
      xml.open("PredictorTerm");
      xml.number("coefficient", term.coefficient);
      for (const std::string& field : term.fields) {
        xml.open("FieldRef");
        xml.attribute("field", field);
        xml.close();
      }
      xml.close();
    }
    xml.close();
  }
}

}  // namespace pmml::detail

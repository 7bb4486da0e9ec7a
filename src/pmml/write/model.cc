// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/model.h"

#include "pmml/detail/model_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/field.h"

namespace pmml::detail {
namespace {

void write_verification(const ModelVerification& verification, XmlText& xml) {
  xml.open("ModelVerification");
  xml.attribute("recordCount", std::to_string(verification.records.size()));
  xml.attribute("fieldCount", std::to_string(verification.fields.size()));
  xml.open("VerificationFields");
  for (const auto& field : verification.fields) {
    xml.open("VerificationField");
    xml.attribute("field", field.field);
    if (field.column != field.field) xml.attribute("column", field.column);
    if (field.precision != 1e-6) xml.number("precision", field.precision);
    if (field.zero_threshold != 1e-16) xml.number("zeroThreshold", field.zero_threshold);
    xml.close();
  }
  xml.close();
  xml.open("InlineTable");
  for (const auto& record : verification.records) {
    xml.open("row");
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (!record[i]) continue;
      xml.open(verification.fields[i].column);
      xml.content(*record[i]);
    }
    xml.close();
  }
  xml.close();
  xml.close();
}

void write_inside(const Model& model, bool with_schema, XmlText& xml) {
  if (!model.name.empty()) xml.attribute("modelName", model.name);
  xml.choice("functionName", kMiningFunctions, model.function);
  if (!model.algorithm.empty()) xml.attribute("algorithmName", model.algorithm);
  if (model.math != MathContext::kDouble) xml.choice("x-mathContext", kMathContexts, model.math);
  std::visit([&](const auto& body) { write_attributes(body, xml); }, model.body);
  if (with_schema) write_mining_schema(model.mining_schema, xml);
  write_output(model.output, xml);
  write_targets(model.targets, xml);
  if (!model.local_transformations.empty()) {
    xml.open("LocalTransformations");
    write_derived_fields(model.local_transformations, xml);
    xml.close();
  }
  std::visit([&](const auto& body) { write_body(body, xml); }, model.body);
  if (model.verification) write_verification(*model.verification, xml);
  xml.close();
}

}  // namespace

void write_model(const Model& model, XmlText& xml) {
  std::visit([&](const auto& body) { xml.open(element_of(body)); }, model.body);
  write_inside(model, true, xml);
}

void write_embedded_model(const Model& model, XmlText& xml) {
  xml.open(std::holds_alternative<RegressionModel>(model.body) ? "Regression" : "DecisionTree");
  write_inside(model, false, xml);
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/model.h"

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

struct Chapter {
  XmlText& xml;

  void name(const RegressionModel&) const { xml.open("RegressionModel"); }
  void name(const TreeModel&) const { xml.open("TreeModel"); }
  void name(const MiningModel&) const { xml.open("MiningModel"); }

  void attributes(const RegressionModel& regression) const {
    if (regression.normalization != Normalization::kNone) {
      xml.choice("normalizationMethod", kNormalizations, regression.normalization);
    }
  }
  void attributes(const TreeModel& tree) const {
    if (tree.missing_value_strategy != MissingValueStrategy::kNone) {
      xml.choice("missingValueStrategy", kMissingValueStrategies, tree.missing_value_strategy);
    }
    if (tree.no_true_child_strategy != NoTrueChildStrategy::kReturnNullPrediction) {
      xml.choice("noTrueChildStrategy", kNoTrueChildStrategies, tree.no_true_child_strategy);
    }
    if (tree.binary_splits) xml.attribute("splitCharacteristic", "binarySplit");
  }
  void attributes(const MiningModel&) const {}

  void body(const RegressionModel& regression) const { write_regression(regression, xml); }
  void body(const TreeModel& tree) const { write_tree(tree, xml); }
  void body(const MiningModel& mining) const { write_mining(mining, xml); }
};

}  // namespace

void write_model(const Model& model, XmlText& xml) {
  const Chapter chapter{xml};
  std::visit([&](const auto& body) { chapter.name(body); }, model.body);
  if (!model.name.empty()) xml.attribute("modelName", model.name);
  xml.choice("functionName", kMiningFunctions, model.function);
  if (!model.algorithm.empty()) xml.attribute("algorithmName", model.algorithm);
  if (model.math != MathContext::kDouble) xml.choice("x-mathContext", kMathContexts, model.math);
  std::visit([&](const auto& body) { chapter.attributes(body); }, model.body);
  write_mining_schema(model.mining_schema, xml);
  write_output(model.output, xml);
  write_targets(model.targets, xml);
  if (!model.local_transformations.empty()) {
    xml.open("LocalTransformations");
    write_derived_fields(model.local_transformations, xml);
    xml.close();
  }
  std::visit([&](const auto& body) { chapter.body(body); }, model.body);
  if (model.verification) write_verification(*model.verification, xml);
  xml.close();
}

}  // namespace pmml::detail

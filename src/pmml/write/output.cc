// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "pmml/write/expression.h"
#include "pmml/write/model.h"

namespace pmml::detail {
namespace {

void write_rule_value(const OutputField& field, XmlText& xml) {
  if (field.rule_feature != RuleFeature::kItem)
    xml.choice("ruleFeature", kRuleFeatures, field.rule_feature);
  xml.choice("algorithm", kRuleAlgorithms, field.algorithm);
  xml.choice("rankBasis", kRankBases, field.rank_basis);
  if (field.ascending) xml.attribute("rankOrder", "ascending");
  if (field.multi_valued) xml.attribute("isMultiValued", "1");
}

void write_decisions(const OutputField& field, XmlText& xml) {
  if (field.decisions.empty() && !field.business_problem) return;
  xml.open("Decisions");
  xml.optional("businessProblem", field.business_problem);
  for (const Decision& decision : field.decisions) {
    xml.open("Decision");
    xml.attribute("value", decision.value);
    xml.optional("displayValue", decision.display);
    xml.optional("description", decision.description);
    xml.close();
  }
  xml.close();
}

}  // namespace

void write_output(const std::vector<OutputField>& fields, XmlText& xml) {
  if (fields.empty()) return;
  xml.open("Output");
  for (const OutputField& field : fields) {
    xml.open("OutputField");
    xml.attribute("name", field.name);
    xml.optional_choice("optype", kOpTypes, field.op_type);
    xml.optional_choice("dataType", kDataTypes, field.type);
    xml.optional("targetField", field.target_field);
    const bool of_item =
        field.feature == ResultFeature::kRuleValue && field.rule_feature == RuleFeature::kItem;
    xml.choice("feature", kResultFeatures,
               of_item ? ResultFeature::kPredictedValue : field.feature);
    if (field.feature == ResultFeature::kRuleValue) write_rule_value(field, xml);
    xml.optional("value", field.value);
    if (field.rank != 1) xml.attribute("rank", std::to_string(field.rank));
    xml.optional("segmentId", field.segment_id);
    xml.optional("x-reportField", field.report_field);
    if (!field.is_final) xml.attribute("isFinalResult", "false");
    write_decisions(field, xml);
    if (field.expression) write_expression(*field.expression, xml);
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

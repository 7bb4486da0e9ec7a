// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/output.h"

#include <cmath>

#include "pmml/read/expression.h"

namespace pmml::detail {
namespace {

// "antecedent", "rule" and the like are features of their own since 4.2, and values of ruleFeature
// beside feature="ruleValue" before. `confidence` and `affinity` are a rule's only where an
// algorithm is named; so is the predictedValue of an AssociationModel.
void read_feature(const Element& element, bool of_rules, OutputField& field) {
  const auto feature = element.find("feature");
  const auto rule = feature ? find_name(kRuleFeatures, *feature) : std::nullopt;
  const bool shared = rule == RuleFeature::kConfidence || rule == RuleFeature::kAffinity;
  if (rule && (!shared || element.find("algorithm"))) {
    field.feature = ResultFeature::kRuleValue;
    field.rule_feature = *rule;
    return;
  }
  field.feature = element.choice("feature", kResultFeatures, ResultFeature::kPredictedValue);
  field.rule_feature = element.choice("ruleFeature", kRuleFeatures, RuleFeature::kConsequent);
  if (of_rules && field.feature == ResultFeature::kPredictedValue && element.find("algorithm") &&
      !element.find("ruleFeature")) {
    field.feature = ResultFeature::kRuleValue;
    field.rule_feature = RuleFeature::kItem;
  }
}

void read_rank(const Element& element, OutputField& field) {
  const double rank = element.number("rank", 1);
  if (!(rank >= 0 && rank <= 1e9 && rank == std::floor(rank)))
    element.refuse("rank must be a whole number from 0");
  field.rank = static_cast<int>(rank >= 0 && rank <= 1e9 ? rank : 1);
  field.algorithm =
      element.choice("algorithm", kRuleAlgorithms, RuleAlgorithm::kExclusiveRecommendation);
  field.rank_basis = element.choice("rankBasis", kRankBases, RankBasis::kConfidence);
  const std::string order = element.find("rankOrder").value_or("descending");
  if (order != "descending" && order != "ascending")
    element.refuse("rankOrder is '" + order + "': expected descending or ascending");
  field.ascending = order == "ascending";
  field.multi_valued = element.boolean("isMultiValued", false);
  const bool of_rules = field.feature == ResultFeature::kRuleValue;
  if (!of_rules) {  // Converters write them everywhere; they mean something for rules only.
    field.algorithm = RuleAlgorithm::kExclusiveRecommendation;
    field.rank_basis = RankBasis::kConfidence;
    field.rule_feature = RuleFeature::kConsequent;
  }
  if (field.multi_valued && !of_rules)
    element.refuse("isMultiValued is for the values of rules only");
  if (field.rank == 0 && !(of_rules && field.multi_valued))
    element.refuse("rank 0 has no meaning here; the first is rank 1");
  if (field.ascending && !of_rules) element.refuse("rankOrder is for the values of rules only");
}

void read_decisions(const Element& element, OutputField& field) {
  element.only({"businessProblem", "description"});
  field.business_problem = element.find("businessProblem");
  for (const Element& child : element.children()) {
    if (!child.is("Decision")) {
      child.refuse_here();
      continue;
    }
    child.only({"value", "displayValue", "description"});
    field.decisions.push_back(
        {child.required("value"), child.find("displayValue"), child.find("description")});
  }
}

OutputField read_field(const Element& element, bool of_rules) {
  element.only({"name", "displayName", "optype", "dataType", "targetField", "feature", "value",
                "segmentId", "isFinalResult", "rank", "rankBasis", "rankOrder", "isMultiValued",
                "ruleFeature", "algorithm", "x-reportField"});
  OutputField field;
  field.name = element.required("name");
  field.op_type = element.find_choice("optype", kOpTypes);
  field.type = element.find_choice("dataType", kDataTypes);
  read_feature(element, of_rules, field);
  read_rank(element, field);
  field.value = element.find("value");
  field.target_field = element.find("targetField");
  field.segment_id = element.find("segmentId");
  field.report_field = element.find("x-reportField");
  if (field.report_field.has_value() != (field.feature == ResultFeature::kReport))
    element.refuse("feature x-report needs the attribute x-reportField, and only it");
  field.is_final = element.boolean("isFinalResult", true);
  if (field.feature == ResultFeature::kTransformedValue ||
      field.feature == ResultFeature::kDecision) {
    field.expression = read_only_expression(element, {"Decisions", "Value"});
  }
  for (const Element& child : element.children()) {
    if (child.is("Decisions")) {
      read_decisions(child, field);
    } else if (!child.is("Value") && !field.expression) {
      child.refuse_here();
    }
  }
  return field;
}

}  // namespace

std::vector<OutputField> read_output(const Element& element, bool of_rules) {
  std::vector<OutputField> fields;
  for (const Element& child : element.children()) {
    if (child.is("OutputField")) {
      fields.push_back(read_field(child, of_rules));
    } else {
      child.refuse_here();
    }
  }
  return fields;
}

}  // namespace pmml::detail

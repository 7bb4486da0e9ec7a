// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/output.h"

#include "pmml/read/expression.h"

namespace pmml::detail {

std::vector<OutputField> read_output(const Element& element) {
  std::vector<OutputField> fields;
  for (const Element& child : element.children()) {
    if (!child.is("OutputField")) {
      child.refuse_here();
      continue;
    }
    // rank, rankBasis and the like concern features that are refused by their own name; here they
    // change nothing.
    child.only({"name", "displayName", "optype", "dataType", "targetField", "feature", "value",
                "segmentId", "isFinalResult", "rank", "rankBasis", "rankOrder", "isMultiValued"});
    OutputField field;
    field.name = child.required("name");
    field.op_type = child.find_choice("optype", kOpTypes);
    field.type = child.find_choice("dataType", kDataTypes);
    field.feature = child.choice("feature", kResultFeatures, ResultFeature::kPredictedValue);
    field.value = child.find("value");
    field.target_field = child.find("targetField");
    field.segment_id = child.find("segmentId");
    field.is_final = child.boolean("isFinalResult", true);
    if (field.feature == ResultFeature::kTransformedValue ||
        field.feature == ResultFeature::kDecision) {
      field.expression = read_only_expression(child, {"Decisions", "Value"});
    } else {
      for (const Element& inner : child.children()) {
        if (!inner.is("Value")) inner.refuse_here();
      }
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace pmml::detail

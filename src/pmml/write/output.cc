// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/expression.h"
#include "pmml/write/model.h"

namespace pmml::detail {

void write_output(const std::vector<OutputField>& fields, XmlText& xml) {
  if (fields.empty()) return;
  xml.open("Output");
  for (const OutputField& field : fields) {
    xml.open("OutputField");
    xml.attribute("name", field.name);
    xml.optional_choice("optype", kOpTypes, field.op_type);
    xml.optional_choice("dataType", kDataTypes, field.type);
    xml.optional("targetField", field.target_field);
    xml.choice("feature", kResultFeatures, field.feature);
    xml.optional("value", field.value);
    xml.optional("segmentId", field.segment_id);
    if (!field.is_final) xml.attribute("isFinalResult", "false");
    if (field.expression) write_expression(*field.expression, xml);
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

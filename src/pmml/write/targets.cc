// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/model.h"

namespace pmml::detail {

void write_targets(const std::vector<Target>& targets, XmlText& xml) {
  if (targets.empty()) return;
  xml.open("Targets");
  for (const Target& target : targets) {
    xml.open("Target");
    if (!target.field.empty()) xml.attribute("field", target.field);
    xml.optional_choice("optype", kOpTypes, target.op_type);
    if (target.cast_integer != CastInteger::kNone)
      xml.choice("castInteger", kCastIntegers, target.cast_integer);
    xml.optional_number("min", target.min);
    xml.optional_number("max", target.max);
    if (target.rescale_constant != 0) xml.number("rescaleConstant", target.rescale_constant);
    if (target.rescale_factor != 1) xml.number("rescaleFactor", target.rescale_factor);
    for (const TargetValue& value : target.values) {
      xml.open("TargetValue");
      xml.optional("value", value.value);
      xml.optional("displayValue", value.display);
      xml.optional_number("priorProbability", value.prior_probability);
      xml.optional_number("defaultValue", value.default_value);
      xml.close();
    }
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

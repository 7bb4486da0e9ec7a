// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/targets.h"

namespace pmml::detail {

std::vector<Target> read_targets(const Element& element) {
  std::vector<Target> targets;
  for (const Element& child : element.children()) {
    if (!child.is("Target")) {
      child.refuse_here();
      continue;
    }
    child.only(
        {"field", "optype", "castInteger", "min", "max", "rescaleConstant", "rescaleFactor"});
    Target target;
    target.field = child.text("field");
    target.op_type = child.find_choice("optype", kOpTypes);
    target.cast_integer = child.choice("castInteger", kCastIntegers, CastInteger::kNone);
    target.min = child.find_number("min");
    target.max = child.find_number("max");
    target.rescale_factor = child.number("rescaleFactor", 1);
    target.rescale_constant = child.number("rescaleConstant", 0);
    for (const Element& value : child.children()) {
      if (!value.is("TargetValue")) {
        value.refuse_here();
        continue;
      }
      value.only({"value", "displayValue", "rawDataValue", "priorProbability", "defaultValue"});
      if (!value.children().empty()) value.children()[0].refuse_here();
      TargetValue entry;
      entry.value = value.find("value");
      entry.display = value.find("displayValue");
      // Up to 3.1 the display value was called rawDataValue.
      if (!entry.display) entry.display = value.find("rawDataValue");
      entry.prior_probability = value.find_number("priorProbability");
      entry.default_value = value.find_number("defaultValue");
      target.values.push_back(std::move(entry));
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace pmml::detail

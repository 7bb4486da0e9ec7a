// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/field.h"

#include "pmml/read/expression.h"

namespace pmml::detail {
namespace {

FieldValue read_value(const Element& element) {
  element.only({"value", "displayValue", "property"});
  return {.value = element.required("value"),
          .property = element.choice("property", kProperties, FieldValue::Property::kValid),
          .display = element.find("displayValue")};
}

template <class Enum, std::size_t N>
Enum required_choice(const Element& element, const char* attribute, const Names<Enum, N>& names) {
  if (!element.find(attribute))
    element.refuse("attribute " + std::string(attribute) + " is required");
  return element.choice(attribute, names, names[0].second);
}

DataField read_data_field(const Element& element) {
  element.only({"name", "displayName", "optype", "dataType", "taxonomy", "isCyclic"});
  DataField field;
  field.name = element.required("name");
  field.display = element.find("displayName");
  field.op_type = required_choice(element, "optype", kOpTypes);
  field.type = required_choice(element, "dataType", kDataTypes);
  for (const Element& child : element.children()) {
    if (child.is("Interval")) {
      field.intervals.push_back(read_interval(child));
    } else if (child.is("Value")) {
      field.values.push_back(read_value(child));
    } else {
      child.refuse_here();
    }
  }
  return field;
}

MiningField read_mining_field(const Element& element) {
  element.only({"name", "usageType", "optype", "importance", "outliers", "lowValue", "highValue",
                "missingValueReplacement", "missingValueTreatment", "invalidValueTreatment",
                "invalidValueReplacement", "x-invalidValueReplacement"});
  MiningField field;
  field.name = element.required("name");
  field.usage = element.choice("usageType", kUsages, Usage::kActive);
  field.op_type = element.find_choice("optype", kOpTypes);
  field.missing_replacement = element.find("missingValueReplacement");
  // The other treatments only say how the replacement was found.
  field.missing_is_invalid = element.find("missingValueTreatment").value_or("") == "returnInvalid";
  field.invalid_treatment =
      element.choice("invalidValueTreatment", kInvalidTreatments, InvalidTreatment::kReturnInvalid);
  field.invalid_replacement = element.find("invalidValueReplacement");
  if (const auto old = element.find("x-invalidValueReplacement");
      old && !field.invalid_replacement) {
    field.invalid_replacement = old;
  }
  // Before 4.4, asIs with a replacement was how converters wrote asValue.
  if (field.invalid_treatment == InvalidTreatment::kAsIs && field.invalid_replacement) {
    field.invalid_treatment = InvalidTreatment::kAsValue;
  }
  if (field.invalid_treatment == InvalidTreatment::kAsValue && !field.invalid_replacement) {
    element.refuse("invalidValueTreatment=\"asValue\" needs invalidValueReplacement");
  }
  field.outliers = element.choice("outliers", kOutlierTreatments, OutlierTreatment::kAsIs);
  field.low = element.find_number("lowValue");
  field.high = element.find_number("highValue");
  return field;
}

DerivedField read_derived_field(const Element& element, bool named) {
  element.only({"name", "displayName", "optype", "dataType"});
  DerivedField field;
  field.name = named ? element.required("name") : element.text("name");
  field.op_type = required_choice(element, "optype", kOpTypes);
  field.type = required_choice(element, "dataType", kDataTypes);
  field.expression = read_only_expression(element, {"Value"});
  for (const Element& child : element.children()) {
    if (child.is("Value")) field.values.push_back(read_value(child).value);
  }
  return field;
}

DefineFunction read_function(const Element& element) {
  element.only({"name", "optype", "dataType"});
  DefineFunction function;
  function.name = element.required("name");
  function.op_type = element.choice("optype", kOpTypes, OpType::kContinuous);
  function.type = element.find_choice("dataType", kDataTypes);
  for (const Element& child : element.children()) {
    if (!child.is("ParameterField")) continue;
    child.only({"name", "displayName", "optype", "dataType"});
    function.parameters.push_back(
        {child.required("name"), child.find_choice("dataType", kDataTypes)});
  }
  function.body = read_only_expression(element, {"ParameterField"});
  return function;
}

}  // namespace

std::vector<DataField> read_data_dictionary(const Element& element) {
  element.only({"numberOfFields"});
  std::vector<DataField> fields;
  for (const Element& child : element.children()) {
    if (child.is("DataField")) {
      fields.push_back(read_data_field(child));
    } else if (!child.is("Taxonomy")) {
      child.refuse_here();
    }
  }
  return fields;
}

std::vector<MiningField> read_mining_schema(const Element& element) {
  std::vector<MiningField> fields;
  for (const Element& child : element.children()) {
    if (child.is("MiningField")) {
      fields.push_back(read_mining_field(child));
    } else {
      child.refuse_here();
    }
  }
  return fields;
}

DerivedField read_inner_derived_field(const Element& element) {
  return read_derived_field(element, false);
}

std::vector<DerivedField> read_derived_fields(const Element& element) {
  std::vector<DerivedField> fields;
  for (const Element& child : element.children()) {
    if (child.is("DerivedField")) {
      fields.push_back(read_derived_field(child, true));
    } else {
      child.refuse_here();
    }
  }
  return fields;
}

void read_transformation_dictionary(const Element& element, Document& document) {
  for (const Element& child : element.children()) {
    if (child.is("DefineFunction")) {
      document.functions.push_back(read_function(child));
    } else if (child.is("DerivedField")) {
      document.transformations.push_back(read_derived_field(child, true));
    } else {
      child.refuse_here();
    }
  }
}

}  // namespace pmml::detail

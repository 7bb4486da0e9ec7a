// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/field.h"

#include "pmml/write/expression.h"

namespace pmml::detail {
namespace {

void write_value(const FieldValue& value, XmlText& xml) {
  xml.open("Value");
  xml.attribute("value", value.value);
  xml.optional("displayValue", value.display);
  if (value.property != FieldValue::Property::kValid)
    xml.choice("property", kProperties, value.property);
  xml.close();
}

void write_mining_field(const MiningField& field, XmlText& xml) {
  xml.open("MiningField");
  xml.attribute("name", field.name);
  if (field.usage != Usage::kActive) xml.choice("usageType", kUsages, field.usage);
  xml.optional_choice("optype", kOpTypes, field.op_type);
  if (field.outliers != OutlierTreatment::kAsIs)
    xml.choice("outliers", kOutlierTreatments, field.outliers);
  xml.optional_number("lowValue", field.low);
  xml.optional_number("highValue", field.high);
  xml.optional("missingValueReplacement", field.missing_replacement);
  if (field.missing_is_invalid) xml.attribute("missingValueTreatment", "returnInvalid");
  if (field.invalid_treatment != InvalidTreatment::kReturnInvalid) {
    xml.choice("invalidValueTreatment", kInvalidTreatments, field.invalid_treatment);
  }
  xml.optional("invalidValueReplacement", field.invalid_replacement);
  xml.close();
}

}  // namespace

void write_data_dictionary(const std::vector<DataField>& fields, XmlText& xml) {
  xml.open("DataDictionary");
  xml.attribute("numberOfFields", std::to_string(fields.size()));
  for (const DataField& field : fields) {
    xml.open("DataField");
    xml.attribute("name", field.name);
    xml.optional("displayName", field.display);
    xml.choice("optype", kOpTypes, field.op_type);
    xml.choice("dataType", kDataTypes, field.type);
    for (const Interval& interval : field.intervals) write_interval(interval, xml);
    for (const FieldValue& value : field.values) write_value(value, xml);
    xml.close();
  }
  xml.close();
}

void write_derived_field(const DerivedField& field, XmlText& xml) {
  xml.open("DerivedField");
  if (!field.name.empty()) xml.attribute("name", field.name);
  xml.choice("optype", kOpTypes, field.op_type);
  xml.choice("dataType", kDataTypes, field.type);
  write_expression(field.expression, xml);
  for (const std::string& value : field.values) {
    xml.open("Value");
    xml.attribute("value", value);
    xml.close();
  }
  xml.close();
}

void write_derived_fields(const std::vector<DerivedField>& fields, XmlText& xml) {
  for (const DerivedField& field : fields) write_derived_field(field, xml);
}

void write_transformation_dictionary(const Document& document, XmlText& xml) {
  if (document.functions.empty() && document.transformations.empty()) return;
  xml.open("TransformationDictionary");
  for (const DefineFunction& function : document.functions) {
    xml.open("DefineFunction");
    xml.attribute("name", function.name);
    xml.choice("optype", kOpTypes, function.op_type);
    xml.optional_choice("dataType", kDataTypes, function.type);
    for (const Parameter& parameter : function.parameters) {
      xml.open("ParameterField");
      xml.attribute("name", parameter.name);
      xml.optional_choice("dataType", kDataTypes, parameter.type);
      xml.close();
    }
    write_expression(function.body, xml);
    xml.close();
  }
  write_derived_fields(document.transformations, xml);
  xml.close();
}

void write_mining_schema(const std::vector<MiningField>& fields, XmlText& xml) {
  xml.open("MiningSchema");
  for (const MiningField& field : fields) write_mining_field(field, xml);
  xml.close();
}

}  // namespace pmml::detail

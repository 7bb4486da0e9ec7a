// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/frame.h"

namespace learn::detail {
namespace {

pmml::DataField target_field(const Labels& labels) {
  pmml::DataField field;
  field.name = labels.column;
  field.op_type = pmml::OpType::kCategorical;
  const auto whole = [](const std::string& text) {
    return text.find_first_of(".eE") == std::string::npos;
  };
  field.type = !labels.numeric                                    ? pmml::DataType::kString
               : whole(labels.positive) && whole(labels.negative) ? pmml::DataType::kInteger
                                                                  : pmml::DataType::kDouble;
  for (const std::string& value : {labels.negative, labels.positive}) {
    pmml::FieldValue& allowed = field.values.emplace_back();
    allowed.value = value;
  }
  return field;
}

void add_input(const Input& input, pmml::Document& document) {
  pmml::DataField& field = document.data_dictionary.emplace_back();
  field.name = input.column;
  field.op_type = input.numeric ? pmml::OpType::kContinuous : pmml::OpType::kCategorical;
  field.type = input.numeric ? pmml::DataType::kDouble : pmml::DataType::kString;
  pmml::MiningField& use = document.model.mining_schema.emplace_back();
  use.name = input.column;
  use.missing_replacement = input.missing_replacement;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

pmml::Document frame(std::span<const Input> inputs, const Labels& labels,
                     const std::string& algorithm, const std::string& name) {
  pmml::Document document;
  document.header.application = "Provecho";
  document.header.description = capitalised(algorithm) + " of " + labels.column;
  document.data_dictionary.push_back(target_field(labels));
  pmml::Model& model = document.model;
  model.name = name;
  model.algorithm = algorithm;
  model.function = pmml::MiningFunction::kClassification;
  pmml::MiningField& target = model.mining_schema.emplace_back();
  target.name = labels.column;
  target.usage = pmml::Usage::kTarget;
  for (const Input& input : inputs) add_input(input, document);
  return document;
}

}  // namespace learn::detail

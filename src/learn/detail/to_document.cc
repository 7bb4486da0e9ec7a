// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/to_document.h"

#include <utility>

#include "pmml/document/decision.h"

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

}  // namespace

pmml::Document to_document(const Design& design, const LogisticFit& fit, const Labels& labels,
                           double threshold, const std::string& name) {
  pmml::Document document;
  document.header.application = "Provecho";
  document.header.description = "Logistic regression of " + labels.column;
  document.data_dictionary.push_back(target_field(labels));

  pmml::Model& model = document.model;
  model.name = name;
  model.algorithm = "logistic regression";
  model.function = pmml::MiningFunction::kClassification;
  pmml::MiningField& target = model.mining_schema.emplace_back();
  target.name = labels.column;
  target.usage = pmml::Usage::kTarget;
  for (const Input& input : design.inputs) add_input(input, document);

  pmml::RegressionTable positive, negative;
  positive.target_category = labels.positive;
  positive.intercept = fit.intercept;
  negative.target_category = labels.negative;
  for (std::size_t j = 0; j < design.meanings.size(); ++j) {
    const Meaning& meaning = design.meanings[j];
    if (meaning.value) {
      positive.categorical.push_back(
          {.field = meaning.column, .value = *meaning.value, .coefficient = fit.weights[j]});
    } else {
      positive.numeric.push_back(
          {.field = meaning.column, .exponent = 1, .coefficient = fit.weights[j]});
    }
  }
  pmml::RegressionModel regression;
  regression.normalization = pmml::Normalization::kLogit;
  regression.tables.push_back(std::move(positive));
  regression.tables.push_back(std::move(negative));
  model.body = std::move(regression);
  pmml::add_decision(document, labels.positive, threshold);
  return document;
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/radial_document.h"

#include <algorithm>
#include <utility>

#include "base/number.h"
#include "learn/detail/frame.h"
#include "learn/detail/outputs.h"

namespace learn::detail {
namespace {

pmml::Expression number(double value) {
  return {pmml::Constant{.type = pmml::DataType::kDouble, .text = base::format_double(value)}};
}

// (field − mean) / deviation.
pmml::Expression standardised(const std::string& field, const Moments& scale) {
  pmml::Apply centred{.function = "-",
                      .arguments = {{pmml::FieldRef{.field = field}}, number(scale.mean)}};
  return {
      pmml::Apply{.function = "/", .arguments = {{std::move(centred)}, number(scale.deviation)}}};
}

// A name that neither a column nor the target has.
std::string free_name(std::string wanted, const pmml::Document& document) {
  const auto taken = [&] {
    return std::ranges::any_of(document.data_dictionary,
                               [&](const pmml::DataField& field) { return field.name == wanted; });
  };
  while (taken()) wanted = "(" + wanted + ")";
  return wanted;
}

pmml::Model machine_model(RadialClassifier& classifier, const std::string& value_name,
                          const pmml::Document& frame) {
  pmml::Model model;
  model.function = pmml::MiningFunction::kRegression;
  for (const Input& input : classifier.design.inputs) {
    pmml::MiningField& use = model.mining_schema.emplace_back();
    use.name = input.column;
  }
  pmml::SupportVectorMachineModel body;
  body.kernel = {.type = pmml::SvmKernel::Type::kRadialBasis, .gamma = classifier.gamma};
  for (std::size_t j = 0; j < classifier.design.meanings.size(); ++j) {
    const Meaning& meaning = classifier.design.meanings[j];
    if (meaning.value) {
      body.fields.emplace_back(pmml::SupportVectorMachineModel::Indicator{.field = meaning.column,
                                                                          .value = *meaning.value});
      continue;
    }
    pmml::DerivedField& derived = model.local_transformations.emplace_back();
    derived.name = free_name("standardised(" + meaning.column + ")", frame);
    derived.expression = standardised(meaning.column, classifier.scale[j]);
    body.fields.emplace_back(pmml::FieldRef{.field = derived.name});
  }
  pmml::SupportVectorMachineModel::Machine machine;
  machine.absolute_value = classifier.bias;
  for (SupportVector& vector : classifier.vectors) {
    machine.vectors.push_back(body.vectors.size());
    machine.coefficients.push_back(vector.coefficient);
    body.vectors.push_back({.id = std::to_string(body.vectors.size() + 1),
                            .components = std::move(vector.coordinates)});
  }
  body.machines.push_back(std::move(machine));
  model.body = std::move(body);
  model.output.push_back({.name = value_name,
                          .op_type = pmml::OpType::kContinuous,
                          .type = pmml::DataType::kDouble,
                          .feature = pmml::ResultFeature::kPredictedValue});
  return model;
}

pmml::Model sigmoid_model(const Sigmoid& sigmoid, const std::string& value_name,
                          const Labels& labels) {
  pmml::Model model;
  model.function = pmml::MiningFunction::kClassification;
  pmml::MiningField& target = model.mining_schema.emplace_back();
  target.name = labels.column;
  target.usage = pmml::Usage::kTarget;
  model.mining_schema.emplace_back().name = value_name;
  pmml::RegressionTable positive, negative;
  positive.target_category = labels.positive;
  positive.intercept = sigmoid.offset;
  positive.numeric.push_back({.field = value_name, .exponent = 1, .coefficient = sigmoid.slope});
  negative.target_category = labels.negative;
  pmml::RegressionModel regression;
  regression.normalization = pmml::Normalization::kLogit;
  regression.tables = {std::move(positive), std::move(negative)};
  model.body = std::move(regression);
  return model;
}

}  // namespace

pmml::Document to_document(RadialClassifier classifier, const Labels& labels,
                           const std::string& name) {
  pmml::Document document =
      frame(classifier.design.inputs, labels, "radial support vector machine", name);
  const std::string value_name = free_name("machine", document);
  pmml::MiningModel chain;
  chain.method = pmml::MultipleModelMethod::kModelChain;
  pmml::Segment first, second;
  first.id = "1";
  first.predicate = {pmml::True{}};
  first.model = machine_model(classifier, value_name, document);
  second.id = "2";
  second.predicate = {pmml::True{}};
  second.model = sigmoid_model(classifier.sigmoid, value_name, labels);
  chain.segments.push_back(std::move(first));
  chain.segments.push_back(std::move(second));
  document.model.body = std::move(chain);
  add_outputs(document, labels);
  return document;
}

}  // namespace learn::detail

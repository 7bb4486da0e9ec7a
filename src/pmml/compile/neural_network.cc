// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include "pmml/compile/chapters.h"

namespace pmml {
namespace {

using base::Result;

Result<void> check_layer(const NeuralNetwork& body, const NeuralNetwork::Layer& layer,
                         const FieldChecks& checks) {
  if (layer.neurons.empty()) return checks.refuse("has a NeuralLayer without Neuron");
  const NeuralSettings& own = layer.settings;
  const auto activation = own.activation ? own.activation : body.settings.activation;
  if (!activation) return checks.refuse("has a NeuralLayer without activationFunction");
  if (*activation != Activation::kRadialBasis) return {};
  for (const NeuralNetwork::Neuron& neuron : layer.neurons) {
    const double width = neuron.width.value_or(own.width.value_or(body.settings.width.value_or(0)));
    const double altitude =
        neuron.altitude.value_or(own.altitude.value_or(body.settings.altitude.value_or(1)));
    if (width == 0)
      return checks.refuse("has the radialBasis Neuron '" + neuron.id + "' without a width");
    if (!(altitude > 0))
      return checks.refuse("has the radialBasis Neuron '" + neuron.id +
                           "' with an altitude that is not positive");
  }
  return {};
}

// A normalization of outputs is undone, so no two points may have the same normalized value.
Result<void> check_denormalization(const NormContinuous& norm, const FieldChecks& checks) {
  for (std::size_t i = 1; i < norm.points.size(); ++i) {
    if (norm.points[i].normalized == norm.points[i - 1].normalized)
      return checks.refuse("has a NeuralOutput whose NormContinuous cannot be undone");
  }
  if (norm.outliers != OutlierTreatment::kAsIs)
    return checks.refuse("has a NeuralOutput whose NormContinuous treats outliers");
  return {};
}

Result<void> check_target(const NeuralNetwork& body, const std::string& target, const Model& model,
                          const FieldChecks& checks) {
  const std::string of = target.empty() ? "" : " of the target '" + target + "'";
  std::set<std::string> categories;
  std::size_t outputs = 0;
  for (const NeuralNetwork::Output& output : body.outputs) {
    if (!target.empty() && field_of(output) != target) continue;
    ++outputs;
    const auto& meaning = output.meaning.is;
    if (model.function == MiningFunction::kRegression) {
      if (const auto* norm = std::get_if<NormContinuous>(&meaning)) {
        TRY(check_denormalization(*norm, checks));
      } else if (!std::holds_alternative<FieldRef>(meaning)) {
        return checks.refuse("has a NeuralOutput" + of + " that is neither FieldRef nor " +
                             "NormContinuous, as a regression needs");
      }
      continue;
    }
    const auto* norm = std::get_if<NormDiscrete>(&meaning);
    if (norm == nullptr)
      return checks.refuse("has a NeuralOutput" + of +
                           " that is no NormDiscrete, as a classification needs");
    if (!categories.insert(norm->value).second)
      return checks.refuse("has two NeuralOutputs for the category '" + norm->value + "'");
  }
  if (model.function == MiningFunction::kRegression && outputs != 1)
    return checks.refuse("is a regression with " + std::to_string(outputs) + " NeuralOutputs" + of +
                         "; it needs one");
  if (model.function == MiningFunction::kClassification && outputs < 2)
    return checks.refuse("is a classification with " + std::to_string(outputs) + " NeuralOutputs" +
                         of + "; it needs one for each category");
  return {};
}

}  // namespace

base::Result<void> check_body(const NeuralNetwork& body, const Model& model,
                              const FieldChecks& checks) {
  if (model.math != MathContext::kDouble)
    return checks.refuse("is a NeuralNetwork, which is scored in double precision only");
  if (model.function != MiningFunction::kRegression &&
      model.function != MiningFunction::kClassification)
    return checks.refuse("must be a regression or a classification");
  if (body.layers.empty()) return checks.refuse("has no NeuralLayer");
  for (const NeuralNetwork::Input& input : body.inputs)
    TRY(checks.expression(input.field.expression, "the NeuralInput '" + input.id + "'"));
  for (const NeuralNetwork::Layer& layer : body.layers) TRY(check_layer(body, layer, checks));
  std::size_t targets = 0;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage != Usage::kTarget) continue;
    TRY(check_target(body, field.name, model, checks));
    ++targets;
  }
  return targets > 0 ? base::Result<void>{} : check_target(body, "", model, checks);
}

void mention(const NeuralNetwork& body, Mentions& mentions) {
  for (const NeuralNetwork::Input& input : body.inputs) mentions.expression(input.field.expression);
}

void list_categories(const NeuralNetwork& body, const Model&, const CategoryList& category) {
  for (const NeuralNetwork::Output& output : body.outputs) {
    if (const auto* norm = std::get_if<NormDiscrete>(&output.meaning.is)) category(norm->value);
  }
}

}  // namespace pmml

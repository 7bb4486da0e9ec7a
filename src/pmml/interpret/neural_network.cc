// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/expression.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

// The value of an input, in its own type; nothing where it is missing.
std::optional<double> input_value(const DerivedField& field, Scope& scope) {
  const Value raw = evaluate(field.expression, scope);
  if (raw.missing) return std::nullopt;
  const auto typed = cast(raw, field.type);
  const auto number = typed ? cast(*typed, DataType::kDouble) : std::nullopt;
  if (!number) scope.fail("an input of the network is no number of its type");
  return number && !number->missing ? std::optional(number->number) : std::nullopt;
}

// «NeuralNetwork», activation functions; the radial basis has its own form of Z.
double activate(Activation activation, double z, double threshold) {
  switch (activation) {
    case Activation::kThreshold:
      return z > threshold ? 1 : 0;
    case Activation::kLogistic:
      return 1 / (1 + std::exp(-z));
    case Activation::kTanh:
      return std::tanh(z);
    case Activation::kIdentity:
      return z;
    case Activation::kExponential:
    case Activation::kRadialBasis:
      return std::exp(z);
    case Activation::kReciprocal:
      return 1 / z;
    case Activation::kSquare:
      return z * z;
    case Activation::kGauss:
      return std::exp(-(z * z));
    case Activation::kSine:
      return std::sin(z);
    case Activation::kCosine:
      return std::cos(z);
    case Activation::kElliott:
      return z / (1 + std::abs(z));
    case Activation::kArctan:
      return 2 * std::atan(z) / std::numbers::pi;
    case Activation::kRectifier:
      return std::max(0.0, z);
  }
  return z;
}

// The layer's own setting, or the network's.
template <class T>
std::optional<T> setting(const std::optional<T>& layer, const std::optional<T>& network) {
  return layer ? layer : network;
}

// The weighted sum of the neuron's sources and its bias.
double weighted_sum(const NeuralNetwork::Neuron& neuron, std::span<const double> units) {
  double z = 0;
  for (const NeuralNetwork::Connection& connection : neuron.connections)
    z += connection.weight * units[connection.from];
  return z + neuron.bias;
}

// The exponent of a radial basis: fan-in times the logarithm of the altitude, less the squared
// distance from the weights over twice the squared width.
double radial_exponent(const NeuralNetwork::Neuron& neuron, std::span<const double> units,
                       double width, double altitude) {
  double squares = 0;
  for (const NeuralNetwork::Connection& connection : neuron.connections) {
    const double difference = units[connection.from] - connection.weight;
    squares += difference * difference;
  }
  return static_cast<double>(neuron.connections.size()) * std::log(altitude) -
         squares / (2 * width * width);
}

void normalize(NeuralNormalization normalization, std::span<double> values) {
  switch (normalization) {
    case NeuralNormalization::kNone:
      return;
    case NeuralNormalization::kSimplemax:
      return detail::simplemax(values);
    case NeuralNormalization::kSoftmax:
      return detail::softmax(values);
  }
}

// Appends the values of a layer's neurons to those of the units before it.
void run_layer(const NeuralNetwork& body, const NeuralNetwork::Layer& layer,
               std::vector<double>& units) {
  const NeuralSettings& own = layer.settings;
  const NeuralSettings& network = body.settings;
  const Activation activation = *setting(own.activation, network.activation);
  const double threshold = setting(own.threshold, network.threshold).value_or(0);
  const std::size_t first = units.size();
  for (const NeuralNetwork::Neuron& neuron : layer.neurons) {
    double z = 0;
    if (activation == Activation::kRadialBasis) {
      const auto width = setting(neuron.width, setting(own.width, network.width));
      const auto altitude = setting(neuron.altitude, setting(own.altitude, network.altitude));
      z = radial_exponent(neuron, units, *width, altitude.value_or(1));
    } else {
      z = weighted_sum(neuron, units);
    }
    units.push_back(activate(activation, z, threshold));
  }
  normalize(setting(own.normalization, network.normalization).value_or(NeuralNormalization::kNone),
            std::span(units).subspan(first));
}

// Nothing where an input is missing.
std::optional<std::vector<double>> run(const NeuralNetwork& body, Scope& scope) {
  std::vector<double> units;
  for (const NeuralNetwork::Input& input : body.inputs) {
    const auto value = input_value(input.field, scope);
    if (!value) return std::nullopt;
    units.push_back(*value);
  }
  for (const NeuralNetwork::Layer& layer : body.layers) run_layer(body, layer, units);
  return units;
}

// The original value of a normalized one: NormContinuous from right to left. Pieces may rise or
// fall; the first that holds the value counts, beyond all of them the nearer end goes on.
double denormalize(const NormContinuous& norm, double y) {
  const auto& points = norm.points;
  std::size_t piece = 1;
  const auto holds = [&](std::size_t i) {
    const double a = points[i - 1].normalized;
    const double b = points[i].normalized;
    return std::min(a, b) <= y && y <= std::max(a, b);
  };
  while (piece < points.size() && !holds(piece)) ++piece;
  if (piece == points.size()) {
    const bool rises = points.back().normalized > points.front().normalized;
    const bool before = rises ? y < points.front().normalized : y > points.front().normalized;
    piece = before ? 1 : points.size() - 1;
  }
  const auto& a = points[piece - 1];
  const auto& b = points[piece];
  return a.original +
         (y - a.normalized) / (b.normalized - a.normalized) * (b.original - a.original);
}

Outcome number_outcome(const NeuralNetwork::Output& output, std::span<const double> units) {
  Outcome outcome;
  outcome.function = MiningFunction::kRegression;
  outcome.number = units[output.unit];
  if (const auto* norm = std::get_if<NormContinuous>(&output.meaning.is))
    outcome.number = denormalize(*norm, outcome.number);
  outcome.missing = std::isnan(outcome.number);
  return outcome;
}

// The outputs that speak of one target, all of them where `target` is empty.
Outcome target_outcome(const NeuralNetwork& body, const std::vector<std::string_view>& ids,
                       const std::string& target, MiningFunction function,
                       std::span<const double> units) {
  Outcome outcome;
  outcome.function = function;
  std::string_view winner;
  double best = 0;
  for (const NeuralNetwork::Output& output : body.outputs) {
    if (!target.empty() && field_of(output) != target) continue;
    if (function == MiningFunction::kRegression) return number_outcome(output, units);
    const double value = units[output.unit];
    if (std::isnan(value)) return outcome;
    if (outcome.distribution.empty() || value > best) {
      best = value;
      winner = ids[output.unit];
    }
    outcome.distribution.emplace_back(std::get<NormDiscrete>(output.meaning.is).value, value);
  }
  outcome.entity = std::string(winner);
  outcome.category = most_probable(outcome.distribution);
  outcome.missing = false;
  return outcome;
}

std::vector<std::string_view> unit_ids(const NeuralNetwork& body) {
  std::vector<std::string_view> ids;
  for (const NeuralNetwork::Input& input : body.inputs) ids.push_back(input.id);
  for (const NeuralNetwork::Layer& layer : body.layers) {
    for (const NeuralNetwork::Neuron& neuron : layer.neurons) ids.push_back(neuron.id);
  }
  return ids;
}

// Of a network with several targets each has its own Target element.
void apply_target(const Model& model, const std::string& target, Outcome& outcome) {
  const auto element = std::ranges::find(model.targets, target, &Target::field);
  if (element == model.targets.end() || outcome.missing ||
      outcome.function != MiningFunction::kRegression)
    return;
  outcome.number = detail::apply_target(*element, outcome.number);
}

}  // namespace

Outcome evaluate_body(const NeuralNetwork& body, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const auto units = run(body, scope);
  if (!units) return outcome;
  const auto ids = unit_ids(body);
  outcome = target_outcome(body, ids, target_of(model), model.function, *units);
  const auto is_target = [](const MiningField& field) { return field.usage == Usage::kTarget; };
  if (std::ranges::count_if(model.mining_schema, is_target) < 2) return outcome;
  for (const MiningField& field : model.mining_schema) {
    if (!is_target(field)) continue;
    Outcome one = target_outcome(body, ids, field.name, model.function, *units);
    apply_target(model, field.name, one);
    outcome.targets.emplace_back(field.name, std::move(one));
  }
  return outcome;
}

}  // namespace pmml

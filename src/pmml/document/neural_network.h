// SPDX-License-Identifier: Apache-2.0
// NeuralNetwork (PMML 4.4 «NeuralNetwork»).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/field.h"

namespace pmml {

enum class Activation {
  kThreshold,
  kLogistic,
  kTanh,
  kIdentity,
  kExponential,
  kReciprocal,
  kSquare,
  kGauss,
  kSine,
  kCosine,
  kElliott,
  kArctan,
  kRectifier,
  kRadialBasis
};

enum class NeuralNormalization { kNone, kSimplemax, kSoftmax };

// What a network says for all its layers and a layer may say for itself.
struct NeuralSettings {
  std::optional<Activation> activation = {};
  std::optional<NeuralNormalization> normalization = {};  // None by default.
  std::optional<double> threshold = {};                   // 0 by default.
  std::optional<double> width = {};
  std::optional<double> altitude = {};  // 1 by default.
  bool operator==(const NeuralSettings&) const = default;
};

// The units of a network are its inputs and then its neurons, in document order.
struct NeuralNetwork {
  struct Input {
    std::string id = {};
    DerivedField field = {};
    bool operator==(const Input&) const = default;
  };
  struct Connection {
    std::size_t from = 0;  // A unit that stands before the neuron.
    double weight = 0;
    bool operator==(const Connection&) const = default;
  };
  struct Neuron {
    std::string id = {};
    double bias = 0;
    std::optional<double> width = {};
    std::optional<double> altitude = {};
    std::vector<Connection> connections = {};
    bool operator==(const Neuron&) const = default;
  };
  struct Layer {
    NeuralSettings settings = {};
    std::vector<Neuron> neurons = {};
    bool operator==(const Layer&) const = default;
  };
  // `meaning` is the field's expression, or that of the derived field it refers to: FieldRef, the
  // unit's value itself; NormContinuous, undone; NormDiscrete, the probability of its value.
  struct Output {
    std::size_t unit = 0;
    DerivedField field = {};
    Expression meaning = {};
    bool operator==(const Output&) const = default;
  };

  NeuralSettings settings = {};
  std::vector<Input> inputs = {};
  std::vector<Layer> layers = {};
  std::vector<Output> outputs = {};
  bool operator==(const NeuralNetwork&) const = default;
};

// The field of the target that an output speaks of; empty for a meaning that is none.
[[nodiscard]] const std::string& field_of(const NeuralNetwork::Output& output);

}  // namespace pmml

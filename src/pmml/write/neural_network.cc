// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/neural_network.h"
#include "pmml/write/chapters.h"
#include "pmml/write/field.h"

namespace pmml::detail {
namespace {

void write_settings(const NeuralSettings& settings, XmlText& xml) {
  xml.optional_choice("activationFunction", kActivations, settings.activation);
  xml.optional_choice("normalizationMethod", kNeuralNormalizations, settings.normalization);
  xml.optional_number("threshold", settings.threshold);
  xml.optional_number("width", settings.width);
  xml.optional_number("altitude", settings.altitude);
}

void write_neuron(const NeuralNetwork::Neuron& neuron, const std::vector<std::string_view>& ids,
                  XmlText& xml) {
  xml.open("Neuron");
  xml.attribute("id", neuron.id);
  if (neuron.bias != 0) xml.number("bias", neuron.bias);
  xml.optional_number("width", neuron.width);
  xml.optional_number("altitude", neuron.altitude);
  for (const NeuralNetwork::Connection& connection : neuron.connections) {
    xml.open("Con");
    xml.attribute("from", ids[connection.from]);
    xml.number("weight", connection.weight);
    xml.close();
  }
  xml.close();
}

}  // namespace

void write_attributes(const NeuralNetwork& body, XmlText& xml) {
  write_settings(body.settings, xml);
}

void write_body(const NeuralNetwork& body, XmlText& xml) {
  std::vector<std::string_view> ids;
  xml.open("NeuralInputs");
  for (const NeuralNetwork::Input& input : body.inputs) {
    ids.push_back(input.id);
    xml.open("NeuralInput");
    xml.attribute("id", input.id);
    write_derived_field(input.field, xml);
    xml.close();
  }
  xml.close();
  for (const NeuralNetwork::Layer& layer : body.layers) {
    xml.open("NeuralLayer");
    write_settings(layer.settings, xml);
    for (const NeuralNetwork::Neuron& neuron : layer.neurons) {
      write_neuron(neuron, ids, xml);
      ids.push_back(neuron.id);
    }
    xml.close();
  }
  xml.open("NeuralOutputs");
  for (const NeuralNetwork::Output& output : body.outputs) {
    xml.open("NeuralOutput");
    xml.attribute("outputNeuron", ids[output.unit]);
    write_derived_field(output.field, xml);
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/neural_network.h"

#include <algorithm>
#include <unordered_map>

#include "pmml/read/chapters.h"
#include "pmml/read/expression.h"
#include "pmml/read/field.h"

namespace pmml::detail {
namespace {

NeuralSettings read_settings(const Element& element) {
  return {.activation = element.find_choice("activationFunction", kActivations),
          .normalization = element.find_choice("normalizationMethod", kNeuralNormalizations),
          .threshold = element.find_number("threshold"),
          .width = element.find_number("width"),
          .altitude = element.find_number("altitude")};
}

class Reader {
 public:
  NeuralNetwork body;

  void read_inputs(const Element& list) {
    list.only({"numberOfInputs"});
    for (const Element& child : list.children()) {
      if (!child.is("NeuralInput")) {
        child.refuse_here();
        continue;
      }
      child.only({"id"});
      body.inputs.push_back({child.required("id"), read_only_field(child)});
      declare(child, body.inputs.back().id);
    }
  }

  void read_layer(const Element& element) {
    element.only({"numberOfNeurons", "activationFunction", "threshold", "width", "altitude",
                  "normalizationMethod"});
    NeuralNetwork::Layer layer{.settings = read_settings(element)};
    for (const Element& child : element.children()) {
      if (!child.is("Neuron")) {
        child.refuse_here();
        continue;
      }
      layer.neurons.push_back(read_neuron(child));
      declare(child, layer.neurons.back().id);
    }
    body.layers.push_back(std::move(layer));
  }

  void read_outputs(const Element& list, const Model& model) {
    list.only({"numberOfOutputs"});
    for (const Element& child : list.children()) {
      if (!child.is("NeuralOutput")) {
        child.refuse_here();
        continue;
      }
      child.only({"outputNeuron"});
      NeuralNetwork::Output output{.unit = unit_of(child, "outputNeuron"),
                                   .field = read_only_field(child)};
      output.meaning = meaning_of(child, output.field.expression, model);
      body.outputs.push_back(std::move(output));
    }
  }

 private:
  static DerivedField read_only_field(const Element& parent) {
    const auto children = parent.children();
    if (children.size() != 1 || !children[0].is("DerivedField")) {
      parent.refuse("exactly one DerivedField is needed");
      return {};
    }
    return read_inner_derived_field(children[0]);
  }

  // An output may name a derived field that says what it is.
  static Expression meaning_of(const Element& output, const Expression& expression,
                               const Model& model) {
    const auto* reference = std::get_if<FieldRef>(&expression.is);
    if (reference == nullptr) return expression;
    const auto local =
        std::ranges::find(model.local_transformations, reference->field, &DerivedField::name);
    if (local != model.local_transformations.end()) return local->expression;
    pugi::xml_node top = output.node();
    while (top.parent().type() == pugi::node_element) top = top.parent();
    for (const Element& part : Element(top, output.source()).children()) {
      if (!part.is("TransformationDictionary")) continue;
      for (const Element& field : part.children()) {
        if (field.is("DerivedField") && field.text("name") == reference->field)
          return read_inner_derived_field(field).expression;
      }
    }
    return expression;
  }

  // A neuron is declared after its connections, so that none comes from itself or from behind.
  NeuralNetwork::Neuron read_neuron(const Element& element) {
    element.only({"id", "bias", "width", "altitude"});
    NeuralNetwork::Neuron neuron{.id = element.required("id"),
                                 .bias = element.number("bias", 0),
                                 .width = element.find_number("width"),
                                 .altitude = element.find_number("altitude")};
    for (const Element& child : element.children()) {
      if (!child.is("Con")) {
        child.refuse_here();
        continue;
      }
      child.only({"from", "weight"});
      neuron.connections.push_back({unit_of(child, "from"), child.required_number("weight")});
    }
    return neuron;
  }

  void declare(const Element& element, const std::string& id) {
    if (!units_.emplace(id, units_.size()).second)
      element.refuse("the id '" + id + "' is declared twice");
  }

  [[nodiscard]] std::size_t unit_of(const Element& element, const char* attribute) const {
    const std::string id = element.required(attribute);
    const auto found = units_.find(id);
    if (found != units_.end()) return found->second;
    element.refuse("attribute " + std::string(attribute) + " is '" + id +
                   "', which no NeuralInput or earlier Neuron has as its id");
    return 0;
  }

  std::unordered_map<std::string, std::size_t> units_;
};

}  // namespace

void read_neural_network(const Element& element, Model& model, int) {
  only_model(element,
             {"activationFunction", "normalizationMethod", "threshold", "width", "altitude",
              "numberOfLayers"},
             {"NeuralInputs", "NeuralLayer", "NeuralOutputs"});
  Reader reader;
  reader.body.settings = read_settings(element);
  for (const Element& child : element.children()) {
    if (child.is("NeuralInputs")) reader.read_inputs(child);
  }
  for (const Element& child : element.children()) {
    if (child.is("NeuralLayer")) reader.read_layer(child);
  }
  for (const Element& child : element.children()) {
    if (child.is("NeuralOutputs")) reader.read_outputs(child, model);
  }
  model.body = std::move(reader.body);
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"

namespace pmml::detail {

void read_neural_network(const Element& element, Model& model, int) {
  model.body = NeuralNetwork{};
  element.refuse("this scorer does not know this model yet");
}

}  // namespace pmml::detail

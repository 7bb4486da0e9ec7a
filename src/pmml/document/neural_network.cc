// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/neural_network.h"

namespace pmml {

const std::string& field_of(const NeuralNetwork::Output& output) {
  static const std::string kNone;
  const auto& meaning = output.meaning.is;
  if (const auto* reference = std::get_if<FieldRef>(&meaning)) return reference->field;
  if (const auto* norm = std::get_if<NormContinuous>(&meaning)) return norm->field;
  if (const auto* norm = std::get_if<NormDiscrete>(&meaning)) return norm->field;
  return kNone;
}

}  // namespace pmml

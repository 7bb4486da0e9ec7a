// SPDX-License-Identifier: Apache-2.0
// NeuralNetwork (PMML 4.4 «NeuralNetwork»).
#pragma once

namespace pmml {

struct NeuralNetwork {
  bool operator==(const NeuralNetwork&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const NeuralNetwork&, XmlText&) {}
void write_body(const NeuralNetwork&, XmlText&) {}

}  // namespace pmml::detail

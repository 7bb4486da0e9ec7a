// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const NeuralNetwork&, const Model&, const FieldChecks&) { return {}; }
void mention(const NeuralNetwork&, Mentions&) {}
void list_categories(const NeuralNetwork&, const CategoryList&) {}

}  // namespace pmml

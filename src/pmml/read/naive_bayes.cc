// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"

namespace pmml::detail {

void read_naive_bayes(const Element& element, Model& model, int) {
  model.body = NaiveBayesModel{};
  element.refuse("this scorer does not know this model yet");
}

}  // namespace pmml::detail

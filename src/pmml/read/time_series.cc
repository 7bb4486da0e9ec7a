// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"

namespace pmml::detail {

void read_time_series(const Element& element, Model& model, int) {
  model.body = TimeSeriesModel{};
  element.refuse("this scorer does not know this model yet");
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/model.h"

namespace pmml {

Outcome evaluate_body(const TimeSeriesModel&, const Model& model, Scope&) {
  Outcome outcome;
  outcome.function = model.function;
  return outcome;
}

}  // namespace pmml

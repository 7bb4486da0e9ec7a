// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/outputs.h"

#include "pmml/document/decision.h"

namespace learn::detail {

void add_outputs(pmml::Document& document, const Labels& labels) {
  for (const std::string& value : {labels.positive, labels.negative}) {
    document.model.output.push_back({.name = "probability(" + value + ")",
                                     .op_type = pmml::OpType::kContinuous,
                                     .type = pmml::DataType::kDouble,
                                     .feature = pmml::ResultFeature::kProbability,
                                     .value = value});
  }
  pmml::add_decision(document, labels.positive, 0.5);
}

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// A machine with the radial kernel and its sigmoid as a chain of two models: the machine's value,
// then a regression with logit.
#pragma once
#include <string>
#include <vector>

#include "learn/calibration.h"
#include "learn/detail/design.h"
#include "learn/detail/standardised.h"
#include "learn/labels.h"
#include "pmml/document/document.h"

namespace learn::detail {

// One vector of the machine: its coordinates are those of the design's features.
struct SupportVector {
  std::vector<double> coordinates;
  double coefficient = 0;
};

struct RadialClassifier {
  const Design& design;
  std::vector<Moments> scale;  // Of each feature; an indicator's is {0, 1}.
  double gamma = 1;
  double bias = 0;
  std::vector<SupportVector> vectors;
  Sigmoid sigmoid;
};

pmml::Document to_document(RadialClassifier classifier, const Labels& labels,
                           const std::string& name);

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// The outputs of a classification whose body is no table of regressions.
#pragma once
#include "learn/labels.h"
#include "pmml/document/document.h"

namespace learn::detail {

// The probabilities of both values, and the offer above 0.5.
void add_outputs(pmml::Document& document, const Labels& labels);

}  // namespace learn::detail

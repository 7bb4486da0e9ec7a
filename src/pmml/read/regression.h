// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/regression.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Takes the children that are RegressionTable; the others are the model's own.
RegressionModel read_regression(const Element& element);

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
// A fit and its design as a PMML document.
#pragma once
#include <string>

#include "learn/detail/design.h"
#include "learn/labels.h"
#include "learn/logistic_regression.h"
#include "pmml/document/document.h"

namespace learn::detail {

pmml::Document to_document(const Design& design, const LogisticFit& fit, const Labels& labels,
                           double threshold, const std::string& name,
                           const std::string& algorithm = "logistic regression");

}  // namespace learn::detail

// SPDX-License-Identifier: Apache-2.0
// The part of a document that is the same for every kind of model.
#pragma once
#include <span>
#include <string>

#include "learn/detail/design.h"
#include "learn/labels.h"
#include "pmml/document/document.h"

namespace learn::detail {

// A classification of labels.column by the inputs: header ("Random forest of y" for the algorithm
// "random forest"), dictionary, mining schema. The caller sets model.body, then calls
// pmml::add_decision().
pmml::Document frame(std::span<const Input> inputs, const Labels& labels,
                     const std::string& algorithm, const std::string& name);

}  // namespace learn::detail

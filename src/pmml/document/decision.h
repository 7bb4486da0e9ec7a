// SPDX-License-Identifier: Apache-2.0
// The offer decision as part of the document, so that any PMML engine takes the same decision that
// was ranked.
#pragma once
#include <optional>
#include <string_view>

#include "pmml/document/document.h"

namespace pmml {

inline constexpr std::string_view kOfferOutput = "offer";

// Adds to the document's output probability(<category>) for every category of a classification by
// tables (those that are not there yet), and `offer`: 1 where probability(positive_category) >
// threshold, otherwise 0, as a transformedValue
//   if(greaterThan(FieldRef probability(positive), Constant threshold), 1, 0)
// of type integer; replaces an `offer` that is there. The threshold is finite, the category one of
// the model's.
void add_decision(Document& document, std::string_view positive_category, double threshold);

// The threshold of an `offer` that has exactly the shape above; nothing for any other document.
std::optional<double> decision_threshold(const Document& document);

}  // namespace pmml

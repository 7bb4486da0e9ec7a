// SPDX-License-Identifier: Apache-2.0
// The offer decision as part of the document, so that any PMML engine takes the same decision that
// was ranked.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "pmml/document/document.h"

namespace pmml {

inline constexpr std::string_view kOfferOutput = "offer";
inline constexpr std::string_view kUpliftOutput = "uplift";

// Adds to the document's output probability(<category>) for every category of a classification by
// tables (those that are not there yet), and `offer`: 1 where probability(positive_category) >
// threshold, otherwise 0, as a transformedValue
//   if(greaterThan(FieldRef probability(positive), Constant threshold), 1, 0)
// of type integer; replaces an `offer` that is there. The threshold is finite, the category one of
// the model's.
void add_decision(Document& document, std::string_view positive_category, double threshold);

// Where an offer is to be made for what it changes: beside probability(<category>), which is that
// of a customer who is contacted, the output `uplift`, less the output `otherwise`, which is there
// already (a probability too); and `offer` where `uplift` is above the threshold, in the shape
// above.
void add_uplift_decision(Document& document, std::string_view positive_category,
                         const std::string& otherwise, double threshold);

// What an `offer` in the shape above asks; nothing for any other document.
struct OfferRule {
  std::string field;  // The output that is compared: a probability, or `uplift`.
  double threshold = 0;
};
std::optional<OfferRule> offer_rule(const Document& document);

}  // namespace pmml

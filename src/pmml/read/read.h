// SPDX-License-Identifier: Apache-2.0
// A PMML file of version 3.0 to 4.4 into a document.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "pmml/document/document.h"

namespace pmml {

// What a file may cost before it is refused. Nested tree nodes cost no stack; expressions,
// predicates and models may nest kMaxNesting deep.
struct ReadLimits {
  std::size_t bytes = std::size_t{512} << 20;
  std::size_t depth = 1'000'000;  // Open elements at one place.
  std::size_t elements = 50'000'000;
};
inline constexpr int kMaxNesting = 200;

// Refuses, with the element, its line and what would be right: text that is not XML, any DOCTYPE,
// anything that this scorer does not know and that could change a score, references to fields that
// do not exist, cycles of fields or functions. What has no bearing on scores (Extension,
// ModelStats, ModelExplanation, …) is left out of the document.
base::Result<Document> read(std::string_view xml, const ReadLimits& limits = {});

}  // namespace pmml

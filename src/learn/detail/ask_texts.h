// SPDX-License-Identifier: Apache-2.0
// Trees that ask for indicators of texts, made to ask for the texts.
#pragma once
#include <span>

#include "learn/detail/derived_column.h"
#include "pmml/document/document.h"

namespace learn::detail {

// A document of trees as the learners of this room write them asks of an indicator whether it is at
// most some number below 1: it is now asked whether the text is another one, which needs no derived
// field (of a tree over 30 indicators scoring takes a tenth of the time). Every row is scored as
// before. The document then names the texts' columns in its schemas instead of the indicators. One
// that uses an indicator in any other way is left as it is.
void ask_texts(std::span<const DerivedColumn> derived, pmml::Document& document);

}  // namespace learn::detail

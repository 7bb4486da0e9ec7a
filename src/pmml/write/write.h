// SPDX-License-Identifier: Apache-2.0
// A document as PMML 4.4 text.
#pragma once
#include <string>

#include "pmml/document/document.h"

namespace pmml {

// The same bytes for equal documents, two blanks per level; doubles read back to the same bits, and
// read(write(document)) == document for every document that read() accepts.
std::string write(const Document& document);

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// Changes of a document, one number, word, choice or element at a time, guided by bytes.
#pragma once
#include "bytes.h"
#include "pmml/document/document.h"

namespace fuzz {

// Makes one change; the document may then contradict itself, which check() is there to find.
void mutate(pmml::Document& document, Bytes& bytes);

// The numbers a document compares with or adds up: where rows are worth trying.
std::vector<double> numbers_of(pmml::Document& document);

}  // namespace fuzz

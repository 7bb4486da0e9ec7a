// SPDX-License-Identifier: Apache-2.0
// The weights of a TextModel's terms (PMML «Text», TextModelNormalization), the same for the
// documents of the corpus and for a row's text. With f(i,j) the count of term i in document j, n
// documents, and x(f) 1 where f is above 0:
//   local   termFrequency f, binary x(f), logarithmic log10(1 + f),
//           augmentedNormalizedTermFrequency (x(f) + f / largest f of the document) / 2
//   global  inverseDocumentFrequency log10(n / sum x(f)), GFIDF sum f / sum x(f),
//           normal 1 / sqrt(sum f²), probabilisticInverse log10((n - sum x(f)) / sum x(f))
// and a document normalized by cosine has length 1. A term that no document has weighs 0.
#pragma once
#include <span>
#include <vector>

#include "pmml/document/text_model.h"

namespace pmml::detail {

// Fills global_weights and weighted from the rest; counts has a row per document and a column per
// term.
void weigh(TextModel& model);

// The weighted counts of one text, normalized where the model is; all 0 for a text without terms.
std::vector<double> weighted_terms(const TextModel& model, std::span<const double> counts);

// Does any weight contain a logarithm? The standard does not say to which base, which matters
// unless lengths are normalized away.
bool uses_logarithm(const TextModel& model);

}  // namespace pmml::detail

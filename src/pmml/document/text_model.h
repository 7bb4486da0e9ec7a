// SPDX-License-Identifier: Apache-2.0
// TextModel (PMML 3.0 to 4.4 «Text»): which documents of a corpus are most like the row's text.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/matrix.h"

namespace pmml {

enum class LocalTermWeights { kTermFrequency, kBinary, kLogarithmic, kAugmentedNormalized };
enum class GlobalTermWeights {
  kInverseDocumentFrequency,
  kNone,
  kGfIdf,
  kNormal,
  kProbabilisticInverse
};
enum class TextSimilarity { kCosine, kEuclidean };

struct TextModel {
  struct TextDocument {
    std::string id = {};
    std::optional<std::string> name = {};
    std::optional<double> length = {};
    std::optional<std::string> file = {};
    bool operator==(const TextDocument&) const = default;
  };
  // The row's text; empty: each term is a field of its own, which holds its count in the text.
  std::string text_field = {};
  std::vector<std::string> terms = {};
  std::vector<TextDocument> documents = {};
  // What a text is that is most like the document, one for each; empty: the answer is the document.
  std::vector<std::string> labels = {};
  Matrix counts = {};  // One row per document, one column per term: how often it stands there.
  LocalTermWeights local = LocalTermWeights::kTermFrequency;
  GlobalTermWeights global = GlobalTermWeights::kInverseDocumentFrequency;
  bool normalized = false;  // documentNormalization="cosine".
  TextSimilarity similarity = TextSimilarity::kCosine;
  // Of every term and document, from the figures above: global_weights[term], and the weighted
  // counts, normalized or not, as in `counts`.
  std::vector<double> global_weights = {};
  Matrix weighted = {};
  bool operator==(const TextModel&) const = default;
};

}  // namespace pmml

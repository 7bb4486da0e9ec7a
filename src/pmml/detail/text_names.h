// SPDX-License-Identifier: Apache-2.0
// How a TextModel spells its weights; reading and writing share these tables.
#pragma once
#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<LocalTermWeights, 4> kLocalTermWeights = {
    {{"termFrequency", LocalTermWeights::kTermFrequency},
     {"binary", LocalTermWeights::kBinary},
     {"logarithmic", LocalTermWeights::kLogarithmic},
     {"augmentedNormalizedTermFrequency", LocalTermWeights::kAugmentedNormalized}}};
inline constexpr Names<GlobalTermWeights, 5> kGlobalTermWeights = {
    {{"inverseDocumentFrequency", GlobalTermWeights::kInverseDocumentFrequency},
     {"none", GlobalTermWeights::kNone},
     {"GFIDF", GlobalTermWeights::kGfIdf},
     {"normal", GlobalTermWeights::kNormal},
     {"probabilisticInverse", GlobalTermWeights::kProbabilisticInverse}}};
// "cosineSimilarity" is some writers' own.
inline constexpr Names<TextSimilarity, 3> kTextSimilarities = {
    {{"cosine", TextSimilarity::kCosine},
     {"euclidean", TextSimilarity::kEuclidean},
     {"cosineSimilarity", TextSimilarity::kCosine}}};

// Beside the spelling of the schema, that of the language; and the labels of documents, by which
// some writers make a TextModel classify.
inline constexpr std::string_view kSimilarity = "TextModelSimiliarity";
inline constexpr std::string_view kSimilarityRespelled = "TextModelSimilarity";
inline constexpr std::string_view kClassLabels = "ClassLabels";

}  // namespace pmml::detail

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
inline constexpr Names<TextSimilarity, 2> kTextSimilarities = {
    {{"cosine", TextSimilarity::kCosine}, {"euclidean", TextSimilarity::kEuclidean}}};

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
// How the standard spells what neighbours' values make one by.
#pragma once
#include "pmml/detail/names.h"
#include "pmml/document/nearest_neighbor.h"

namespace pmml::detail {

inline constexpr Names<ContinuousScoring, 3> kContinuousScorings = {
    {{"average", ContinuousScoring::kAverage},
     {"median", ContinuousScoring::kMedian},
     {"weightedAverage", ContinuousScoring::kWeightedAverage}}};
inline constexpr Names<CategoricalScoring, 2> kCategoricalScorings = {
    {{"majorityVote", CategoricalScoring::kMajorityVote},
     {"weightedMajorityVote", CategoricalScoring::kWeightedMajorityVote}}};

}  // namespace pmml::detail

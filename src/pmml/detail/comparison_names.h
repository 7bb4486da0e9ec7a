// SPDX-License-Identifier: Apache-2.0
// How the standard spells measures and inner functions.
#pragma once
#include "pmml/detail/names.h"
#include "pmml/document/comparison.h"

namespace pmml::detail {

inline constexpr Names<CompareFunction, 5> kCompareFunctions = {
    {{"absDiff", CompareFunction::kAbsDiff},
     {"gaussSim", CompareFunction::kGaussSim},
     {"delta", CompareFunction::kDelta},
     {"equal", CompareFunction::kEqual},
     {"table", CompareFunction::kTable}}};
inline constexpr Names<Measure, 9> kMeasures = {{{"euclidean", Measure::kEuclidean},
                                                 {"squaredEuclidean", Measure::kSquaredEuclidean},
                                                 {"chebychev", Measure::kChebychev},
                                                 {"cityBlock", Measure::kCityBlock},
                                                 {"minkowski", Measure::kMinkowski},
                                                 {"simpleMatching", Measure::kSimpleMatching},
                                                 {"jaccard", Measure::kJaccard},
                                                 {"tanimoto", Measure::kTanimoto},
                                                 {"binarySimilarity", Measure::kBinarySimilarity}}};
// In the order of ComparisonMeasure::numerator and denominator.
inline constexpr const char* kNumerators[] = {"c00-parameter", "c01-parameter", "c10-parameter",
                                              "c11-parameter"};
inline constexpr const char* kDenominators[] = {"d00-parameter", "d01-parameter", "d10-parameter",
                                                "d11-parameter"};

}  // namespace pmml::detail

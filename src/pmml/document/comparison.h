// SPDX-License-Identifier: Apache-2.0
// How records are compared (PMML 4.4 «ClusteringModel», ComparisonMeasure): an inner function per
// field, an outer one that makes one figure of all fields. Clusters and neighbours share it.
#pragma once
#include <array>
#include <optional>
#include <string>

#include "pmml/document/matrix.h"

namespace pmml {

// c(x, y) of one field.
enum class CompareFunction {
  kAbsDiff,   // |x − y|
  kGaussSim,  // exp(−ln 2 · (x − y)² / s²), s the field's similarityScale.
  kDelta,     // 0 where x = y, otherwise 1.
  kEqual,     // 1 where x = y, otherwise 0.
  kTable,     // The field's matrix, at the places of x and y among the field's values.
};

// The first five weigh and add up c(x, y); the others count where two vectors of 0 and 1 agree.
enum class Measure {
  kEuclidean,
  kSquaredEuclidean,
  kChebychev,
  kCityBlock,
  kMinkowski,
  kSimpleMatching,
  kJaccard,
  kTanimoto,
  kBinarySimilarity,
};
[[nodiscard]] constexpr bool is_binary(Measure measure) {
  return measure >= Measure::kSimpleMatching;
}

struct ComparisonMeasure {
  bool similarity = false;  // The greater the nearer; a distance: the smaller the nearer.
  CompareFunction compare_function = CompareFunction::kAbsDiff;  // Of fields that name none.
  Measure measure = Measure::kEuclidean;
  double power = 2;  // kMinkowski; above 0.
  // kBinarySimilarity: weights of the counts of (0,0), (0,1), (1,0), (1,1).
  std::array<double, 4> numerator = {};
  std::array<double, 4> denominator = {};
  bool operator==(const ComparisonMeasure&) const = default;
};

struct ComparisonField {
  std::string field = {};
  double weight = 1;  // Above 0.
  std::optional<CompareFunction> compare_function = {};
  std::optional<double> similarity_scale = {};  // kGaussSim; above 0.
  Matrix table = {};                            // kTable; otherwise empty.
  bool operator==(const ComparisonField&) const = default;
};

[[nodiscard]] inline CompareFunction function_of(const ComparisonField& field,
                                                 const ComparisonMeasure& measure) {
  return field.compare_function.value_or(measure.compare_function);
}

}  // namespace pmml

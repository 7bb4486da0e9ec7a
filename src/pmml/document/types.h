// SPDX-License-Identifier: Apache-2.0
// The closed vocabularies of PMML (https://dmg.org/pmml/v4-4-1/) that every chapter speaks.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmml {

enum class DataType {
  kString,
  kInteger,
  kFloat,
  kDouble,
  kBoolean,
  kDate,
  kTime,
  kDateTime,
  // Dates and times that count as whole numbers: days since the first day of a year, seconds since
  // midnight, seconds since the beginning of a year.
  kDaysSince0,
  kDaysSince1960,
  kDaysSince1970,
  kDaysSince1980,
  kTimeSeconds,
  kSecondsSince0,
  kSecondsSince1960,
  kSecondsSince1970,
  kSecondsSince1980,
};
enum class OpType { kCategorical, kOrdinal, kContinuous };
enum class MiningFunction {
  kRegression,
  kClassification,
  kClustering,
  kAssociationRules,
  kTimeSeries,
  kMixed,
};

// x-mathContext: with kFloat every addition, product and link of the model is done in single
// precision, in document order, as XGBoost and its converters do.
enum class MathContext { kDouble, kFloat };

enum class Closure { kOpenClosed, kOpenOpen, kClosedOpen, kClosedClosed };

// A range of numbers; a side that is not given is unbounded.
struct Interval {
  Closure closure = Closure::kClosedClosed;
  std::optional<double> left = {};
  std::optional<double> right = {};
  bool operator==(const Interval&) const = default;
};

[[nodiscard]] bool contains(const Interval& interval, double value);

[[nodiscard]] constexpr bool is_number(DataType type) {
  return type == DataType::kInteger || type == DataType::kFloat || type == DataType::kDouble;
}
[[nodiscard]] constexpr bool is_time(DataType type) { return type >= DataType::kDate; }
// A time whose number means something by itself.
[[nodiscard]] constexpr bool is_elapsed(DataType type) { return type >= DataType::kDaysSince0; }

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/document.h"

#include <tuple>

namespace pmml {

bool contains(const Interval& interval, double value) {
  const bool left_closed =
      interval.closure == Closure::kClosedOpen || interval.closure == Closure::kClosedClosed;
  const bool right_closed =
      interval.closure == Closure::kOpenClosed || interval.closure == Closure::kClosedClosed;
  if (interval.left && !(left_closed ? value >= *interval.left : value > *interval.left))
    return false;
  return !interval.right || (right_closed ? value <= *interval.right : value < *interval.right);
}

std::vector<std::string> valid_values(const DataField& field) {
  std::vector<std::string> result;
  for (const FieldValue& value : field.values) {
    if (value.property == FieldValue::Property::kValid) result.push_back(value.value);
  }
  return result;
}

std::vector<const Model*> inner_models(const Model& model) {
  std::vector<const Model*> models;
  if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
    for (const Segment& segment : mining->segments) models.push_back(&segment.model);
  } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
    for (const Model& embedded : tree->embedded) models.push_back(&embedded);
  } else if (const auto* anomaly = std::get_if<AnomalyDetectionModel>(&model.body)) {
    for (const Model& inner : anomaly->inner) models.push_back(&inner);
  }
  return models;
}

// Out of line: the recursive types are complete only here.
bool Apply::operator==(const Apply&) const = default;
bool TextFrequency::operator==(const TextFrequency&) const = default;
bool Expression::operator==(const Expression&) const = default;
bool CompoundPredicate::operator==(const CompoundPredicate&) const = default;
bool Predicate::operator==(const Predicate&) const = default;
// Written out: clang 14 does not get through a defaulted comparison that leads back to itself.
bool MiningModel::operator==(const MiningModel& other) const {
  const auto parts = [](const MiningModel& mining) {
    return std::tie(mining.method, mining.missing_prediction, mining.missing_threshold,
                    mining.segments);
  };
  return parts(*this) == parts(other);
}

}  // namespace pmml

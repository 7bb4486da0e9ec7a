// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/document.h"

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

// Out of line: the recursive types are complete only here.
bool Apply::operator==(const Apply&) const = default;
bool TextFrequency::operator==(const TextFrequency&) const = default;
bool Expression::operator==(const Expression&) const = default;
bool CompoundPredicate::operator==(const CompoundPredicate&) const = default;
bool Predicate::operator==(const Predicate&) const = default;
bool TreeModel::operator==(const TreeModel&) const = default;
bool MiningModel::operator==(const MiningModel&) const = default;

}  // namespace pmml

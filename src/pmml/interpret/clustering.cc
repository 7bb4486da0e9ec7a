// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "pmml/interpret/comparison.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

// The place of a value among those that its DataField declares; check_body() has seen that every
// center has one.
std::optional<double> place_of(const std::string& field, const Value& value, const Scope& scope) {
  const DataField* data = scope.names().data_field(field);
  double place = 0;
  for (const FieldValue& candidate : data->values) {
    if (candidate.property != FieldValue::Property::kValid) continue;
    const auto declared = parse_value(candidate.value, data->type);
    if (declared && compare(value, *declared) == 0) return place;
    ++place;
  }
  return std::nullopt;
}

// NaN where the field is missing.
double coordinate_of(const ComparisonField& field, const ComparisonMeasure& measure, Scope& scope) {
  const Value& value = scope.lookup(field.field);
  if (value.missing) return kAbsent;
  if (function_of(field, measure) == CompareFunction::kTable) {
    const auto place = place_of(field.field, value, scope);
    if (!place)
      scope.fail("field '" + field.field + "' has a value that its table has no place for");
    return place.value_or(kAbsent);
  }
  const auto number = cast(value, DataType::kDouble);
  if (!number) scope.fail("field '" + field.field + "' is not a number");
  if (number && is_binary(measure.measure) && number->number != 0 && number->number != 1)
    scope.fail("field '" + field.field + "' is neither 0 nor 1");
  return number ? number->number : kAbsent;
}

// The center with the places of its values where a field is compared by a table.
std::vector<double> center_of(const Cluster& cluster, const ClusteringModel& clustering,
                              const Scope& scope) {
  std::vector<double> center = cluster.center;
  for (std::size_t i = 0; i < center.size(); ++i) {
    const ComparisonField& field = clustering.fields[i];
    if (function_of(field, clustering.measure) != CompareFunction::kTable) continue;
    const Value value = number_value(DataType::kDouble, center[i]);
    center[i] = place_of(field.field, value, scope).value_or(0);
  }
  return center;
}

}  // namespace

Outcome evaluate_body(const ClusteringModel& clustering, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  std::vector<double> record;
  for (const ComparisonField& field : clustering.fields)
    record.push_back(coordinate_of(field, clustering.measure, scope));
  const double factor = adjustment(record, clustering.missing_weights, model.math);
  if (std::isnan(factor) || scope.failed()) return outcome;
  for (std::size_t i = 0; i < clustering.clusters.size(); ++i) {
    const Cluster& cluster = clustering.clusters[i];
    const double figure = affinity(clustering.measure, clustering.fields, record,
                                   center_of(cluster, clustering, scope), factor, model.math);
    if (std::isnan(figure)) {
      outcome.entities.clear();
      return outcome;
    }
    outcome.entities.push_back(
        {.id = id_of(clustering, i), .name = cluster.name, .affinity = figure});
  }
  // Of equals the first stays first.
  std::ranges::stable_sort(outcome.entities, [&](const Entity& a, const Entity& b) {
    return clustering.measure.similarity ? *a.affinity > *b.affinity : *a.affinity < *b.affinity;
  });
  outcome.category = outcome.entities[0].id;
  outcome.entity = outcome.category;
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml

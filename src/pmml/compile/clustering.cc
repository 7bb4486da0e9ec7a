// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

bool has_place(double coordinate, const std::vector<std::string>& values) {
  return std::ranges::any_of(values, [&](const std::string& text) {
    const auto value = parse_value(text, DataType::kDouble);
    return value && value->number == coordinate;
  });
}

// A table has one row and one column for every value that the field declares, and a place for the
// coordinate of every center.
base::Result<void> check_table(const ClusteringModel& clustering, std::size_t index,
                               const FieldChecks& checks) {
  const ComparisonField& field = clustering.fields[index];
  const std::vector<std::string> values = checks.declared_values(field.field);
  if (values.empty())
    return checks.refuse("compares the field '" + field.field +
                         "' by a table, but its DataField declares no values");
  if (field.table.rows != values.size() || field.table.columns != values.size()) {
    return checks.refuse("compares the field '" + field.field + "' by a table of " +
                         std::to_string(field.table.rows) + " by " +
                         std::to_string(field.table.columns) + "; the field declares " +
                         std::to_string(values.size()) + " values");
  }
  for (std::size_t i = 0; i < clustering.clusters.size(); ++i) {
    if (!has_place(clustering.clusters[i].center[index], values)) {
      return checks.refuse("has the cluster '" + id_of(clustering, i) + "', whose coordinate of '" +
                           field.field + "' is none of the field's values");
    }
  }
  return {};
}

base::Result<void> check_field(const ClusteringModel& clustering, std::size_t index,
                               const FieldChecks& checks) {
  const ComparisonField& field = clustering.fields[index];
  TRY(checks.numeric_field(field.field, "a ClusteringField"));
  if (!(field.weight > 0 && std::isfinite(field.weight)))
    return checks.refuse("weighs the field '" + field.field + "' by no positive number");
  switch (function_of(field, clustering.measure)) {
    case CompareFunction::kGaussSim:
      if (!field.similarity_scale || !(*field.similarity_scale > 0)) {
        return checks.refuse("compares the field '" + field.field +
                             "' by gaussSim, which needs a similarityScale above 0");
      }
      return {};
    case CompareFunction::kTable:
      return check_table(clustering, index, checks);
    case CompareFunction::kAbsDiff:
    case CompareFunction::kDelta:
    case CompareFunction::kEqual:
      break;
  }
  return {};
}

bool is_zero_or_one(double x) { return x == 0 || x == 1; }

base::Result<void> check_cluster(const ClusteringModel& clustering, std::size_t index,
                                 const FieldChecks& checks) {
  const std::vector<double>& center = clustering.clusters[index].center;
  const std::string who = "has the cluster '" + id_of(clustering, index) + "', whose center ";
  if (center.size() != clustering.fields.size()) {
    return checks.refuse(who + "has " + std::to_string(center.size()) + " coordinates; there are " +
                         std::to_string(clustering.fields.size()) + " fields");
  }
  for (const double x : center) {
    if (!std::isfinite(x)) return checks.refuse(who + "is not finite");
  }
  if (is_binary(clustering.measure.measure) && !std::ranges::all_of(center, is_zero_or_one))
    return checks.refuse(who + "has coordinates other than 0 and 1, as its measure needs");
  return {};
}

}  // namespace

base::Result<void> check_body(const ClusteringModel& clustering, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kClustering)
    return checks.refuse("is a ClusteringModel; its functionName must be clustering");
  if (clustering.fields.empty()) return checks.refuse("has no ClusteringField");
  if (clustering.clusters.empty()) return checks.refuse("has no Cluster");
  if (clustering.measure.measure == Measure::kMinkowski && !(clustering.measure.power > 0))
    return checks.refuse("has a minkowski measure whose p-parameter is not above 0");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < clustering.clusters.size(); ++i) {
    TRY(check_cluster(clustering, i, checks));
    if (id_of(clustering, i).empty()) return checks.refuse("has a cluster with an empty id");
    if (!ids.insert(id_of(clustering, i)).second)
      return checks.refuse("has two clusters '" + id_of(clustering, i) + "'");
  }
  for (std::size_t i = 0; i < clustering.fields.size(); ++i)
    TRY(check_field(clustering, i, checks));
  for (const ComparisonField& field : clustering.other_fields)
    TRY(checks.field(field.field, "a ClusteringField"));
  if (!clustering.missing_weights.empty() &&
      (clustering.missing_weights.size() != clustering.fields.size() ||
       !std::ranges::all_of(clustering.missing_weights,
                            [](double w) { return w >= 0 && std::isfinite(w); }))) {
    return checks.refuse("needs one MissingValueWeights number, 0 or more, for every field");
  }
  return {};
}

void mention(const ClusteringModel&, Mentions&) {}

void list_categories(const ClusteringModel& clustering, const Model&,
                     const CategoryList& category) {
  for (std::size_t i = 0; i < clustering.clusters.size(); ++i) category(id_of(clustering, i));
}

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/neighbor_table.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

bool has_column(const NearestNeighborModel& neighbors, const std::string& field) {
  const auto& fields = neighbors.instances.fields;
  return std::ranges::find(fields, field) != fields.end();
}

base::Result<void> check_input(const NearestNeighborModel& neighbors, const ComparisonField& input,
                               const FieldChecks& checks) {
  TRY(checks.field(input.field, "a KNNInput"));
  if (!(input.weight > 0 && std::isfinite(input.weight)))
    return checks.refuse("weighs the field '" + input.field + "' by no positive number");
  if (neighbors.instances.is_transformed && !has_column(neighbors, input.field)) {
    return checks.refuse("has transformed training instances without the KNNInput '" + input.field +
                         "'");
  }
  const CompareFunction function = function_of(input, neighbors.measure);
  if (function == CompareFunction::kGaussSim || function == CompareFunction::kTable) {
    return checks.refuse("compares the field '" + input.field +
                         "' by gaussSim or table, which a KNNInput has no scale or matrix for");
  }
  const bool by_equality =
      function == CompareFunction::kDelta || function == CompareFunction::kEqual;
  if (!by_equality || is_binary(neighbors.measure.measure))
    return checks.numeric_field(input.field, "a KNNInput");
  return {};
}

base::Result<void> check_targets(const NearestNeighborModel& neighbors, const Model& model,
                                 const FieldChecks& checks) {
  const std::vector<std::string> targets = predicted_fields(model);
  if (targets.empty() && model.function != MiningFunction::kClustering)
    return checks.refuse("has no target field; its functionName must be clustering then");
  for (const std::string& target : targets) {
    if (!has_column(neighbors, target))
      return checks.refuse("has training instances without its target '" + target + "'");
  }
  if (targets.empty() && !neighbors.id_field)
    return checks.refuse("has no target; it needs an instanceIdVariable to name its neighbours by");
  return {};
}

}  // namespace

base::Result<void> check_body(const NearestNeighborModel& neighbors, const Model& model,
                              const FieldChecks& checks) {
  if (neighbors.inputs.empty()) return checks.refuse("has no KNNInput");
  for (const auto& record : neighbors.instances.records) {
    if (record.size() != neighbors.instances.fields.size())
      return checks.refuse("has a training instance with a wrong number of cells");
  }
  if (neighbors.neighbors < 1 || neighbors.neighbors > neighbors.instances.records.size()) {
    return checks.refuse(
        "asks for " + std::to_string(neighbors.neighbors) + " neighbours; it has " +
        std::to_string(neighbors.instances.records.size()) + " training instances");
  }
  if (neighbors.measure.measure == Measure::kMinkowski && !(neighbors.measure.power > 0))
    return checks.refuse("has a minkowski measure whose p-parameter is not above 0");
  if (!(neighbors.threshold >= 0 && std::isfinite(neighbors.threshold)))
    return checks.refuse("has a threshold that is not 0 or more");
  const bool weighted = neighbors.continuous == ContinuousScoring::kWeightedAverage ||
                        neighbors.categorical == CategoricalScoring::kWeightedMajorityVote;
  if (weighted && neighbors.measure.similarity)
    return checks.refuse("weighs neighbours by the inverse of a distance, but has a similarity");
  if (neighbors.id_field && !has_column(neighbors, *neighbors.id_field)) {
    return checks.refuse("has training instances without the instanceIdVariable '" +
                         *neighbors.id_field + "'");
  }
  for (const ComparisonField& input : neighbors.inputs) TRY(check_input(neighbors, input, checks));
  return check_targets(neighbors, model, checks);
}

void mention(const NearestNeighborModel& neighbors, Mentions& mentions) {
  for (std::size_t c = 0; c < neighbors.instances.fields.size(); ++c) {
    const std::string& field = neighbors.instances.fields[c];
    if (std::ranges::find(neighbors.inputs, field, &ComparisonField::field) ==
        neighbors.inputs.end())
      continue;
    for (const auto& record : neighbors.instances.records) {
      if (record[c]) mentions.value(field, *record[c]);
    }
  }
}

// As the training instances spell them; a DataField that declares them has its own spelling.
void list_categories(const NearestNeighborModel& neighbors, const Model& model,
                     const CategoryList& category) {
  const std::vector<std::string> targets = predicted_fields(model);
  if (targets.empty() || model.function == MiningFunction::kRegression) return;
  for (std::size_t c = 0; c < neighbors.instances.fields.size(); ++c) {
    if (neighbors.instances.fields[c] != targets[0]) continue;
    for (const auto& record : neighbors.instances.records) {
      if (record[c]) category(*record[c]);
    }
  }
}

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/points_units.h"

#include <algorithm>
#include <cmath>

namespace pmml::detail {
namespace {

// 128 MiB of them. Sparse vectors of more would not be small any more.
constexpr std::size_t kMostNumbers = std::size_t{1} << 24;

bool fits(std::size_t points, std::size_t features) {
  return points == 0 || features <= kMostNumbers / points;
}

// The slot of a field that is a number, a truth being one too; null for others.
const SlotInfo* number_slot(const std::string& field, const NameScope& scope) {
  const SlotInfo* info = scope.find(field);
  if (info == nullptr || !(is_number(info->type) || info->type == DataType::kBoolean))
    return nullptr;
  return info;
}

using Component = VectorMachineUnit::Component;

std::optional<Component> component(const FieldRef& reference, const NameScope& scope) {
  const SlotInfo* info = number_slot(reference.field, scope);
  if (info == nullptr || reference.map_missing_to) return std::nullopt;
  return Component{.slot = info->slot};
}

std::optional<Component> component(const SupportVectorMachineModel::Indicator& indicator,
                                   const NameScope& scope) {
  const SlotInfo* info = scope.find(indicator.field);
  // An unreadable cell may stand for an empty text.
  if (info == nullptr || indicator.value.empty()) return std::nullopt;
  const auto value = operand(indicator.value, *info);
  if (!value) return std::nullopt;
  return Component{.slot = info->slot, .indicates = true, .value = *value};
}

// False where the vector has not one component per feature.
bool put(const SupportVectorMachineModel::Vector& vector, std::size_t point, Points& points) {
  if (const auto* dense = std::get_if<std::vector<double>>(&vector.components)) {
    if (dense->size() != points.features()) return false;
    for (std::size_t j = 0; j < dense->size(); ++j) points.at(point, j) = (*dense)[j];
    return true;
  }
  const auto& sparse = std::get<SparseArray>(vector.components);
  if (sparse.size != points.features()) return false;
  for (std::size_t j = 0; j < sparse.size; ++j) points.at(point, j) = sparse.default_value;
  for (const SparseArray::Entry& entry : sparse.entries)
    points.at(point, entry.index) = entry.value;
  return true;
}

std::optional<NeighborsUnit::Input> input_of(const ComparisonField& field,
                                             const NeighborTable::Input& known,
                                             const NameScope& scope) {
  const SlotInfo* info = scope.find(field.field);
  if (info == nullptr || known.is_text != (info->type == DataType::kString)) return std::nullopt;
  NeighborsUnit::Input input{.slot = info->slot, .is_text = known.is_text, .codes = {}};
  if (!known.is_text) {
    if (number_slot(field.field, scope) == nullptr) return std::nullopt;
    return input;
  }
  // An unreadable cell may stand for an empty text.
  if (!is_index(*info) || known.codes.contains("")) return std::nullopt;
  for (const std::string& category : *info->categories) {
    const auto code = known.codes.find(category);
    input.codes.push_back(code == known.codes.end() ? NeighborsUnit::kNoSuchText : code->second);
  }
  return input;
}

bool is_known(const NearestNeighborModel& neighbors, const NeighborTable& table,
              const Model& model) {
  const ComparisonMeasure& measure = neighbors.measure;
  return model.math == MathContext::kDouble && !measure.similarity && table.failure.empty() &&
         (measure.measure == Measure::kEuclidean ||
          measure.measure == Measure::kSquaredEuclidean) &&
         std::ranges::all_of(neighbors.inputs,
                             [&](const ComparisonField& input) {
                               const CompareFunction function = function_of(input, measure);
                               return function == CompareFunction::kAbsDiff ||
                                      function == CompareFunction::kDelta;
                             }) &&
         table.targets.size() == 1 &&
         table.targets[0].is_categorical == (model.function == MiningFunction::kClassification) &&
         (table.targets[0].is_categorical || neighbors.continuous != ContinuousScoring::kMedian) &&
         fits(table.ids.size(), table.inputs.size());
}

}  // namespace

std::optional<VectorMachineUnit> vector_machine_unit(const SupportVectorMachineModel& machine,
                                                     const Model& model, const NameScope& scope) {
  if (model.function != MiningFunction::kRegression || machine.machines.size() != 1)
    return std::nullopt;
  VectorMachineUnit unit;
  unit.kernel = machine.kernel;
  unit.has_vectors = machine.has_support_vectors;
  for (const auto& field : machine.fields) {
    const auto one = std::visit([&](const auto& it) { return component(it, scope); }, field);
    if (!one) return std::nullopt;
    unit.components.push_back(*one);
  }
  const auto& only = machine.machines[0];
  unit.coefficients = only.coefficients;
  unit.absolute_value = only.absolute_value;
  if (!unit.has_vectors) {
    if (unit.coefficients.size() > unit.components.size()) return std::nullopt;
    return unit;
  }
  if (only.vectors.size() != unit.coefficients.size() ||
      !fits(only.vectors.size(), unit.components.size()))
    return std::nullopt;
  unit.vectors = Points(only.vectors.size(), unit.components.size());
  for (std::size_t i = 0; i < only.vectors.size(); ++i) {
    if (!put(machine.vectors[only.vectors[i]], i, unit.vectors)) return std::nullopt;
  }
  return unit;
}

std::optional<NeighborsUnit> neighbors_unit(const NearestNeighborModel& neighbors,
                                            const NeighborTable& table, const Model& model,
                                            const NameScope& scope) {
  if (!is_known(neighbors, table, model)) return std::nullopt;
  const NeighborTable::Target& target = table.targets[0];
  NeighborsUnit unit;
  unit.takes_root = neighbors.measure.measure == Measure::kEuclidean;
  unit.neighbors = std::min(neighbors.neighbors, table.ids.size());
  unit.weighted = target.is_categorical
                      ? neighbors.categorical == CategoricalScoring::kWeightedMajorityVote
                      : neighbors.continuous == ContinuousScoring::kWeightedAverage;
  unit.threshold = neighbors.threshold;
  for (std::size_t j = 0; j < neighbors.inputs.size(); ++j) {
    const ComparisonField& field = neighbors.inputs[j];
    auto input = input_of(field, table.inputs[j], scope);
    if (!input) return std::nullopt;
    unit.inputs.push_back(*std::move(input));
    unit.differences.push_back(
        {.feature = static_cast<std::uint32_t>(j),
         .differs = function_of(field, neighbors.measure) == CompareFunction::kDelta,
         .weight = field.weight});
  }
  unit.records = Points(table.ids.size(), table.inputs.size());
  for (std::size_t r = 0; r < table.ids.size(); ++r) {
    const auto record = table.record(r);
    for (std::size_t j = 0; j < record.size(); ++j) unit.records.at(r, j) = record[j];
  }
  unit.numbers = target.numbers;
  unit.category_of.assign(target.category_of.begin(), target.category_of.end());
  unit.category_sizes = target.counts;
  return unit;
}

}  // namespace pmml::detail

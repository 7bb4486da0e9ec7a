// SPDX-License-Identifier: Apache-2.0
#include "learn/nearest_neighbors.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/number.h"
#include "learn/detail/design.h"
#include "learn/detail/frame.h"
#include "learn/detail/linear.h"
#include "learn/detail/outputs.h"
#include "learn/detail/problem.h"
#include "learn/detail/sample_rows.h"

namespace learn {
namespace {

constexpr double kTextsDiffer = 2;

std::vector<pmml::ComparisonField> comparison_of(const detail::Design& design,
                                                 const std::vector<detail::Moments>& moments) {
  std::vector<pmml::ComparisonField> fields(design.inputs.size());
  for (std::size_t j = 0; j < design.meanings.size(); ++j) {
    pmml::ComparisonField& field = fields[design.meanings[j].input];
    field.field = design.meanings[j].column;
    if (design.meanings[j].value) {
      field.weight = kTextsDiffer;
      field.compare_function = pmml::CompareFunction::kDelta;
    } else {
      field.weight = std::min(1 / (moments[j].deviation * moments[j].deviation), 1e300);
    }
  }
  return fields;
}

std::string cell(const data::Column& column, const detail::Input& input, std::size_t row) {
  return column.is_missing(row) ? *input.missing_replacement : column.text(row);
}

pmml::TrainingInstances instances_of(const TrainingSet& set, const detail::Design& design,
                                     const std::vector<std::uint32_t>& rows) {
  pmml::TrainingInstances instances;
  std::vector<const data::Column*> columns;
  for (const data::Column* column : set.columns) {
    if (columns.size() == design.inputs.size()) break;
    if (column->name() == design.inputs[columns.size()].column) columns.push_back(column);
  }
  for (const detail::Input& input : design.inputs) instances.fields.push_back(input.column);
  instances.fields.push_back(set.labels->column);
  instances.records.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    auto& record = instances.records.emplace_back();
    record.reserve(instances.fields.size());
    for (std::size_t i = 0; i < columns.size(); ++i)
      record.emplace_back(cell(*columns[i], design.inputs[i], row));
    record.emplace_back(set.labels->values[row] != 0 ? set.labels->positive : set.labels->negative);
  }
  return instances;
}

}  // namespace

base::Result<Trained> train_nearest_neighbors(const TrainingSet& set,
                                              const NearestNeighborsOptions& options,
                                              const LearnerSettings& settings) {
  if (options.most_rows < 2) return base::input_error("most_rows must be at least 2");
  TRY_ASSIGN(const detail::Design design, detail::design_of(set, settings, nullptr));
  if (design.inputs.empty())
    return base::input_error("every column is constant or empty: no row is nearer than another");
  const std::size_t rows = set.labels->values.size();
  const std::vector<std::uint32_t> drawn =
      detail::sample_by_weight(set.labels->values, set.weights, options.most_rows, settings.seed);
  if (options.k < 1 || options.k > drawn.size()) {
    return base::input_error("k is " + std::to_string(options.k) + ": it lies between 1 and the " +
                             std::to_string(drawn.size()) + " rows that are stored");
  }

  Trained trained;
  trained.notes = detail::texts_of(design.notes);
  if (rows > options.most_rows) trained.notes.push_back(detail::sample_note(drawn.size(), rows));
  pmml::NearestNeighborModel body;
  body.neighbors = options.k;
  body.categorical = options.distance_weights ? pmml::CategoricalScoring::kWeightedMajorityVote
                                              : pmml::CategoricalScoring::kMajorityVote;
  body.inputs = comparison_of(design, detail::moments_of(design, set, settings.threads));
  body.instances = instances_of(set, design, drawn);
  trained.document = detail::frame(design.inputs, *set.labels, "nearest neighbours", settings.name);
  trained.document.model.body = std::move(body);
  detail::add_outputs(trained.document, *set.labels);
  return trained;
}

}  // namespace learn

// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/neighbor_names.h"
#include "pmml/read/chapters.h"
#include "pmml/read/comparison.h"
#include "pmml/read/matrix.h"
#include "pmml/read/training_instances.h"

namespace pmml::detail {
namespace {

std::vector<std::string> targets_of(const Model& model) {
  std::vector<std::string> targets;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kTarget) targets.push_back(field.name);
  }
  return targets;
}

void read_inputs(const Element& element, NearestNeighborModel& neighbors) {
  element.only({});
  for (const Element& child : element.children()) {
    if (!child.is("KNNInput")) {
      child.refuse_here();
      continue;
    }
    child.only({"field", "fieldWeight", "compareFunction"});
    neighbors.inputs.push_back(read_comparison_field(child));
  }
  if (neighbors.inputs.empty()) element.refuse("one or more KNNInput are needed");
}

}  // namespace

void read_nearest_neighbor(const Element& element, Model& model, int) {
  only_model(element,
             {"numberOfNeighbors", "continuousScoringMethod", "categoricalScoringMethod",
              "instanceIdVariable", "threshold"},
             {"TrainingInstances", "ComparisonMeasure", "KNNInputs"});
  NearestNeighborModel neighbors;
  neighbors.neighbors = read_count(element, "numberOfNeighbors", 1, kMaxArraySize);
  neighbors.continuous =
      element.choice("continuousScoringMethod", kContinuousScorings, ContinuousScoring::kAverage);
  neighbors.categorical = element.choice("categoricalScoringMethod", kCategoricalScorings,
                                         CategoricalScoring::kMajorityVote);
  neighbors.id_field = element.find("instanceIdVariable");
  neighbors.threshold = element.number("threshold", 0.001);
  bool has_instances = false;
  bool has_measure = false;
  for (const Element& child : element.children()) {
    if (child.is("TrainingInstances")) {
      neighbors.instances = read_training_instances(child, targets_of(model));
      has_instances = true;
    } else if (child.is("ComparisonMeasure")) {
      neighbors.measure = read_comparison_measure(child);
      has_measure = true;
    } else if (child.is("KNNInputs")) {
      read_inputs(child, neighbors);
    }
  }
  if (!has_instances || !has_measure || neighbors.inputs.empty())
    element.refuse("TrainingInstances, a ComparisonMeasure and KNNInputs are needed");
  model.body = std::move(neighbors);
}

}  // namespace pmml::detail

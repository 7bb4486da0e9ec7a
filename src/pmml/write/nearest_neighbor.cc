// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/neighbor_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/comparison.h"
#include "pmml/write/training_instances.h"

namespace pmml::detail {

void write_attributes(const NearestNeighborModel& neighbors, XmlText& xml) {
  xml.attribute("numberOfNeighbors", std::to_string(neighbors.neighbors));
  if (neighbors.continuous != ContinuousScoring::kAverage)
    xml.choice("continuousScoringMethod", kContinuousScorings, neighbors.continuous);
  if (neighbors.categorical != CategoricalScoring::kMajorityVote)
    xml.choice("categoricalScoringMethod", kCategoricalScorings, neighbors.categorical);
  xml.optional("instanceIdVariable", neighbors.id_field);
  if (neighbors.threshold != 0.001) xml.number("threshold", neighbors.threshold);
}

void write_body(const NearestNeighborModel& neighbors, XmlText& xml) {
  write_training_instances(neighbors.instances, xml);
  write_comparison_measure(neighbors.measure, xml);
  xml.open("KNNInputs");
  for (const ComparisonField& input : neighbors.inputs) {
    xml.open("KNNInput");
    write_comparison_attributes(input, xml);
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

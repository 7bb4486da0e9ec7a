// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/comparison.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

void write_field(const ComparisonField& field, bool center, XmlText& xml) {
  xml.open("ClusteringField");
  write_comparison_attributes(field, xml);
  if (!center) xml.attribute("isCenterField", "false");
  write_comparison_table(field, xml);
  xml.close();
}

}  // namespace

void write_attributes(const ClusteringModel& clustering, XmlText& xml) {
  xml.attribute("modelClass", "centerBased");
  xml.attribute("numberOfClusters", std::to_string(clustering.clusters.size()));
}

void write_body(const ClusteringModel& clustering, XmlText& xml) {
  write_comparison_measure(clustering.measure, xml);
  for (const ComparisonField& field : clustering.fields) write_field(field, true, xml);
  for (const ComparisonField& field : clustering.other_fields) write_field(field, false, xml);
  if (!clustering.missing_weights.empty()) {
    xml.open("MissingValueWeights");
    write_number_array(clustering.missing_weights, xml);
    xml.close();
  }
  for (const Cluster& cluster : clustering.clusters) {
    xml.open("Cluster");
    xml.optional("id", cluster.id);
    xml.optional("name", cluster.name);
    xml.optional_number("size", cluster.size);
    write_number_array(cluster.center, xml);
    xml.close();
  }
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"
#include "pmml/read/comparison.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

bool is_numbers(const Element& element) {
  return element.is("Array") || is_sparse_array(element.name());
}

// One number per field, from an Array or a sparse one; nothing is allocated for a wrong count.
std::vector<double> read_coordinates(const Element& element, std::size_t fields) {
  if (!is_sparse_array(element.name())) return read_numbers(element, fields);
  const SparseArray sparse = read_sparse_array(element);
  if (sparse.size > fields) {
    element.refuse("has " + std::to_string(sparse.size) + " numbers; there are " +
                   std::to_string(fields) + " fields");
    return {};
  }
  std::vector<double> numbers(fields, sparse.default_value);
  for (const SparseArray::Entry& entry : sparse.entries) numbers[entry.index] = entry.value;
  return numbers;
}

void read_field(const Element& element, ClusteringModel& clustering) {
  element.only({"field", "isCenterField", "fieldWeight", "similarityScale", "compareFunction"});
  const bool center = element.boolean("isCenterField", true);
  auto& fields = center ? clustering.fields : clustering.other_fields;
  fields.push_back(read_comparison_field(element));
}

Cluster read_cluster(const Element& element, std::size_t fields) {
  element.only({"id", "name", "size"});
  Cluster cluster;
  cluster.id = element.find("id");
  cluster.name = element.find("name");
  cluster.size = element.find_number("size");
  bool has_center = false;
  for (const Element& child : element.children()) {
    if (is_numbers(child) && !has_center) {
      cluster.center = read_coordinates(child, fields);
      has_center = true;
    } else if (!child.is("KohonenMap") && !child.is("Partition") && !child.is("Covariances")) {
      child.refuse_here();  // Those three describe a cluster; no record is compared with them.
    }
  }
  if (!has_center) element.refuse("an Array with the center is needed");
  return cluster;
}

}  // namespace

void read_clustering(const Element& element, Model& model, int) {
  only_model(element, {"modelClass", "numberOfClusters"},
             {"ComparisonMeasure", "ClusteringField", "MissingValueWeights", "Cluster"});
  const std::string model_class = element.required("modelClass");
  if (model_class == "distributionBased") {
    element.refuse(
        "modelClass is distributionBased, for which the standard gives no way of scoring; export "
        "the model with centers");
  } else if (model_class != "centerBased") {
    element.refuse("modelClass is '" + model_class + "': expected centerBased");
  }
  ClusteringModel clustering;
  std::size_t measures = 0;
  for (const Element& child : element.children()) {
    if (child.is("ClusteringField")) read_field(child, clustering);
    if (!child.is("ComparisonMeasure")) continue;
    clustering.measure = read_comparison_measure(child);
    ++measures;
  }
  if (measures != 1) element.refuse("exactly one ComparisonMeasure is needed");
  if (clustering.fields.empty()) element.refuse("one or more ClusteringField are needed");
  for (const Element& child : element.children()) {
    if (child.is("Cluster")) {
      clustering.clusters.push_back(read_cluster(child, clustering.fields.size()));
    } else if (child.is("MissingValueWeights")) {
      child.only({});
      const auto arrays = child.children();
      if (arrays.size() != 1 || !is_numbers(arrays[0])) {
        child.refuse("exactly one Array is needed");
      } else {
        clustering.missing_weights = read_coordinates(arrays[0], clustering.fields.size());
      }
    }
  }
  if (clustering.clusters.empty()) element.refuse("one or more Cluster are needed");
  if (element.find("numberOfClusters") &&
      element.number("numberOfClusters", 0) != static_cast<double>(clustering.clusters.size())) {
    element.refuse("numberOfClusters is '" + element.text("numberOfClusters") +
                   "', but there are " + std::to_string(clustering.clusters.size()) +
                   " Cluster elements");
  }
  model.body = std::move(clustering);
}

}  // namespace pmml::detail

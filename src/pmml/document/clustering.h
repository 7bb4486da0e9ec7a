// SPDX-License-Identifier: Apache-2.0
// ClusteringModel (PMML 4.4 «ClusteringModel»), center-based.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/comparison.h"

namespace pmml {

struct Cluster {
  std::optional<std::string> id = {};  // Absent: its place in the list, from 1.
  std::optional<std::string> name = {};
  std::optional<double> size = {};  // How many training records it has.
  std::vector<double> center = {};  // One coordinate per field.
  bool operator==(const Cluster&) const = default;
};

struct ClusteringModel {
  ComparisonMeasure measure = {};
  std::vector<ComparisonField> fields = {};        // The coordinates of the centers.
  std::vector<ComparisonField> other_fields = {};  // isCenterField="false": not compared.
  std::vector<double> missing_weights = {};        // One per field; empty: all 1.
  std::vector<Cluster> clusters = {};
  bool operator==(const ClusteringModel&) const = default;
};

[[nodiscard]] inline std::string id_of(const ClusteringModel& model, std::size_t cluster) {
  return model.clusters[cluster].id.value_or(std::to_string(cluster + 1));
}

}  // namespace pmml

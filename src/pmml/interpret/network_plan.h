// SPDX-License-Identifier: Apache-2.0
// A Bayesian network with its names resolved: made once for a document, not once a row.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pmml/document/document.h"

namespace pmml {

struct NetworkPlan {
  // What the cases of a node are told apart by.
  struct Parent {
    std::string name = {};
    std::optional<std::size_t> node = {};  // Nothing: a derived field of the node itself.
    std::vector<std::string> values = {};  // Of a derived field: those that the cases name.
  };
  struct Node {
    const BayesianNode* source = nullptr;
    std::vector<std::string> values = {};   // Discrete: in order of appearance.
    std::vector<std::size_t> depends = {};  // Other nodes, rising.
    std::vector<Parent> parents = {};
    // By the places of the parents' values: an index into source->cases.
    std::map<std::vector<std::size_t>, std::size_t> cases = {};
    std::vector<std::vector<double>> probabilities = {};  // By case, one per value.
  };
  std::vector<Node> nodes = {};
  std::unordered_map<std::string, std::size_t> index = {};  // By name.
  // By target: the order in which other nodes are summed out.
  std::unordered_map<std::size_t, std::vector<std::size_t>> orders = {};
  std::string failure = {};  // Why the network makes no sense; empty where it does.

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
    const auto found = index.find(name);
    return found == index.end() ? std::nullopt : std::optional(found->second);
  }
};

// Of a BayesianNetworkModel. Nothing that a network says makes this slow or large: a network whose
// inference would need more than the limits below gets a failure.
NetworkPlan make_network_plan(const BayesianNetworkModel& network, const Model& model);

inline constexpr std::size_t kMaxFactorSize = std::size_t{1} << 18;
inline constexpr std::size_t kMaxFactorSum = std::size_t{1} << 20;  // Of all tables of one row.
inline constexpr std::size_t kMaxNetworkNodes = 1000;
inline constexpr std::size_t kMaxNodeValues = 1000;

// How many entries a table over these nodes has; kMaxFactorSize + 1 for anything larger. `sizes`:
// values by node.
std::size_t table_size(const std::vector<std::size_t>& nodes,
                       const std::vector<std::size_t>& sizes);

using NetworkPlans = std::unordered_map<const Model*, std::unique_ptr<const NetworkPlan>>;
NetworkPlans make_network_plans(const Document& document);

}  // namespace pmml

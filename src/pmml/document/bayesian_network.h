// SPDX-License-Identifier: Apache-2.0
// BayesianNetworkModel (PMML 4.4 «BayesianNetwork»).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/field.h"

namespace pmml {

// Of a continuous node; its parameters may name other nodes.
struct BayesianDistribution {
  enum class Kind { kNormal, kUniform, kTriangular };
  Kind kind = Kind::kNormal;
  std::optional<Expression> mean = {};      // Normal, triangular.
  std::optional<Expression> variance = {};  // Normal.
  std::optional<Expression> lower = {};     // Uniform, triangular.
  std::optional<Expression> upper = {};
  bool operator==(const BayesianDistribution&) const = default;
};

// What a node is like where its parents have certain values.
struct BayesianCase {
  struct ParentValue {
    std::string parent = {};  // Another node, or a derived field of this one.
    std::string value = {};
    bool operator==(const ParentValue&) const = default;
  };
  struct Probability {
    std::string value = {};
    double probability = 0;
    bool operator==(const Probability&) const = default;
  };
  std::vector<ParentValue> parents = {};
  std::vector<Probability> probabilities = {};            // Discrete nodes.
  std::optional<BayesianDistribution> distribution = {};  // Continuous nodes.
  bool operator==(const BayesianCase&) const = default;
};

struct BayesianNode {
  std::string name = {};
  bool is_continuous = false;
  std::vector<DerivedField> derived = {};  // Seen by this node only.
  std::vector<BayesianCase> cases = {};    // One without parents, or one per values of them.
  bool operator==(const BayesianNode&) const = default;
};

struct BayesianNetworkModel {
  std::vector<BayesianNode> nodes = {};
  bool operator==(const BayesianNetworkModel&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/bayesian_names.h"
#include "pmml/read/chapters.h"
#include "pmml/read/expression.h"
#include "pmml/read/field.h"

namespace pmml::detail {
namespace {

BayesianDistribution read_distribution(const Element& element) {
  BayesianDistribution result;
  element.only({});
  const auto children = element.children();
  if (children.size() != 1) {
    element.refuse("exactly one distribution is needed");
    return result;
  }
  const Element& inner = children[0];
  inner.only({});
  const auto kind = find_name(kBayesianDistributions, inner.name());
  if (!kind) {
    inner.refuse(inner.is("LognormalDistributionForBN")
                     ? "the standard does not say whether its Mean and Variance are those of the "
                       "variable or of its logarithm; state a normal distribution of the logarithm"
                     : "this scorer knows normal, uniform and triangular distributions");
    return result;
  }
  result.kind = *kind;
  for (const Element& parameter : inner.children()) {
    std::optional<Expression>* place = parameter.is("Mean")       ? &result.mean
                                       : parameter.is("Variance") ? &result.variance
                                       : parameter.is("Lower")    ? &result.lower
                                       : parameter.is("Upper")    ? &result.upper
                                                                  : nullptr;
    if (place == nullptr || *place) {
      parameter.refuse_here();
      continue;
    }
    parameter.only({});
    *place = read_only_expression(parameter);
  }
  const bool normal = *kind == BayesianDistribution::Kind::kNormal;
  const bool uniform = *kind == BayesianDistribution::Kind::kUniform;
  if (result.mean.has_value() == uniform || result.variance.has_value() != normal ||
      result.lower.has_value() == normal || result.upper.has_value() == normal) {
    inner.refuse(normal    ? "Mean and Variance are needed, nothing else"
                 : uniform ? "Lower and Upper are needed, nothing else"
                           : "Mean, Lower and Upper are needed, nothing else");
  }
  return result;
}

// ValueProbability and ContinuousDistribution, of a node or of one of its cases.
bool read_outcome(const Element& child, bool continuous, BayesianCase& result) {
  if (!continuous && child.is("ValueProbability")) {
    child.only({"value", "probability"});
    result.probabilities.push_back({child.required("value"), child.required_number("probability")});
    return true;
  }
  if (continuous && child.is("ContinuousDistribution")) {
    if (result.distribution) child.refuse("only one distribution may stand here");
    result.distribution = read_distribution(child);
    return true;
  }
  return false;
}

BayesianCase read_case(const Element& element, bool continuous) {
  element.only({"count"});
  BayesianCase result;
  for (const Element& child : element.children()) {
    if (child.is("ParentValue")) {
      child.only({"parent", "value"});
      result.parents.push_back({child.required("parent"), child.required("value")});
    } else if (!read_outcome(child, continuous, result)) {
      child.refuse_here();
    }
  }
  if (result.probabilities.empty() && !result.distribution)
    element.refuse("a distribution is needed");
  return result;
}

BayesianNode read_node(const Element& element) {
  element.only({"name", "count"});
  BayesianNode node;
  node.name = element.required("name");
  node.is_continuous = element.is("ContinuousNode");
  const std::string_view conditional =
      node.is_continuous ? "ContinuousConditionalProbability" : "DiscreteConditionalProbability";
  BayesianCase root;
  for (const Element& child : element.children()) {
    if (child.is("DerivedField")) {
      node.derived.push_back(read_inner_derived_field(child));
      if (node.derived.back().name.empty()) child.refuse("attribute name is required");
    } else if (child.is(conditional)) {
      node.cases.push_back(read_case(child, node.is_continuous));
    } else if (!read_outcome(child, node.is_continuous, root)) {
      child.refuse_here();
    }
  }
  const bool has_root = !root.probabilities.empty() || root.distribution;
  if (has_root == !node.cases.empty())
    element.refuse("a distribution, or one for every case of the parents, is needed");
  if (has_root) node.cases.push_back(std::move(root));
  return node;
}

}  // namespace

void read_bayesian_network(const Element& element, Model& model, int) {
  // How the network was shaped and how its makers inferred; here inference is exact.
  only_model(element, {"modelType", "inferenceMethod"}, {"BayesianNetworkNodes"});
  BayesianNetworkModel network;
  for (const Element& child : element.children()) {
    if (!child.is("BayesianNetworkNodes")) continue;
    child.only({});
    for (const Element& node : child.children()) {
      if (node.is("DiscreteNode") || node.is("ContinuousNode")) {
        network.nodes.push_back(read_node(node));
      } else {
        node.refuse_here();
      }
    }
  }
  if (network.nodes.empty()) element.refuse("BayesianNetworkNodes with a node are needed");
  model.body = std::move(network);
}

}  // namespace pmml::detail

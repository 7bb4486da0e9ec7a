// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/network_plan.h"

namespace pmml {
namespace {

base::Result<void> check_expressions(const BayesianNode& node, const std::set<std::string>& nodes,
                                     const FieldChecks& checks) {
  const std::string user = "the node '" + node.name + "'";
  std::set<std::string> names = nodes;
  for (const DerivedField& field : node.derived) {
    TRY(checks.expression_over(field.expression, names, user));
    if (!names.insert(field.name).second)
      return checks.refuse("has the DerivedField '" + field.name + "' twice in " + user);
  }
  for (const BayesianCase& one : node.cases) {
    if (node.is_continuous != one.distribution.has_value())
      return checks.refuse("has a case without a distribution in " + user);
    if (!one.distribution) continue;
    for (const auto* parameter : {&one.distribution->mean, &one.distribution->variance,
                                  &one.distribution->lower, &one.distribution->upper}) {
      if (*parameter) TRY(checks.expression_over(**parameter, names, user));
    }
  }
  return {};
}

bool is_target(const std::string& name, const Model& model) {
  return std::ranges::any_of(model.mining_schema, [&](const MiningField& field) {
    return field.usage == Usage::kTarget && field.name == name;
  });
}

// Everything that depends on a node, directly or through others.
std::vector<bool> effects_of(std::size_t cause, const NetworkPlan& plan) {
  std::vector<std::vector<std::size_t>> children(plan.nodes.size());
  for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
    for (const std::size_t parent : plan.nodes[n].depends) children[parent].push_back(n);
  }
  std::vector<bool> effects(plan.nodes.size(), false);
  std::vector<std::size_t> pending = children[cause];
  while (!pending.empty()) {
    const std::size_t node = pending.back();
    pending.pop_back();
    if (effects[node]) continue;
    effects[node] = true;
    pending.insert(pending.end(), children[node].begin(), children[node].end());
  }
  return effects;
}

// Sums over discrete nodes are exact. A continuous node that no row can tell the value of would
// have to be integrated over, if it is a cause of anything that matters.
base::Result<void> check_continuous(std::size_t index, const NetworkPlan& plan, const Model& model,
                                    const FieldChecks& checks) {
  const BayesianNode& node = *plan.nodes[index].source;
  const bool target = is_target(node.name, model);
  if (!node.is_continuous || (!target && checks.field(node.name, ""))) return {};
  const std::vector<bool> effects = effects_of(index, plan);
  for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
    const std::string& effect = plan.nodes[n].source->name;
    if (!effects[n] || !checks.field(effect, "")) continue;
    return checks.refuse("has the continuous node '" + node.name + "', which is " +
                         (target ? "asked for" : "no input") + " and a cause of '" + effect +
                         "': that has no exact inference by sums; make the node discrete");
  }
  return {};
}

base::Result<void> check_targets(const NetworkPlan& plan, const Model& model,
                                 const FieldChecks& checks) {
  bool any = false;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage != Usage::kTarget) continue;
    any = true;
    const auto node = plan.find(field.name);
    if (!node) return checks.refuse("has the target '" + field.name + "', which is no node");
    const MiningFunction function = plan.nodes[*node].source->is_continuous
                                        ? MiningFunction::kRegression
                                        : MiningFunction::kClassification;
    if (function != model.function && model.function != MiningFunction::kMixed) {
      return checks.refuse(
          "has the target '" + field.name + "', whose node asks for functionName " +
          (function == MiningFunction::kRegression ? "regression" : "classification"));
    }
  }
  if (!any) return checks.refuse("is a network without a target field");
  return {};
}

}  // namespace

base::Result<void> check_body(const BayesianNetworkModel& network, const Model& model,
                              const FieldChecks& checks) {
  std::set<std::string> names;
  for (const BayesianNode& node : network.nodes) names.insert(node.name);
  for (const BayesianNode& node : network.nodes) TRY(check_expressions(node, names, checks));
  const NetworkPlan plan = make_network_plan(network, model);
  if (!plan.failure.empty()) return checks.refuse(plan.failure);
  TRY(check_targets(plan, model, checks));
  for (std::size_t n = 0; n < plan.nodes.size(); ++n) TRY(check_continuous(n, plan, model, checks));
  return {};
}

void mention(const BayesianNetworkModel& network, Mentions& mentions) {
  for (const BayesianNode& node : network.nodes) {
    for (const DerivedField& field : node.derived) mentions.expression(field.expression);
    for (const BayesianCase& one : node.cases) {
      for (const auto& parent : one.parents) mentions.value(parent.parent, parent.value);
      for (const auto& entry : one.probabilities) mentions.value(node.name, entry.value);
      if (!one.distribution) continue;
      for (const auto* parameter : {&one.distribution->mean, &one.distribution->variance,
                                    &one.distribution->lower, &one.distribution->upper}) {
        if (*parameter) mentions.expression(**parameter);
      }
    }
  }
}

void list_categories(const BayesianNetworkModel& network, const Model& model,
                     const CategoryList& category) {
  for (const MiningField& field : model.mining_schema) {
    if (field.usage != Usage::kTarget) continue;
    for (const BayesianNode& node : network.nodes) {
      if (node.name != field.name) continue;
      for (const BayesianCase& one : node.cases) {
        for (const auto& entry : one.probabilities) category(entry.value);
      }
    }
    return;
  }
}

}  // namespace pmml

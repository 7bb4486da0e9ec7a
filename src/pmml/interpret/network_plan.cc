// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/network_plan.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "pmml/compile/references.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

// Values in order of appearance, found by any spelling of theirs.
class Values {
 public:
  explicit Values(std::vector<std::string>& values) : values_(&values) {}

  std::optional<std::size_t> find(const std::string& text) {
    if (const auto known = places_.find(text); known != places_.end()) return known->second;
    const auto found = std::ranges::find_if(
        *values_, [&](const std::string& value) { return same_category(value, text); });
    if (found == values_->end()) return std::nullopt;
    const auto place = static_cast<std::size_t>(found - values_->begin());
    places_.emplace(text, place);
    return place;
  }
  std::size_t find_or_add(const std::string& text) {
    if (const auto place = find(text)) return *place;
    values_->push_back(text);
    return values_->size() - 1;
  }

 private:
  std::vector<std::string>* values_;
  std::unordered_map<std::string, std::size_t> places_;
};

class Planner {
 public:
  explicit Planner(const BayesianNetworkModel& network) : network_(network) {}

  NetworkPlan plan() {
    if (network_.nodes.size() > kMaxNetworkNodes) {
      fail("has more than " + std::to_string(kMaxNetworkNodes) + " nodes");
      return std::move(plan_);
    }
    for (const BayesianNode& node : network_.nodes) {
      if (!plan_.index.emplace(node.name, plan_.nodes.size()).second)
        fail("has two nodes '" + node.name + "'");
      plan_.nodes.push_back({.source = &node});
    }
    for (NetworkPlan::Node& node : plan_.nodes) list_values(node);
    if (!plan_.failure.empty()) return std::move(plan_);
    for (NetworkPlan::Node& node : plan_.nodes) {
      resolve_parents(node);
      find_dependencies(node);
      if (plan_.failure.empty()) index_cases(node);
    }
    if (plan_.failure.empty()) check_cycles();
    return std::move(plan_);
  }

 private:
  void fail(const std::string& what) {
    if (plan_.failure.empty()) plan_.failure = what;
  }

  void list_values(NetworkPlan::Node& node) {
    Values& values = values_.emplace_back(node.values);
    if (node.source->is_continuous) return;
    for (const BayesianCase& one : node.source->cases) {
      for (const auto& entry : one.probabilities) {
        if (entry.value.empty()) return fail("has a node with an empty value");
        values.find_or_add(entry.value);
      }
      if (node.values.size() > kMaxNodeValues)
        return fail("has a node with more than " + std::to_string(kMaxNodeValues) + " values");
    }
  }

  // The parents that the first case names; every other case must name the same.
  void resolve_parents(NetworkPlan::Node& node) {
    if (node.source->cases.empty()) return fail("has the node '" + node.source->name + "' empty");
    for (const auto& parent : node.source->cases[0].parents) {
      NetworkPlan::Parent resolved{.name = parent.parent, .node = plan_.find(parent.parent)};
      const bool derived = std::ranges::find(node.source->derived, parent.parent,
                                             &DerivedField::name) != node.source->derived.end();
      if (derived) resolved.node.reset();
      if (!derived && !resolved.node) {
        return fail("has the node '" + node.source->name + "' with the parent '" + parent.parent +
                    "', which is neither a node nor a DerivedField of it");
      }
      if (resolved.node) {
        if (network_.nodes[*resolved.node].is_continuous) {
          return fail("has the continuous node '" + parent.parent +
                      "' as a parent with values; a DerivedField must make it discrete");
        }
      }
      node.parents.push_back(std::move(resolved));
    }
  }

  void find_dependencies(NetworkPlan::Node& node) {
    std::set<std::size_t> found;
    const auto add = [&](const std::string& name) {
      if (const auto other = plan_.find(name)) found.insert(*other);
    };
    const auto add_fields = [&](const std::optional<Expression>& expression) {
      if (!expression) return;
      for (const std::string& name : fields_of(*expression)) add(name);
    };
    for (const NetworkPlan::Parent& parent : node.parents) {
      if (parent.node) found.insert(*parent.node);
    }
    for (const DerivedField& field : node.source->derived) add_fields(field.expression);
    for (const BayesianCase& one : node.source->cases) {
      if (!one.distribution) continue;
      add_fields(one.distribution->mean);
      add_fields(one.distribution->variance);
      add_fields(one.distribution->lower);
      add_fields(one.distribution->upper);
    }
    // A derived field may have the name of a node, and is meant then.
    for (const DerivedField& field : node.source->derived) {
      if (const auto shadowed = plan_.find(field.name)) {
        found.erase(*shadowed);
        fail("has the node '" + node.source->name + "' with the DerivedField '" + field.name +
             "', which is the name of a node");
      }
    }
    node.depends.assign(found.begin(), found.end());
  }

  // The places of a case's parent values, in the order of the node's parents.
  std::optional<std::vector<std::size_t>> places(const NetworkPlan::Node& node,
                                                 const BayesianCase& one,
                                                 std::vector<Values>& derived) {
    std::vector<std::size_t> result;
    if (one.parents.size() != node.parents.size()) return std::nullopt;
    for (std::size_t p = 0; p < node.parents.size(); ++p) {
      const NetworkPlan::Parent& parent = node.parents[p];
      const auto named =
          std::ranges::find(one.parents, parent.name, &BayesianCase::ParentValue::parent);
      if (named == one.parents.end()) return std::nullopt;
      const auto place = parent.node ? values_[*parent.node].find(named->value)
                                     : derived[p].find_or_add(named->value);
      if (!place || *place >= kMaxNodeValues) return std::nullopt;
      result.push_back(*place);
    }
    return result;
  }

  void index_cases(NetworkPlan::Node& node) {
    const std::string who = "has the node '" + node.source->name + "', ";
    double combinations = 1;
    bool closed = true;
    for (const NetworkPlan::Parent& parent : node.parents) {
      if (parent.node) {
        combinations *= static_cast<double>(plan_.nodes[*parent.node].values.size());
      } else {
        closed = false;
      }
    }
    std::vector<Values> derived;
    for (NetworkPlan::Parent& parent : node.parents) derived.emplace_back(parent.values);
    for (std::size_t c = 0; c < node.source->cases.size(); ++c) {
      const BayesianCase& one = node.source->cases[c];
      const auto key = places(node, one, derived);
      if (!key) return fail(who + "a case of which does not name one value of each of its parents");
      if (!node.cases.emplace(*key, c).second)
        return fail(who + "which states the same case twice");
      if (!node.source->is_continuous && !add_probabilities(node, one))
        return fail(who + "whose probabilities are not 0 to 1 with the sum 1 in every case");
    }
    if (closed && static_cast<double>(node.cases.size()) != combinations)
      fail(who + "which lacks a case for some values of its parents");
  }

  // A little off 1 are the sums of rounded probabilities.
  bool add_probabilities(NetworkPlan::Node& node, const BayesianCase& one) {
    Values& values = values_[static_cast<std::size_t>(&node - plan_.nodes.data())];
    std::vector<double> probabilities(node.values.size(), 0.0);
    double sum = 0;
    for (const auto& entry : one.probabilities) {
      if (!(entry.probability >= 0 && entry.probability <= 1)) return false;
      probabilities[values.find_or_add(entry.value)] += entry.probability;
      sum += entry.probability;
    }
    node.probabilities.push_back(std::move(probabilities));
    return std::abs(sum - 1) <= 0.01;
  }

  // Nodes whose causes are all settled are settled; what is left over goes round in a circle.
  void check_cycles() {
    std::vector<bool> settled(plan_.nodes.size(), false);
    std::size_t count = 0;
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
        if (settled[n] ||
            !std::ranges::all_of(plan_.nodes[n].depends, [&](std::size_t d) { return settled[d]; }))
          continue;
        settled[n] = true;
        ++count;
        progress = true;
      }
    }
    if (count < plan_.nodes.size()) fail("has nodes that are, through others, their own cause");
  }

  const BayesianNetworkModel& network_;
  NetworkPlan plan_;
  std::vector<Values> values_;  // By node.
};

// Which nodes stand in a table together, and what tables grow to as nodes are summed out. A row
// observes some nodes and needs not all tables, so that its tables, in the same order, are smaller.
class Eliminator {
 public:
  explicit Eliminator(const NetworkPlan& plan) : plan_(plan) {
    for (const NetworkPlan::Node& node : plan.nodes) sizes_.push_back(node.values.size());
    neighbors_.resize(plan.nodes.size());
  }

  // Nothing where a table is too large.
  std::optional<std::vector<std::size_t>> order(std::size_t target) {
    std::vector<std::size_t> kept = discrete(plan_.nodes[target].depends);
    if (!plan_.nodes[target].source->is_continuous) kept = {target};
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
      std::vector<std::size_t> together = plan_.nodes[n].depends;
      together.push_back(n);
      if (!connect(discrete(together))) return std::nullopt;
    }
    if (!connect(kept)) return std::nullopt;
    std::vector<std::size_t> order;
    std::size_t sum = 0;
    std::set<std::size_t> left;
    for (std::size_t n = 0; n < sizes_.size(); ++n) {
      if (sizes_[n] > 1 && std::ranges::find(kept, n) == kept.end()) left.insert(n);
    }
    while (!left.empty()) {
      std::size_t best = *left.begin();
      for (const std::size_t node : left) {
        if (size_with(node) < size_with(best)) best = node;
      }
      sum += size_with(best);
      if (size_with(best) > kMaxFactorSize || sum > kMaxFactorSum) return std::nullopt;
      remove(best);
      left.erase(best);
      order.push_back(best);
    }
    return order;
  }

 private:
  // Those among which there is a choice.
  [[nodiscard]] std::vector<std::size_t> discrete(std::vector<std::size_t> nodes) const {
    std::erase_if(nodes, [&](std::size_t n) { return sizes_[n] <= 1; });
    return nodes;
  }

  bool connect(const std::vector<std::size_t>& nodes) {
    if (table_size(nodes, sizes_) > kMaxFactorSize) return false;
    for (const std::size_t a : nodes) {
      for (const std::size_t b : nodes) {
        if (a != b) neighbors_[a].insert(b);
      }
    }
    return true;
  }

  [[nodiscard]] std::size_t size_with(std::size_t node) const {
    std::vector<std::size_t> nodes(neighbors_[node].begin(), neighbors_[node].end());
    nodes.push_back(node);
    return table_size(nodes, sizes_);
  }

  void remove(std::size_t node) {
    const std::vector<std::size_t> around(neighbors_[node].begin(), neighbors_[node].end());
    for (const std::size_t other : around) neighbors_[other].erase(node);
    connect(around);
  }

  const NetworkPlan& plan_;
  std::vector<std::size_t> sizes_;
  std::vector<std::set<std::size_t>> neighbors_;
};

void order_eliminations(const Model& model, NetworkPlan& plan) {
  for (const MiningField& field : model.mining_schema) {
    const auto target = field.usage == Usage::kTarget ? plan.find(field.name) : std::nullopt;
    if (!target) continue;
    auto order = Eliminator(plan).order(*target);
    if (!order) {
      plan.failure = "is a network whose exact inference needs a table of more than " +
                     std::to_string(kMaxFactorSize) + " entries, or tables of more than " +
                     std::to_string(kMaxFactorSum) + " together";
      return;
    }
    plan.orders.emplace(*target, *std::move(order));
  }
}

void make_plans(const Model& model, NetworkPlans& plans) {
  if (const auto* network = std::get_if<BayesianNetworkModel>(&model.body))
    plans.emplace(&model, std::make_unique<const NetworkPlan>(make_network_plan(*network, model)));
  for (const Model* inner : inner_models(model)) make_plans(*inner, plans);
}

}  // namespace

NetworkPlan make_network_plan(const BayesianNetworkModel& network, const Model& model) {
  NetworkPlan plan = Planner(network).plan();
  if (plan.failure.empty()) order_eliminations(model, plan);
  return plan;
}

std::size_t table_size(const std::vector<std::size_t>& nodes,
                       const std::vector<std::size_t>& sizes) {
  std::size_t size = 1;
  for (const std::size_t node : nodes) {
    if (sizes[node] > kMaxFactorSize / size) return kMaxFactorSize + 1;
    size *= sizes[node];
  }
  return size;
}

NetworkPlans make_network_plans(const Document& document) {
  NetworkPlans plans;
  make_plans(document.model, plans);
  return plans;
}

}  // namespace pmml

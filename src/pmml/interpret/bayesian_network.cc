// SPDX-License-Identifier: Apache-2.0
// Exact inference by variable elimination: tables over the nodes that are not observed are
// multiplied, and a node is summed out of the tables that hold it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "pmml/interpret/expression.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/network_plan.h"

namespace pmml {
namespace {

// One figure per combination of its nodes' values; the last node's runs fastest.
struct Table {
  std::vector<std::size_t> nodes = {};  // Rising.
  std::vector<double> figures = {};
};

// The places of values by node; only those of a table's nodes mean something.
using Places = std::vector<std::size_t>;

// Steps to the next combination; false after the last.
bool advance(const std::vector<std::size_t>& nodes, const std::vector<std::size_t>& sizes,
             Places& places) {
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (++places[*node] < sizes[*node]) return true;
    places[*node] = 0;
  }
  return false;
}

std::size_t position(const Table& table, const std::vector<std::size_t>& sizes,
                     const Places& places) {
  std::size_t at = 0;
  for (const std::size_t node : table.nodes) at = at * sizes[node] + places[node];
  return at;
}

// Only proportions matter, and small ones must not vanish.
void rescale(Table& table) {
  const double largest = *std::ranges::max_element(table.figures);
  if (!(largest > 0)) return;
  for (double& figure : table.figures) figure /= largest;
}

// The answer for one row and one target.
class Inference {
 public:
  Inference(const NetworkPlan& plan, std::size_t target, const Model& model, Scope& scope)
      : plan_(plan), target_(target), model_(model), scope_(scope) {}

  Outcome run() {
    Outcome outcome;
    outcome.function = plan_.nodes[target_].source->is_continuous ? MiningFunction::kRegression
                                                                  : MiningFunction::kClassification;
    observe();
    find_connected();
    if (!outcome_is_exact(outcome) || scope_.failed()) return outcome;
    std::vector<Table> tables;
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
      if (!connected_[n] || is_own_continuous(n)) continue;
      if (!make_table(n, tables)) return too_large(outcome);
    }
    if (scope_.failed()) return outcome;
    kept_ = is_continuous_target() ? hidden_scope(target_) : std::vector<std::size_t>{target_};
    Table joint;
    if (!eliminate(std::move(tables), joint)) return too_large(outcome);
    double sum = 0;
    for (const double figure : joint.figures) sum += figure;
    if (!(sum > 0)) {
      outcome.warning = "the values of the row cannot occur together";
      return outcome;
    }
    for (double& figure : joint.figures) figure /= sum;
    answer(joint, outcome);
    return outcome;
  }

 private:
  [[nodiscard]] bool is_continuous_target() const {
    return plan_.nodes[target_].source->is_continuous;
  }
  [[nodiscard]] bool is_own_continuous(std::size_t node) const {
    return node == target_ && is_continuous_target();
  }

  static Outcome too_large(Outcome outcome) {
    outcome.warning = "the network's inference needs a table of more than " +
                      std::to_string(kMaxFactorSize) + " entries";
    return outcome;
  }

  // What the row says of the nodes.
  void observe() {
    const std::size_t n = plan_.nodes.size();
    observed_.resize(n);
    sizes_.assign(n, 1);
    places_.assign(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      const NetworkPlan::Node& node = plan_.nodes[i];
      if (i != target_) {
        Value value = scope_.lookup(node.source->name);
        if (!value.missing) observed_[i] = std::move(value);
      }
      if (node.source->is_continuous) continue;
      if (!observed_[i]) {
        sizes_[i] = node.values.size();
        continue;
      }
      const auto place = place_of(*observed_[i], node.values);
      if (!place)
        scope_.fail("field '" + node.source->name + "' has a value that its node does not have");
      places_[i] = place.value_or(0);
    }
  }

  static std::optional<std::size_t> place_of(const Value& value,
                                             const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto candidate = parse_operand(values[i], value.type);
      if (candidate && compare(value, *candidate) == 0) return i;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_hidden(std::size_t node) const { return !observed_[node]; }

  // The hidden nodes that a node's distribution speaks of, itself among them.
  [[nodiscard]] std::vector<std::size_t> hidden_around(std::size_t node) const {
    std::vector<std::size_t> result;
    for (const std::size_t other : plan_.nodes[node].depends) {
      if (is_hidden(other)) result.push_back(other);
    }
    if (is_hidden(node)) result.push_back(node);
    std::ranges::sort(result);
    return result;
  }

  // Those of them that have several values, which a table is over.
  [[nodiscard]] std::vector<std::size_t> hidden_scope(std::size_t node) const {
    std::vector<std::size_t> result = hidden_around(node);
    std::erase_if(result, [&](std::size_t n) { return sizes_[n] == 1; });
    return result;
  }

  // Nodes that bear on the target: causes of what is observed or asked for, as far as hidden nodes
  // connect them with the target. What is left out only multiplies every figure by one constant.
  void find_connected() {
    const std::size_t n = plan_.nodes.size();
    std::vector<bool> relevant(n, false);
    std::vector<std::size_t> pending;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == target_ || !is_hidden(i)) pending.push_back(i);
    }
    while (!pending.empty()) {
      const std::size_t node = pending.back();
      pending.pop_back();
      if (relevant[node]) continue;
      relevant[node] = true;
      for (const std::size_t other : plan_.nodes[node].depends) pending.push_back(other);
    }
    std::vector<std::vector<std::size_t>> holders(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (!relevant[i]) continue;
      for (const std::size_t hidden : hidden_around(i)) holders[hidden].push_back(i);
    }
    connected_.assign(n, false);
    reached_.assign(n, false);
    pending = {target_};
    while (!pending.empty()) {
      const std::size_t hidden = pending.back();
      pending.pop_back();
      if (reached_[hidden]) continue;
      reached_[hidden] = true;
      for (const std::size_t holder : holders[hidden]) {
        connected_[holder] = true;
        for (const std::size_t other : hidden_around(holder)) pending.push_back(other);
      }
    }
  }

  // Sums are exact, integrals over a continuous node would not be.
  bool outcome_is_exact(Outcome& outcome) const {
    for (std::size_t i = 0; i < plan_.nodes.size(); ++i) {
      const std::string& name = plan_.nodes[i].source->name;
      if (i != target_ && reached_[i] && plan_.nodes[i].source->is_continuous) {
        outcome.warning = "the value of the continuous node '" + name + "' is missing";
        return false;
      }
      const auto& depends = plan_.nodes[i].depends;
      if (is_continuous_target() && connected_[i] &&
          std::ranges::find(depends, target_) != depends.end()) {
        outcome.warning = "the continuous node asked for is a cause of the node '" + name + "'";
        return false;
      }
    }
    return true;
  }

  // The node's probability or density for every combination of the hidden nodes around it.
  bool make_table(std::size_t node, std::vector<Table>& tables) {
    Table table{.nodes = hidden_scope(node)};
    const std::size_t size = table_size(table.nodes, sizes_);
    if (size > kMaxFactorSize) return false;
    table.figures.reserve(size);
    Places places = places_;
    do {
      table.figures.push_back(figure_of(node, places));
    } while (advance(table.nodes, sizes_, places) && !scope_.failed());
    if (scope_.failed()) table.figures.resize(size, 0);
    rescale(table);
    tables.push_back(std::move(table));
    return true;
  }

  double figure_of(std::size_t index, const Places& places) {
    const NetworkPlan::Node& node = plan_.nodes[index];
    Scope scope(scope_.names(), model_, scope_.row(), &scope_);
    const BayesianCase* one = find_case(index, places, scope);
    if (one == nullptr) return 0;
    if (!node.source->is_continuous) {
      const auto c = static_cast<std::size_t>(one - node.source->cases.data());
      return node.probabilities[c][places[index]];
    }
    const auto x = cast(*observed_[index], DataType::kDouble);
    if (!x) {
      scope_.fail("field '" + node.source->name + "' is not a number");
      return 0;
    }
    return density(*one->distribution, x->number, scope);
  }

  // Defines the nodes around one, and its derived fields, in a scope of its own; null and a failed
  // row where no case fits.
  const BayesianCase* find_case(std::size_t index, const Places& places, Scope& scope) {
    const NetworkPlan::Node& node = plan_.nodes[index];
    const bool needs_scope = !node.source->derived.empty() || node.source->is_continuous;
    if (needs_scope) {
      for (const std::size_t other : node.depends)
        scope.define(plan_.nodes[other].source->name, value_of(other, places));
      for (const DerivedField& field : node.source->derived) {
        const auto value = cast(evaluate(field.expression, scope), field.type);
        if (!value) scope.fail("derived field '" + field.name + "' is not of its type");
        scope.define(field.name, value.value_or(Value{}));
      }
    }
    std::vector<std::size_t> key;
    for (const NetworkPlan::Parent& parent : node.parents) {
      const auto place = parent.node ? std::optional(places[*parent.node])
                                     : place_of(scope.lookup(parent.name), parent.values);
      if (place) key.push_back(*place);
    }
    const auto found = key.size() == node.parents.size() ? node.cases.find(key) : node.cases.end();
    if (found == node.cases.end()) {
      scope_.fail("the node '" + node.source->name + "' has no case for the values of its parents");
      return nullptr;
    }
    return &node.source->cases[found->second];
  }

  Value value_of(std::size_t node, const Places& places) {
    if (observed_[node]) return *observed_[node];
    const std::string& text = plan_.nodes[node].values[places[node]];
    const DataField* field = scope_.names().data_field(plan_.nodes[node].source->name);
    if (field != nullptr) {
      if (auto value = parse_value(text, field->type)) return *value;
    }
    return text_value(text);
  }

  double parameter(const std::optional<Expression>& expression, Scope& scope) {
    const auto value = cast(evaluate(*expression, scope), DataType::kDouble);
    if (value && !value->missing) return value->number;
    scope_.fail("a parameter of a distribution has no value");
    return std::numeric_limits<double>::quiet_NaN();
  }

  double density(const BayesianDistribution& distribution, double x, Scope& scope) {
    using Kind = BayesianDistribution::Kind;
    if (distribution.kind == Kind::kNormal) {
      const double mean = parameter(distribution.mean, scope);
      const double variance = parameter(distribution.variance, scope);
      if (!(variance > 0)) scope_.fail("the variance of a normal distribution is not above 0");
      const double distance = x - mean;
      return std::exp(-distance * distance / (2 * variance)) /
             std::sqrt(2 * std::numbers::pi * variance);
    }
    const double lower = parameter(distribution.lower, scope);
    const double upper = parameter(distribution.upper, scope);
    if (!(lower < upper)) scope_.fail("a distribution's Lower is not below its Upper");
    if (x < lower || x > upper) return 0;
    if (distribution.kind == Kind::kUniform) return 1 / (upper - lower);
    // The mean of a triangular distribution is (lower + mode + upper) / 3.
    const double mode = 3 * parameter(distribution.mean, scope) - lower - upper;
    if (!(mode >= lower && mode <= upper)) {
      scope_.fail("no triangular distribution has such a Mean between its Lower and Upper");
      return 0;
    }
    if (x < mode) return 2 * (x - lower) / ((upper - lower) * (mode - lower));
    if (x > mode) return 2 * (upper - x) / ((upper - lower) * (upper - mode));
    return 2 / (upper - lower);
  }

  double mean(const BayesianDistribution& distribution, Scope& scope) {
    if (distribution.kind != BayesianDistribution::Kind::kUniform)
      return parameter(distribution.mean, scope);
    return (parameter(distribution.lower, scope) + parameter(distribution.upper, scope)) / 2;
  }

  // The product of tables, over all their nodes.
  bool multiply(const std::vector<Table>& tables, const std::vector<std::size_t>& nodes,
                Table& product) {
    product.nodes = nodes;
    const std::size_t size = table_size(nodes, sizes_);
    if (size > kMaxFactorSize) return false;
    product.figures.reserve(size);
    Places places(plan_.nodes.size(), 0);
    do {
      double figure = 1;
      for (const Table& table : tables) figure *= table.figures[position(table, sizes_, places)];
      product.figures.push_back(figure);
    } while (advance(nodes, sizes_, places));
    rescale(product);
    return true;
  }

  [[nodiscard]] Table sum_out(const Table& table, std::size_t node) const {
    Table result;
    for (const std::size_t other : table.nodes) {
      if (other != node) result.nodes.push_back(other);
    }
    result.figures.assign(table_size(result.nodes, sizes_), 0);
    Places places(plan_.nodes.size(), 0);
    std::size_t at = 0;
    do {
      result.figures[position(result, sizes_, places)] += table.figures[at++];
    } while (advance(table.nodes, sizes_, places));
    return result;
  }

  // Sums out every node that is not kept; the product of what is left, over the kept ones.
  bool eliminate(std::vector<Table> tables, Table& joint) {
    for (const std::size_t node : plan_.orders.at(target_)) {
      std::vector<Table> with;
      std::vector<Table> without;
      std::set<std::size_t> nodes;
      for (Table& table : tables) {
        const bool holds = std::ranges::binary_search(table.nodes, node);
        if (holds) nodes.insert(table.nodes.begin(), table.nodes.end());
        (holds ? with : without).push_back(std::move(table));
      }
      if (!with.empty()) {
        Table product;
        if (!multiply(with, {nodes.begin(), nodes.end()}, product)) return false;
        without.push_back(sum_out(product, node));
        rescale(without.back());
      }
      tables = std::move(without);
    }
    return multiply(tables, kept_, joint);
  }

  void answer(const Table& joint, Outcome& outcome) {
    outcome.missing = false;
    if (!is_continuous_target()) {
      const auto& values = plan_.nodes[target_].values;
      for (std::size_t i = 0; i < values.size(); ++i)
        outcome.distribution.emplace_back(values[i], joint.figures[i]);
      outcome.category = most_probable(outcome.distribution);
      return;
    }
    Places places = places_;
    outcome.number = 0;
    std::size_t at = 0;
    do {
      const double probability = joint.figures[at++];
      if (probability == 0) continue;
      Scope scope(scope_.names(), model_, scope_.row(), &scope_);
      const BayesianCase* one = find_case(target_, places, scope);
      if (one == nullptr) break;
      outcome.number += probability * mean(*one->distribution, scope);
    } while (advance(joint.nodes, sizes_, places));
    outcome.missing = std::isnan(outcome.number);
  }

  const NetworkPlan& plan_;
  const std::size_t target_;
  const Model& model_;
  Scope& scope_;
  std::vector<std::optional<Value>> observed_;  // By node.
  std::vector<std::size_t> sizes_;              // Values by node; 1 where there is no choice.
  Places places_;                               // Of the observed values.
  std::vector<bool> connected_;                 // Nodes whose distributions bear on the target.
  std::vector<bool> reached_;                   // Hidden nodes among and around them.
  std::vector<std::size_t> kept_;
};

}  // namespace

Outcome evaluate_body(const BayesianNetworkModel&, const Model& model, Scope& scope) {
  const NetworkPlan& plan = scope.names().network_plan(model);
  std::vector<std::pair<std::string, Outcome>> targets;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage != Usage::kTarget) continue;
    const auto node = plan.find(field.name);
    targets.emplace_back(field.name, Inference(plan, node.value(), model, scope).run());
  }
  Outcome outcome = targets[0].second;
  if (targets.size() > 1) outcome.targets = std::move(targets);
  return outcome;
}

}  // namespace pmml

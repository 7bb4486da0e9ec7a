// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pmml/interpret/model.h"
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

constexpr auto kNoNode = static_cast<std::size_t>(-1);

std::optional<bool> evaluate_node(const TreeModel& tree, std::size_t node, Scope& scope) {
  const NodePredicate& predicate = tree.nodes[node].predicate;
  switch (predicate.kind) {
    case NodePredicate::Kind::kTrue:
      break;
    case NodePredicate::Kind::kFalse:
      return false;
    case NodePredicate::Kind::kSimple:
      return evaluate_comparison(tree.fields[predicate.index], predicate.comparison,
                                 tree.text(predicate.value), scope);
    case NodePredicate::Kind::kOther:
      return evaluate(tree.predicates[predicate.index], scope);
  }
  return true;
}

// Does an unknown alternative of a surrogate predicate decide nothing, so that a later one does?
bool uses_surrogate(const Predicate& predicate, Scope& scope) {
  const auto* compound = std::get_if<CompoundPredicate>(&predicate.is);
  if (compound == nullptr) return false;
  if (compound->boolean_operator == BooleanOperator::kSurrogate)
    return !evaluate(compound->children[0], scope);
  return std::ranges::any_of(compound->children,
                             [&](const Predicate& child) { return uses_surrogate(child, scope); });
}

bool uses_surrogate(const TreeModel& tree, std::size_t node, Scope& scope) {
  const NodePredicate& predicate = tree.nodes[node].predicate;
  return predicate.kind == NodePredicate::Kind::kOther &&
         uses_surrogate(tree.predicates[predicate.index], scope);
}

// Where a node passes the row on to: a child, several nodes, or the end of the walk.
struct Step {
  std::size_t child = kNoNode;
  bool null_prediction = false;
  bool stop_here = false;
  bool guessed = false;                    // A missing value had a say.
  std::vector<std::size_t> branches = {};  // The children that a missing value leaves open.
};

// The children from the first unknown one on that the row may belong to. weightedConfidence takes
// every sibling that is not false; aggregateNodes the nodes "which may be reached", of which the
// first true one is the last.
std::vector<std::size_t> open_branches(const TreeModel& tree, std::size_t node, std::size_t first,
                                       Scope& scope) {
  std::vector<std::size_t> branches;
  for (const std::size_t child : tree.children(node)) {
    if (child < first) continue;
    const auto truth = evaluate_node(tree, child, scope);
    if (truth == false) continue;
    branches.push_back(child);
    if (truth == true && tree.missing_value_strategy == MissingValueStrategy::kAggregateNodes)
      break;
  }
  return branches;
}

Step step(const TreeModel& tree, std::size_t node, Scope& scope) {
  for (const std::size_t child : tree.children(node)) {
    const auto truth = evaluate_node(tree, child, scope);
    if (truth == true) {
      // Only a penalty asks how the predicate came to be true.
      return {.child = child,
              .guessed = tree.missing_value_penalty != 1 && uses_surrogate(tree, child, scope)};
    }
    if (truth == false) continue;
    // The first unknown child decides at once, except under the strategy none.
    switch (tree.missing_value_strategy) {
      case MissingValueStrategy::kNone:
        continue;
      case MissingValueStrategy::kNullPrediction:
        return {.null_prediction = true};
      case MissingValueStrategy::kLastPrediction:
        return {.stop_here = true, .guessed = true};
      case MissingValueStrategy::kDefaultChild: {
        const auto preset = tree.default_child(node);
        if (!preset) return {.null_prediction = true};
        return {.child = *preset, .guessed = true};
      }
      case MissingValueStrategy::kWeightedConfidence:
      case MissingValueStrategy::kAggregateNodes:
        return {.guessed = true, .branches = open_branches(tree, node, child, scope)};
    }
  }
  if (tree.no_true_child_strategy == NoTrueChildStrategy::kReturnLastPrediction)
    return {.stop_here = true};
  return {.null_prediction = true};
}

// The end of a walk: a node that answers (kNoNode: none), or a node whose children share the
// answer.
struct End {
  std::size_t node = kNoNode;
  std::vector<std::size_t> branches = {};
  double penalty = 1;  // missingValuePenalty to the power of the steps that were guessed.
};

End walk(const TreeModel& tree, std::size_t at, Scope& scope) {
  End end;
  while (!tree.children(at).empty()) {
    Step next = step(tree, at, scope);
    if (next.null_prediction) return {};
    if (next.guessed) end.penalty *= tree.missing_value_penalty;
    if (!next.branches.empty()) {
      end.node = at;
      end.branches = std::move(next.branches);
      return end;
    }
    if (next.stop_here) break;
    at = next.child;
  }
  end.node = at;
  return end;
}

using Figures = std::vector<std::pair<std::string, double>>;

double& figure_of(Figures& figures, const std::string& category) {
  for (auto& entry : figures) {
    if (entry.first == category) return entry.second;
  }
  return figures.emplace_back(category, 0.0).second;
}

// What a node says of the categories.
struct Shares {
  Figures probabilities;
  Figures confidences;  // Those stated; a probability stands in for one that is not.
};

Shares shares_of(const TreeModel& tree, const TreeNode& node) {
  Shares shares;
  const auto entries = tree.distribution(node);
  double sum = 0;
  for (const ScoreDistribution& entry : entries) sum += entry.record_count;
  // A node that counts nothing still has its score.
  if (entries.empty() || (!entries[0].probability && !(sum > 0))) {
    if (node.score.given()) {
      shares.probabilities.emplace_back(tree.text(node.score), 1.0);
      shares.confidences.emplace_back(tree.text(node.score), 1.0);
    }
    return shares;
  }
  for (const ScoreDistribution& entry : entries) {
    const double probability =
        entries[0].probability ? entry.probability.value_or(0) : entry.record_count / sum;
    shares.probabilities.emplace_back(entry.value, probability);
    shares.confidences.emplace_back(entry.value, entry.confidence.value_or(probability));
  }
  return shares;
}

// PMML 4.4 «TreeModel», weightedConfidence: each branch is scored, with the same rule for what is
// unknown inside of it; its confidences count by its share of the records of the branches scored.
Shares weighted(const TreeModel& tree, std::size_t at, Scope& scope, double& penalty) {
  const End end = walk(tree, at, scope);
  penalty = end.penalty;
  if (end.node == kNoNode) return {};
  if (end.branches.empty()) return shares_of(tree, tree.nodes[end.node]);
  struct Branch {
    Shares shares;
    double records;
    double penalty;
  };
  std::vector<Branch> scored;
  double records = 0;
  for (const std::size_t branch : end.branches) {
    double inner = 1;
    Shares shares = weighted(tree, branch, scope, inner);
    if (shares.probabilities.empty()) continue;
    scored.push_back({std::move(shares), tree.nodes[branch].record_count, inner});
    records += scored.back().records;
  }
  Shares total;
  for (const Branch& branch : scored) {
    const double share =
        records > 0 ? branch.records / records : 1 / static_cast<double>(scored.size());
    for (const auto& [category, p] : branch.shares.probabilities)
      figure_of(total.probabilities, category) += share * p;
    for (const auto& [category, c] : branch.shares.confidences)
      figure_of(total.confidences, category) += share * branch.penalty * c;
  }
  return total;
}

// PMML 4.4 «TreeModel», aggregateNodes: the record counts of every leaf that the row may belong to.
void aggregate(const TreeModel& tree, std::size_t at, Scope& scope, Figures& counts) {
  const End end = walk(tree, at, scope);
  if (end.node == kNoNode) return;
  for (const std::size_t branch : end.branches) aggregate(tree, branch, scope, counts);
  if (!end.branches.empty()) return;
  for (const ScoreDistribution& entry : tree.distribution(tree.nodes[end.node]))
    figure_of(counts, entry.value) += entry.record_count;
}

void answer(Figures probabilities, Figures confidences, Outcome& outcome) {
  if (probabilities.empty()) return;
  outcome.distribution = std::move(probabilities);
  outcome.confidences = std::move(confidences);
  outcome.missing = false;
}

// The answer where branches stay open.
void answer_together(const TreeModel& tree, std::size_t root, Scope& scope, Outcome& outcome) {
  if (tree.missing_value_strategy == MissingValueStrategy::kWeightedConfidence) {
    double penalty = 1;
    Shares shares = weighted(tree, root, scope, penalty);
    for (auto& entry : shares.confidences) entry.second *= penalty;
    answer(std::move(shares.probabilities), std::move(shares.confidences), outcome);
    if (!outcome.missing) outcome.category = most_probable(outcome.confidences);
    return;
  }
  Figures counts;
  aggregate(tree, root, scope, counts);
  double sum = 0;
  for (const auto& entry : counts) sum += entry.second;
  if (!(sum > 0)) return;
  for (auto& entry : counts) entry.second /= sum;
  Figures confidences = counts;
  for (auto& entry : confidences) entry.second *= walk(tree, root, scope).penalty;
  answer(std::move(counts), std::move(confidences), outcome);
  outcome.category = most_probable(outcome.distribution);
}

}  // namespace

Outcome evaluate_body(const TreeModel& tree, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  if (evaluate_node(tree, 0, scope) != true) return outcome;
  const End end = walk(tree, 0, scope);
  if (end.node == kNoNode) return outcome;
  if (!end.branches.empty()) {
    answer_together(tree, 0, scope, outcome);
    return outcome;
  }
  const TreeNode& node = tree.nodes[end.node];
  const std::optional<std::string> id =
      node.id.given() ? std::optional(std::string(tree.text(node.id))) : std::nullopt;
  if (node.embedded != TreeNode::kNone) {
    const Model& embedded = tree.embedded[node.embedded];
    Scope inner(scope.names(), embedded, scope.row(), &scope);
    Outcome answer_of_model = evaluate(embedded, inner);
    if (!answer_of_model.missing) {
      answer_of_model.entity = id;
      return answer_of_model;
    }
    // Without its inputs it has no answer; the node's own score, where there is one, stands.
  }
  outcome.entity = id;
  if (model.function == MiningFunction::kRegression) {
    if (!node.score.given()) return outcome;
    const auto score =
        parse_value(tree.text(node.score),
                    model.math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble);
    outcome.number = score->number;
    outcome.missing = false;
    return outcome;
  }
  if (!node.score.given() && node.shares == 0) return outcome;
  Shares shares = shares_of(tree, node);
  for (auto& entry : shares.confidences) entry.second *= end.penalty;
  answer(std::move(shares.probabilities), std::move(shares.confidences), outcome);
  outcome.category =
      node.score.given() ? std::string(tree.text(node.score)) : most_probable(outcome.distribution);
  return outcome;
}

}  // namespace pmml

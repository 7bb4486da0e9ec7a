// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/interpret/model.h"
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

constexpr auto kNoNode = static_cast<std::size_t>(-1);

std::size_t default_child(const TreeModel& tree, const TreeNode& node) {
  for (const std::size_t child : node.children) {
    if (node.default_child && tree.nodes[child].id == node.default_child) return child;
  }
  return kNoNode;
}

// Where a node passes the row on to: a child, or the end of the walk.
struct Step {
  std::size_t child = kNoNode;
  bool null_prediction = false;
  bool stop_here = false;
};

Step step(const TreeModel& tree, const TreeNode& node, Scope& scope) {
  for (const std::size_t child : node.children) {
    const auto truth = evaluate(tree.nodes[child].predicate, scope);
    if (truth == true) return {.child = child};
    if (truth == false) continue;
    // The first unknown child decides at once, except under the strategy none.
    switch (tree.missing_value_strategy) {
      case MissingValueStrategy::kNone:
        continue;
      case MissingValueStrategy::kNullPrediction:
        return {.null_prediction = true};
      case MissingValueStrategy::kLastPrediction:
        return {.stop_here = true};
      case MissingValueStrategy::kDefaultChild: {
        const std::size_t preset = default_child(tree, node);
        if (preset == kNoNode) return {.null_prediction = true};
        return {.child = preset};
      }
    }
  }
  if (tree.no_true_child_strategy == NoTrueChildStrategy::kReturnLastPrediction)
    return {.stop_here = true};
  return {.null_prediction = true};
}

// The node that answers; kNoNode where none does.
std::size_t walk(const TreeModel& tree, Scope& scope) {
  if (evaluate(tree.nodes[0].predicate, scope) != true) return kNoNode;
  std::size_t at = 0;
  while (!tree.nodes[at].children.empty()) {
    const Step next = step(tree, tree.nodes[at], scope);
    if (next.null_prediction) return kNoNode;
    if (next.stop_here) break;
    at = next.child;
  }
  return at;
}

void fill_distribution(const TreeNode& node, Outcome& outcome) {
  const auto& entries = node.distribution;
  double sum = 0;
  for (const ScoreDistribution& entry : entries) sum += entry.record_count;
  // A node that counts nothing still has its score.
  if (entries.empty() || (!entries[0].probability && !(sum > 0))) {
    outcome.distribution.emplace_back(*node.score, 1.0);
    return;
  }
  for (const ScoreDistribution& entry : entries) {
    outcome.distribution.emplace_back(entry.value, entries[0].probability
                                                       ? entry.probability.value_or(0)
                                                       : entry.record_count / sum);
  }
}

}  // namespace

Outcome evaluate_body(const TreeModel& tree, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const std::size_t at = walk(tree, scope);
  if (at == kNoNode) return outcome;
  const TreeNode& node = tree.nodes[at];
  outcome.entity = node.id;
  if (model.function == MiningFunction::kRegression) {
    if (!node.score) return outcome;
    const auto score = parse_value(
        *node.score, model.math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble);
    outcome.number = score->number;
    outcome.missing = false;
    return outcome;
  }
  if (!node.score && node.distribution.empty()) return outcome;
  fill_distribution(node, outcome);
  outcome.category = node.score ? *node.score : most_probable(outcome.distribution);
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// TreeModel (PMML 4.4 «TreeModel»). A tree is one flat vector, so that no depth can overflow a
// stack.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/predicate.h"

namespace pmml {

enum class MissingValueStrategy {
  kNone,
  kLastPrediction,
  kNullPrediction,
  kDefaultChild,
  kWeightedConfidence,
  kAggregateNodes,
};
enum class NoTrueChildStrategy { kReturnNullPrediction, kReturnLastPrediction };

struct ScoreDistribution {
  std::string value = {};
  double record_count = 0;
  std::optional<double> probability = {};
  std::optional<double> confidence = {};
  bool operator==(const ScoreDistribution&) const = default;
};

struct TreeNode {
  std::optional<std::string> id = {};
  std::optional<std::string> score = {};
  std::optional<double> record_count = {};
  std::optional<std::string> default_child = {};  // The id of an immediate child.
  Predicate predicate = {};
  std::vector<ScoreDistribution> distribution = {};
  std::vector<std::size_t> children = {};    // Indices into TreeModel::nodes, in document order.
  std::optional<std::size_t> embedded = {};  // Into TreeModel::embedded: it answers for the
                                             // node; the score, where it has no answer.
  bool operator==(const TreeNode&) const = default;
};

struct Model;

struct TreeModel {
  MissingValueStrategy missing_value_strategy = MissingValueStrategy::kNone;
  NoTrueChildStrategy no_true_child_strategy = NoTrueChildStrategy::kReturnNullPrediction;
  double missing_value_penalty = 1;  // On confidences, for every step that a missing value decided.
  bool binary_splits = false;  // splitCharacteristic="binarySplit"; says nothing about scores.
  std::vector<TreeNode> nodes =
      {};                       // Pre-order: nodes[0] is the root, a child stands after its parent.
  std::vector<Model> embedded;  // Regressions and trees inside of nodes (PMML 3.0 to 4.0).
  bool operator==(const TreeModel&) const;
};

}  // namespace pmml

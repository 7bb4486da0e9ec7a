// SPDX-License-Identifier: Apache-2.0
// TreeModel (PMML 4.4 «TreeModel»). A tree is one flat vector, so that no depth can overflow a
// stack.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

// One of the texts of a tree, by where it stands in TreeModel::texts: a large tree has so many, and
// so short ones, that they stand together.
struct NodeText {
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  std::uint32_t first = kNone;
  std::uint32_t length = 0;
  [[nodiscard]] bool given() const { return first != kNone; }
};

// The predicate of a node. Nearly all of them are one comparison, which stands in the node.
struct NodePredicate {
  enum class Kind : std::uint8_t { kTrue, kFalse, kSimple, kOther };
  Kind kind = Kind::kTrue;
  Comparison comparison = Comparison::kEqual;  // kSimple.
  std::uint32_t index = 0;  // kSimple: into TreeModel::fields; kOther: into TreeModel::predicates.
  NodeText value = {};      // kSimple; none for kIsMissing and kIsNotMissing.
};

struct TreeNode {
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  NodeText id = {};
  NodeText score = {};
  NodeText default_child = {};  // The id of an immediate child.
  NodePredicate predicate = {};
  double record_count = std::numeric_limits<double>::quiet_NaN();  // NaN where none is stated.
  std::uint32_t first_share = 0;                                   // Into TreeModel::distributions,
  std::uint32_t shares = 0;                                        // so many.
  std::uint32_t after = 0;         // The index after its last descendant: children stand between.
  std::uint32_t embedded = kNone;  // Into TreeModel::embedded: it answers for the node; the
                                   // score, where it has no answer.
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
  // What nodes refer to.
  std::string texts = {};
  std::vector<std::string> fields = {};
  std::vector<Predicate> predicates = {};
  std::vector<ScoreDistribution> distributions = {};

  // The texts that nodes refer to; "" for none. Views hold until a text is added.
  [[nodiscard]] std::string_view text(NodeText text) const {
    return text.given() ? std::string_view(texts).substr(text.first, text.length)
                        : std::string_view();
  }
  NodeText add_text(std::string_view text);
  std::uint32_t add_field(std::string_view name);  // As one that is there, where it is.
  [[nodiscard]] NodePredicate add_predicate(const Predicate& predicate);
  [[nodiscard]] Predicate predicate(const TreeNode& node) const;
  void set_distribution(TreeNode& node, std::span<const ScoreDistribution> distribution);
  // Sets `after` of all nodes, which are there: parents[i] is the node above node i, of i > 0.
  void set_ends(std::span<const std::uint32_t> parents);
  [[nodiscard]] std::span<const ScoreDistribution> distribution(const TreeNode& node) const {
    return std::span(distributions).subspan(node.first_share, node.shares);
  }

  // The children of a node, in document order: for (const std::size_t child : tree.children(i)).
  class Children {
   public:
    Children(const std::vector<TreeNode>& nodes, std::size_t parent)
        : nodes_(&nodes), parent_(parent) {}
    struct Iterator {
      const std::vector<TreeNode>* nodes;
      std::size_t at;
      std::size_t operator*() const { return at; }
      Iterator& operator++() {
        at = (*nodes)[at].after;
        return *this;
      }
      bool operator==(const Iterator& other) const { return at == other.at; }
    };
    [[nodiscard]] Iterator begin() const { return {nodes_, parent_ + 1}; }
    [[nodiscard]] Iterator end() const { return {nodes_, (*nodes_)[parent_].after}; }
    [[nodiscard]] bool empty() const { return begin() == end(); }

   private:
    const std::vector<TreeNode>* nodes_;
    std::size_t parent_;
  };
  [[nodiscard]] Children children(std::size_t node) const { return {nodes, node}; }
  // The child that defaultChild names, the first one of that id; nothing where it names none.
  [[nodiscard]] std::optional<std::size_t> default_child(std::size_t node) const;

  // The same meaning, wherever the texts stand.
  bool operator==(const TreeModel&) const;
};

}  // namespace pmml

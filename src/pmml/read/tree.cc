// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "pmml/read/chapters.h"
#include "pmml/read/model.h"
#include "pmml/read/predicate.h"

namespace pmml::detail {
namespace {

// Large files are nodes and little else: what stands in them is gone through once.
class TreeReader {
 public:
  TreeReader(TreeModel& tree, int nesting) : tree_(tree), nesting_(nesting) {}

  // The node and all below it, in document order, without recursion.
  void read(const Element& root) {
    // A node takes some 150 bytes of a file. Where it takes less, the list grows on its way.
    tree_.nodes.reserve(root.text_length() / 150);
    std::vector<std::uint32_t> parents;
    std::vector<Pending> pending = {{root, TreeNode::kNone}};  // The next one last.
    std::vector<Element> children;
    while (!pending.empty()) {
      const Pending next = pending.back();
      pending.pop_back();
      const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
      parents.push_back(next.parent);
      children.clear();
      tree_.nodes.push_back(read_node(next.element, children));
      for (auto child = children.rbegin(); child != children.rend(); ++child)
        pending.push_back({*child, index});
    }
    tree_.set_ends(parents);
  }

 private:
  struct Pending {
    Element element;
    std::uint32_t parent;
  };

  void read_attributes(const Element& element, TreeNode& node) {
    element.each_attribute([&](std::string_view name, const char* value) {
      if (name == "score") {
        node.score = tree_.add_text(value);
      } else if (name == "id") {
        node.id = tree_.add_text(value);
      } else if (name == "recordCount") {
        node.record_count = element.number("recordCount", node.record_count);
      } else if (name == "defaultChild") {
        node.default_child = tree_.add_text(value);
      } else {
        return false;
      }
      return true;
    });
  }

  NodePredicate read_node_predicate(const Element& element) {
    if (!element.is("SimplePredicate")) return tree_.add_predicate(read_predicate(element));
    const ComparisonText text = read_comparison(element);
    const auto [field, fresh] = fields_.emplace(text.field, tree_.fields.size());
    if (fresh) tree_.fields.emplace_back(text.field);
    return {.kind = NodePredicate::Kind::kSimple,
            .comparison = text.comparison,
            .index = field->second,
            .value = is_unary(text.comparison) ? NodeText{} : tree_.add_text(text.value)};
  }

  // Everything of a node but its child nodes, which are added to a list.
  TreeNode read_node(const Element& element, std::vector<Element>& nodes) {
    TreeNode node;
    node.first_share = static_cast<std::uint32_t>(tree_.distributions.size());
    read_attributes(element, node);
    bool has_predicate = false;
    element.each_child([&](const Element& child) {
      if (child.is("Node")) {
        nodes.push_back(child);
      } else if (is_predicate(child.name())) {
        if (has_predicate) child.refuse("only one predicate may stand here");
        has_predicate = true;
        node.predicate = read_node_predicate(child);
      } else if (child.is("ScoreDistribution")) {
        child.only({"value", "recordCount", "confidence", "probability"});
        tree_.distributions.push_back({child.required("value"), child.number("recordCount", 0),
                                       child.find_number("probability"),
                                       child.find_number("confidence")});
        ++node.shares;
      } else if (child.is("Regression") || child.is("DecisionTree")) {
        if (node.embedded != TreeNode::kNone) child.refuse("only one model may stand in a node");
        node.embedded = static_cast<std::uint32_t>(tree_.embedded.size());
        tree_.embedded.push_back(read_embedded_model(child, nesting_ + 1));
      } else if (!child.is("Partition")) {
        child.refuse_here();
      }
    });
    if (!has_predicate) element.refuse("a predicate is needed");
    return node;
  }

  TreeModel& tree_;
  int nesting_;
  std::unordered_map<std::string_view, std::uint32_t> fields_;
};

}  // namespace

void read_tree_model(const Element& element, Model& model, int nesting) {
  only_model(
      element,
      {"missingValueStrategy", "missingValuePenalty", "noTrueChildStrategy", "splitCharacteristic"},
      {"Node"});
  TreeModel tree;
  tree.missing_value_strategy =
      element.choice("missingValueStrategy", kMissingValueStrategies, MissingValueStrategy::kNone);
  tree.no_true_child_strategy = element.choice("noTrueChildStrategy", kNoTrueChildStrategies,
                                               NoTrueChildStrategy::kReturnNullPrediction);
  tree.missing_value_penalty = element.number("missingValuePenalty", 1);
  const std::string split = element.find("splitCharacteristic").value_or("multiSplit");
  if (split != "binarySplit" && split != "multiSplit")
    element.refuse("splitCharacteristic is '" + split + "'");
  tree.binary_splits = split == "binarySplit";

  std::vector<Element> roots;
  element.each_child([&](const Element& child) {
    if (child.is("Node")) roots.push_back(child);
  });
  if (roots.size() != 1) {
    element.refuse("exactly one Node is needed");
  } else if (element.source().size() >= NodeText::kNone) {
    element.refuse("a tree in a file of 4 GB or more is not supported");
  } else if (PlainTree* plain = element.source().plain_tree(roots[0].node())) {
    tree.nodes = std::move(plain->tree.nodes);
    tree.texts = std::move(plain->tree.texts);
    tree.fields = std::move(plain->tree.fields);
    tree.distributions = std::move(plain->tree.distributions);
  } else {
    TreeReader(tree, nesting).read(roots[0]);
  }
  model.body = std::move(tree);
}

}  // namespace pmml::detail

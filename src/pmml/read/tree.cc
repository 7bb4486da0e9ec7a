// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"
#include "pmml/read/model.h"
#include "pmml/read/predicate.h"

namespace pmml::detail {
namespace {

// Large files are nodes and little else: their attributes are gone through once.
void read_attributes(const Element& element, TreeNode& node) {
  element.each_attribute([&](std::string_view name, const char* value) {
    if (name == "score") {
      node.score = value;
    } else if (name == "id") {
      node.id = value;
    } else if (name == "recordCount") {
      node.record_count = element.find_number("recordCount");
    } else if (name == "defaultChild") {
      node.default_child = value;
    } else {
      return false;
    }
    return true;
  });
}

// Everything of a node but its child nodes, which are added to those to be read.
void read_node(const Element& element, TreeModel& tree, TreeNode& node, int nesting,
               std::vector<Element>& nodes) {
  read_attributes(element, node);
  bool has_predicate = false;
  for (const Element& child : element.children()) {
    if (child.is("Node")) {
      nodes.push_back(child);
    } else if (is_predicate(child.name())) {
      if (has_predicate) child.refuse("only one predicate may stand here");
      has_predicate = true;
      node.predicate = read_predicate(child);
    } else if (child.is("ScoreDistribution")) {
      child.only({"value", "recordCount", "confidence", "probability"});
      node.distribution.push_back({child.required("value"), child.number("recordCount", 0),
                                   child.find_number("probability"),
                                   child.find_number("confidence")});
    } else if (child.is("Regression") || child.is("DecisionTree")) {
      if (node.embedded) child.refuse("only one model may stand in a node");
      node.embedded = tree.embedded.size();
      tree.embedded.push_back(read_embedded_model(child, nesting + 1));
    } else if (!child.is("Partition")) {
      child.refuse_here();
    }
  }
  if (!has_predicate) element.refuse("a predicate is needed");
}

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

  // The nodes still to read, the next one last: document order without recursion.
  struct Pending {
    Element element;
    std::size_t parent;
  };
  constexpr auto kNoParent = static_cast<std::size_t>(-1);
  std::vector<Pending> pending;
  for (const Element& child : element.children()) {
    if (child.is("Node")) pending.push_back({child, kNoParent});
  }
  if (pending.size() != 1) element.refuse("exactly one Node is needed");
  // A node takes some 150 bytes of a file. Where it takes less, the list grows on its way.
  tree.nodes.reserve(element.text_length() / 150);
  std::vector<Element> children;
  while (!pending.empty()) {
    const Pending next = pending.back();
    pending.pop_back();
    const std::size_t index = tree.nodes.size();
    if (next.parent != kNoParent) tree.nodes[next.parent].children.push_back(index);
    children.clear();
    read_node(next.element, tree, tree.nodes.emplace_back(), nesting, children);
    for (auto child = children.rbegin(); child != children.rend(); ++child)
      pending.push_back({*child, index});
  }
  model.body = std::move(tree);
}

}  // namespace pmml::detail

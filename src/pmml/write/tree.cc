// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include "pmml/write/chapters.h"
#include "pmml/write/model.h"
#include "pmml/write/predicate.h"

namespace pmml::detail {
namespace {

// Everything of a node but its child nodes; the element stays open.
void open_node(const TreeModel& tree, const TreeNode& node, XmlText& xml) {
  xml.open("Node");
  const auto optional_text = [&](std::string_view name, NodeText text) {
    if (text.given()) xml.attribute(name, tree.text(text));
  };
  optional_text("id", node.id);
  optional_text("score", node.score);
  if (!std::isnan(node.record_count)) xml.number("recordCount", node.record_count);
  optional_text("defaultChild", node.default_child);
  write_predicate(tree.predicate(node), xml);
  for (const ScoreDistribution& entry : tree.distribution(node)) {
    xml.open("ScoreDistribution");
    xml.attribute("value", entry.value);
    xml.number("recordCount", entry.record_count);
    xml.optional_number("confidence", entry.confidence);
    xml.optional_number("probability", entry.probability);
    xml.close();
  }
  if (node.embedded != TreeNode::kNone) write_embedded_model(tree.embedded[node.embedded], xml);
}

}  // namespace

void write_attributes(const TreeModel& tree, XmlText& xml) {
  if (tree.missing_value_strategy != MissingValueStrategy::kNone)
    xml.choice("missingValueStrategy", kMissingValueStrategies, tree.missing_value_strategy);
  if (tree.missing_value_penalty != 1)
    xml.number("missingValuePenalty", tree.missing_value_penalty);
  if (tree.no_true_child_strategy != NoTrueChildStrategy::kReturnNullPrediction)
    xml.choice("noTrueChildStrategy", kNoTrueChildStrategies, tree.no_true_child_strategy);
  if (tree.binary_splits) xml.attribute("splitCharacteristic", "binarySplit");
}

void write_body(const TreeModel& tree, XmlText& xml) {
  std::vector<std::size_t> ends;  // Of the nodes that are open.
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    for (; !ends.empty() && ends.back() == i; ends.pop_back()) xml.close();
    open_node(tree, tree.nodes[i], xml);
    ends.push_back(tree.nodes[i].after);
  }
  for (; !ends.empty(); ends.pop_back()) xml.close();
}

}  // namespace pmml::detail

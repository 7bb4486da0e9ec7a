// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "pmml/write/chapters.h"
#include "pmml/write/model.h"
#include "pmml/write/predicate.h"

namespace pmml::detail {
namespace {

// Everything of a node but its child nodes; the element stays open.
void open_node(const TreeModel& tree, const TreeNode& node, XmlText& xml) {
  xml.open("Node");
  xml.optional("id", node.id);
  xml.optional("score", node.score);
  xml.optional_number("recordCount", node.record_count);
  xml.optional("defaultChild", node.default_child);
  write_predicate(node.predicate, xml);
  for (const ScoreDistribution& entry : node.distribution) {
    xml.open("ScoreDistribution");
    xml.attribute("value", entry.value);
    xml.number("recordCount", entry.record_count);
    xml.optional_number("confidence", entry.confidence);
    xml.optional_number("probability", entry.probability);
    xml.close();
  }
  if (node.embedded) write_embedded_model(tree.embedded[*node.embedded], xml);
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
  struct Level {
    std::size_t node;
    std::size_t next_child;
  };
  std::vector<Level> path = {{0, 0}};
  open_node(tree, tree.nodes[0], xml);
  while (!path.empty()) {
    Level& level = path.back();
    const auto& children = tree.nodes[level.node].children;
    if (level.next_child == children.size()) {
      xml.close();
      path.pop_back();
      continue;
    }
    const std::size_t child = children[level.next_child++];
    open_node(tree, tree.nodes[child], xml);
    path.push_back({child, 0});
  }
}

}  // namespace pmml::detail

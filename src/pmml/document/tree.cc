// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/tree.h"

#include <algorithm>
#include <cmath>

#include "pmml/document/document.h"

namespace pmml {

NodeText TreeModel::add_text(std::string_view text) {
  const NodeText added{static_cast<std::uint32_t>(texts.size()),
                       static_cast<std::uint32_t>(text.size())};
  texts += text;
  return added;
}

std::uint32_t TreeModel::add_field(std::string_view name) {
  const auto found = std::ranges::find(fields, name);
  const auto index = static_cast<std::uint32_t>(found - fields.begin());
  if (found == fields.end()) fields.emplace_back(name);
  return index;
}

NodePredicate TreeModel::add_predicate(const Predicate& predicate) {
  using Kind = NodePredicate::Kind;
  if (std::holds_alternative<True>(predicate.is)) return {.kind = Kind::kTrue};
  if (std::holds_alternative<False>(predicate.is)) return {.kind = Kind::kFalse};
  if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is)) {
    return {.kind = Kind::kSimple,
            .comparison = simple->comparison,
            .index = add_field(simple->field),
            .value = is_unary(simple->comparison) ? NodeText{} : add_text(simple->value)};
  }
  predicates.push_back(predicate);
  return {.kind = Kind::kOther, .index = static_cast<std::uint32_t>(predicates.size() - 1)};
}

Predicate TreeModel::predicate(const TreeNode& node) const {
  switch (node.predicate.kind) {
    case NodePredicate::Kind::kTrue:
      break;
    case NodePredicate::Kind::kFalse:
      return {False{}};
    case NodePredicate::Kind::kSimple:
      return {SimplePredicate{fields[node.predicate.index], node.predicate.comparison,
                              std::string(text(node.predicate.value))}};
    case NodePredicate::Kind::kOther:
      return predicates[node.predicate.index];
  }
  return {True{}};
}

void TreeModel::set_distribution(TreeNode& node, std::span<const ScoreDistribution> distribution) {
  node.first_share = static_cast<std::uint32_t>(distributions.size());
  node.shares = static_cast<std::uint32_t>(distribution.size());
  distributions.insert(distributions.end(), distribution.begin(), distribution.end());
}

void TreeModel::set_ends(std::span<const std::uint32_t> parents) {
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].after = static_cast<std::uint32_t>(i + 1);
  for (std::size_t i = nodes.size(); i-- > 1;) {
    TreeNode& parent = nodes[parents[i]];
    parent.after = std::max(parent.after, nodes[i].after);
  }
}

std::optional<std::size_t> TreeModel::default_child(std::size_t node) const {
  const NodeText wanted = nodes[node].default_child;
  if (!wanted.given()) return std::nullopt;
  for (const std::size_t child : children(node)) {
    if (nodes[child].id.given() && text(nodes[child].id) == text(wanted)) return child;
  }
  return std::nullopt;
}

bool TreeModel::operator==(const TreeModel& other) const {
  const auto same_text = [&](NodeText a, NodeText b) {
    return a.given() == b.given() && text(a) == other.text(b);
  };
  const auto same_node = [&](const TreeNode& a, const TreeNode& b) {
    const bool same_count = a.record_count == b.record_count ||
                            (std::isnan(a.record_count) && std::isnan(b.record_count));
    return same_text(a.id, b.id) && same_text(a.score, b.score) &&
           same_text(a.default_child, b.default_child) && same_count && a.after == b.after &&
           a.embedded == b.embedded && predicate(a) == other.predicate(b) &&
           std::ranges::equal(distribution(a), other.distribution(b));
  };
  return missing_value_strategy == other.missing_value_strategy &&
         no_true_child_strategy == other.no_true_child_strategy &&
         missing_value_penalty == other.missing_value_penalty &&
         binary_splits == other.binary_splits && embedded == other.embedded &&
         std::ranges::equal(nodes, other.nodes, same_node);
}

}  // namespace pmml

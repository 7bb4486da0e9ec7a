// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <span>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

using Kind = NodePredicate::Kind;

class TreeCheck {
 public:
  TreeCheck(const TreeModel& tree, const Model& model, const FieldChecks& checks)
      : tree_(tree), model_(model), checks_(checks) {}

  base::Result<void> run() {
    if (tree_.nodes.empty()) return checks_.refuse("has no Node");
    if (!(tree_.missing_value_penalty >= 0 && tree_.missing_value_penalty <= 1))
      return checks_.refuse("has a missingValuePenalty that is not from 0 to 1");
    TRY(check_references());
    if (shares_answers()) TRY(check_shared_answers());
    for (const Model& embedded : tree_.embedded) TRY(checks_.model(embedded));
    TRY(check_fields());
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) TRY(check_node(i));
    return {};
  }

 private:
  // Made only for a refusal: there are many nodes.
  [[nodiscard]] std::string at(std::size_t i) const {
    const NodeText id = tree_.nodes[i].id;
    return checks_.where() + ", node " +
           (id.given() && is_there(id) ? "'" + std::string(tree_.text(id)) + "'"
                                       : "number " + std::to_string(i + 1));
  }
  [[nodiscard]] base::Error refuse(std::size_t i, const std::string& what) const {
    return refuse_document(at(i) + " " + what);
  }

  [[nodiscard]] bool is_there(NodeText text) const {
    return !text.given() ||
           (text.first <= tree_.texts.size() && text.length <= tree_.texts.size() - text.first);
  }

  // Where the nodes within a node end before it does, they fill what is between it and `after`.
  [[nodiscard]] base::Result<void> check_references() const {
    std::vector<std::size_t> ends = {tree_.nodes.size()};  // Of the nodes around this one.
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const std::size_t after = tree_.nodes[i].after;
      while (ends.back() == i) ends.pop_back();
      if (!leads_somewhere(i) || after <= i || after > ends.back() ||
          (i == 0 && after != tree_.nodes.size()))
        return refuse(i, "refers to what is not there");
      ends.push_back(after);
    }
    return {};
  }

  // Do a node's numbers lead to something?
  [[nodiscard]] bool leads_somewhere(std::size_t i) const {
    const TreeNode& node = tree_.nodes[i];
    const NodePredicate& predicate = node.predicate;
    if (!is_there(node.id) || !is_there(node.score) || !is_there(node.default_child) ||
        !is_there(predicate.value))
      return false;
    if (predicate.kind == Kind::kSimple && predicate.index >= tree_.fields.size()) return false;
    if (predicate.kind == Kind::kOther && predicate.index >= tree_.predicates.size()) return false;
    if (node.first_share > tree_.distributions.size() ||
        node.shares > tree_.distributions.size() - node.first_share)
      return false;
    return node.embedded == TreeNode::kNone || node.embedded < tree_.embedded.size();
  }

  [[nodiscard]] bool shares_answers() const {
    return tree_.missing_value_strategy == MissingValueStrategy::kWeightedConfidence ||
           tree_.missing_value_strategy == MissingValueStrategy::kAggregateNodes;
  }

  // weightedConfidence and aggregateNodes are defined for the classes of a classification, from
  // record counts.
  [[nodiscard]] base::Result<void> check_shared_answers() const {
    const bool weighted = tree_.missing_value_strategy == MissingValueStrategy::kWeightedConfidence;
    const std::string strategy = weighted ? "weightedConfidence" : "aggregateNodes";
    if (model_.function != MiningFunction::kClassification)
      return checks_.refuse("is no classification; " + strategy + " is not defined for it");
    if (!tree_.embedded.empty())
      return checks_.refuse("has models in its nodes; " + strategy + " is not defined for them");
    constexpr std::size_t kDeepest = 1'000;
    std::vector<std::size_t> depths(tree_.nodes.size());
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const TreeNode& node = tree_.nodes[i];
      if (weighted && i > 0 && !(node.record_count >= 0))
        return refuse(i, "has no recordCount, which " + strategy + " weighs it by");
      if (!weighted && tree_.children(i).empty() && !(records(node) > 0)) {
        return refuse(i,
                      "has no ScoreDistribution with recordCount, which " + strategy + " adds up");
      }
      for (const std::size_t child : tree_.children(i)) depths[child] = depths[i] + 1;
      if (depths[i] > kDeepest)
        return checks_.refuse("is deeper than " + std::to_string(kDeepest) +
                              " nodes, too deep for " + strategy);
    }
    return {};
  }

  [[nodiscard]] double records(const TreeNode& node) const {
    double sum = 0;
    for (const ScoreDistribution& entry : tree_.distribution(node)) sum += entry.record_count;
    return sum;
  }

  // Each field once, in the name of the first node that asks for it.
  base::Result<void> check_fields() {
    for (const std::string& field : tree_.fields) {
      types_.push_back(checks_.type_of(field));
      if (checks_.field(field, "")) continue;
      const auto index = static_cast<std::uint32_t>(types_.size() - 1);
      const auto user = std::ranges::find_if(tree_.nodes, [&](const TreeNode& node) {
        return node.predicate.kind == Kind::kSimple && node.predicate.index == index;
      });
      if (user == tree_.nodes.end()) continue;
      return checks_.field(field, at(static_cast<std::size_t>(user - tree_.nodes.begin())));
    }
    return {};
  }

  [[nodiscard]] base::Result<void> check_node(std::size_t i) const {
    const TreeNode& node = tree_.nodes[i];
    TRY(check_predicate(i));
    const std::string_view score = tree_.text(node.score);
    if (model_.function == MiningFunction::kRegression && node.score.given() &&
        !spells(score, DataType::kDouble)) {
      return refuse(i, "has the score '" + std::string(score) + "'; a regression needs a number");
    }
    if (node.default_child.given() &&
        tree_.missing_value_strategy == MissingValueStrategy::kDefaultChild &&
        !tree_.default_child(i)) {
      return refuse(i, "has the defaultChild '" + std::string(tree_.text(node.default_child)) +
                           "', which is none of its children");
    }
    if (model_.function == MiningFunction::kClassification && node.score.given() && score.empty())
      return refuse(i, "answers with an empty category");
    const auto distribution = tree_.distribution(node);
    if (distribution.empty()) return {};
    if (model_.function == MiningFunction::kClassification &&
        std::ranges::find(distribution, "", &ScoreDistribution::value) != distribution.end())
      return refuse(i, "answers with an empty category");
    if (!distribution[0].probability && !(records(node) > 0) && !node.score.given())
      return refuse(i, "has a ScoreDistribution without counts or probabilities");
    return {};
  }

  [[nodiscard]] base::Result<void> check_predicate(std::size_t i) const {
    const NodePredicate& predicate = tree_.nodes[i].predicate;
    if (predicate.kind == Kind::kOther) {
      const Predicate& other = tree_.predicates[predicate.index];
      return checks_.predicate(other, "") ? base::Result<void>{} : checks_.predicate(other, at(i));
    }
    if (predicate.kind != Kind::kSimple || is_unary(predicate.comparison)) return {};
    const std::optional<DataType> type = types_[predicate.index];
    if (!type || spells(tree_.text(predicate.value), *type)) return {};
    return checks_.predicate(tree_.predicate(tree_.nodes[i]), at(i));
  }

  // Can the text be compared with a value of the type?
  static bool spells(std::string_view text, DataType type) {
    return type == DataType::kString || (is_number(type) && is_decimal(text)) ||
           parse_operand(text, type);
  }
  // Some digits with at most one point between, as nearly all numbers are written: surely a number.
  static bool is_decimal(std::string_view text) {
    if (text.empty() || text.size() > 20 || text.front() == '.' || text.back() == '.') return false;
    int points = 0;
    for (const char c : text) {
      points += c == '.' ? 1 : 0;
      if (c != '.' && (c < '0' || c > '9')) return false;
    }
    return points <= 1;
  }

  const TreeModel& tree_;
  const Model& model_;
  const FieldChecks& checks_;
  std::vector<std::optional<DataType>> types_;  // Of tree_.fields.
};

}  // namespace

base::Result<void> check_body(const TreeModel& tree, const Model& model,
                              const FieldChecks& checks) {
  return TreeCheck(tree, model, checks).run();
}

void mention(const TreeModel& tree, Mentions& mentions) {
  std::vector<bool> cares;
  bool any = !tree.predicates.empty();
  for (const std::string& field : tree.fields) {
    cares.push_back(mentions.cares_for(field));
    any = any || cares.back();
  }
  for (const TreeNode& node : any ? std::span(tree.nodes) : std::span<const TreeNode>()) {
    const NodePredicate& predicate = node.predicate;
    if (predicate.kind == Kind::kSimple && cares[predicate.index])
      mentions.value(tree.fields[predicate.index], std::string(tree.text(predicate.value)));
    if (predicate.kind == Kind::kOther) mentions.predicate(tree.predicates[predicate.index]);
  }
  for (const Model& embedded : tree.embedded) mentions.model(embedded);
}

void list_categories(const TreeModel& tree, const Model& model, const CategoryList& category) {
  if (model.function != MiningFunction::kClassification) return;
  for (const ScoreDistribution& entry : tree.distributions) category(entry.value);
  for (const TreeNode& node : tree.nodes) {
    if (node.score.given()) category(std::string(tree.text(node.score)));
  }
  for (const Model& embedded : tree.embedded) list_categories(embedded, category);
}

}  // namespace pmml

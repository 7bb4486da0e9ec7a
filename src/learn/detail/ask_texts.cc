// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/ask_texts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/number.h"
#include "pmml/compile/references.h"

namespace learn::detail {
namespace {

using Indicators = std::map<std::string, const TextIndicator*, std::less<>>;

const TextIndicator* indicator_of(const Indicators& indicators, const std::string& field) {
  const auto found = indicators.find(field);
  return found == indicators.end() ? nullptr : found->second;
}

bool names_one(const Indicators& indicators, const pmml::Predicate& predicate) {
  if (const auto* simple = std::get_if<pmml::SimplePredicate>(&predicate.is))
    return indicators.contains(simple->field);
  if (const auto* set = std::get_if<pmml::SimpleSetPredicate>(&predicate.is))
    return indicators.contains(set->field);
  const auto* compound = std::get_if<pmml::CompoundPredicate>(&predicate.is);
  return compound != nullptr && std::ranges::any_of(compound->children, [&](const auto& child) {
           return names_one(indicators, child);
         });
}

bool names_one(const Indicators& indicators, const pmml::Expression& expression) {
  return std::ranges::any_of(pmml::fields_of(expression),
                             [&](const auto& field) { return indicators.contains(field); });
}

// The indicator that a node asks for; null where it asks for something else.
const TextIndicator* asked_by(const Indicators& indicators, const pmml::TreeModel& tree,
                              const pmml::TreeNode& node) {
  if (node.predicate.kind != pmml::NodePredicate::Kind::kSimple) return nullptr;
  return indicator_of(indicators, tree.fields[node.predicate.index]);
}

// Whether the node says that the indicator is 0.
bool says_zero(const pmml::TreeModel& tree, const pmml::TreeNode& node) {
  if (node.predicate.comparison != pmml::Comparison::kLessOrEqual) return false;
  const auto bound = base::parse_double(tree.text(node.predicate.value));
  return bound && *bound >= 0 && *bound < 1;
}

// Every node that asks for an indicator is the first of two, the other of which takes the rest.
bool can_ask(const Indicators& indicators, const pmml::TreeModel& tree) {
  if (tree.missing_value_strategy != pmml::MissingValueStrategy::kDefaultChild ||
      !tree.embedded.empty() || asked_by(indicators, tree, tree.nodes.front()) != nullptr ||
      std::ranges::any_of(tree.predicates,
                          [&](const auto& one) { return names_one(indicators, one); }))
    return false;
  for (std::size_t parent = 0; parent < tree.nodes.size(); ++parent) {
    std::size_t place = 0, asking = 0, others = 0;
    for (const std::size_t child : tree.children(parent)) {
      const pmml::TreeNode& node = tree.nodes[child];
      if (asked_by(indicators, tree, node) != nullptr) {
        if (place != 0 || !says_zero(tree, node)) return false;
        ++asking;
      } else if (node.predicate.kind == pmml::NodePredicate::Kind::kTrue) {
        ++others;
      }
      ++place;
    }
    if (asking == 1 && (place != 2 || others != 1)) return false;
  }
  return true;
}

bool uses_one(const Indicators& indicators, const pmml::Model& model) {
  return std::ranges::any_of(model.mining_schema,
                             [&](const auto& use) { return indicators.contains(use.name); });
}

bool can_ask(const Indicators& indicators, const pmml::Model& model) {
  if (!uses_one(indicators, model)) return true;
  const bool plain = model.local_transformations.empty() &&
                     std::ranges::none_of(model.output, [&](const auto& one) {
                       return one.expression && names_one(indicators, *one.expression);
                     });
  if (const auto* tree = std::get_if<pmml::TreeModel>(&model.body))
    return plain && can_ask(indicators, *tree);
  const auto* mining = std::get_if<pmml::MiningModel>(&model.body);
  return plain && mining != nullptr &&
         std::ranges::all_of(mining->segments, [&](const pmml::Segment& segment) {
           return !names_one(indicators, segment.predicate) &&
                  !indicators.contains(segment.variable_weight) &&
                  can_ask(indicators, segment.model);
         });
}

pmml::SimplePredicate is_another(const TextIndicator& indicator) {
  if (!indicator.text) return {indicator.column, pmml::Comparison::kIsNotMissing, {}};
  return {indicator.column, pmml::Comparison::kNotEqual, *indicator.text};
}

// A missing text goes with all that are not the one asked for.
void ask(const Indicators& indicators, pmml::TreeModel& tree) {
  for (std::size_t parent = 0; parent < tree.nodes.size(); ++parent) {
    const pmml::TreeModel::Children children = tree.children(parent);
    if (children.empty()) continue;
    const std::size_t first = *children.begin();
    const TextIndicator* const indicator = asked_by(indicators, tree, tree.nodes[first]);
    if (indicator == nullptr) continue;
    tree.nodes[first].predicate = tree.add_predicate({is_another(*indicator)});
    tree.nodes[tree.nodes[first].after].id = {};
    tree.nodes[first].id = tree.add_text(std::to_string(first));
    tree.nodes[parent].default_child = tree.nodes[first].id;
  }
  // Without the names that no node asks for any more.
  const std::vector<std::string> fields = std::exchange(tree.fields, {});
  for (pmml::TreeNode& node : tree.nodes) {
    if (node.predicate.kind == pmml::NodePredicate::Kind::kSimple)
      node.predicate.index = tree.add_field(fields[node.predicate.index]);
  }
}

// Where the first indicator of a column stood, its texts stand.
void name_texts(const Indicators& indicators, std::vector<pmml::MiningField>& schema) {
  for (pmml::MiningField& use : schema) {
    if (const TextIndicator* const indicator = indicator_of(indicators, use.name))
      use = {.name = indicator->column};
  }
  std::vector<pmml::MiningField> once;
  for (pmml::MiningField& use : schema) {
    if (std::ranges::find(once, use.name, &pmml::MiningField::name) == once.end())
      once.push_back(std::move(use));
  }
  schema = std::move(once);
}

void ask(const Indicators& indicators, pmml::Model& model) {
  if (!uses_one(indicators, model)) return;
  name_texts(indicators, model.mining_schema);
  if (auto* tree = std::get_if<pmml::TreeModel>(&model.body)) return ask(indicators, *tree);
  for (pmml::Segment& segment : std::get<pmml::MiningModel>(model.body).segments)
    ask(indicators, segment.model);
}

}  // namespace

void ask_texts(std::span<const DerivedColumn> derived, pmml::Document& document) {
  Indicators indicators;
  for (const DerivedColumn& column : derived) {
    const auto* indicator = std::get_if<TextIndicator>(&column.is);
    if (indicator == nullptr) continue;
    const auto& known = document.data_dictionary;
    if (std::ranges::find(known, indicator->column, &pmml::DataField::name) != known.end()) return;
    indicators.emplace(column.name, indicator);
  }
  if (!document.transformations.empty() || !can_ask(indicators, document.model)) return;
  ask(indicators, document.model);
  std::vector<pmml::DataField> fields;
  for (pmml::DataField& field : document.data_dictionary) {
    const TextIndicator* const indicator = indicator_of(indicators, field.name);
    if (indicator == nullptr) {
      fields.push_back(std::move(field));
    } else if (std::ranges::find(fields, indicator->column, &pmml::DataField::name) ==
               fields.end()) {
      fields.push_back({.name = indicator->column,
                        .op_type = pmml::OpType::kCategorical,
                        .type = pmml::DataType::kString});
    }
  }
  document.data_dictionary = std::move(fields);
}

}  // namespace learn::detail

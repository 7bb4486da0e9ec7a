// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "pmml/detail/array_text.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

// Is a field of true and false true? Texts may say T and F, as SPSS does. Nothing: neither.
std::optional<bool> truth_of(const Value& value) {
  if (value.type == DataType::kString && (value.text == "T" || value.text == "F"))
    return value.text == "T";
  const auto truth = cast(value, DataType::kBoolean);
  if (!truth || truth->missing) return std::nullopt;
  return truth->number != 0;
}

bool has_item(const AssociationItem& item, Scope& scope) {
  const Value& value = scope.lookup(item.field);
  if (value.missing) return false;
  if (item.category) {
    const auto category = parse_value(*item.category, value.type);
    return category && compare(value, *category) == 0;
  }
  const auto truth = truth_of(value);
  if (!truth)
    scope.fail("field '" + item.field + "' is '" + to_text(value) +
               "'; an item's field is true or false");
  return truth.value_or(false);
}

// One flag per item: does the row have it? Nothing where the basket itself is missing.
std::optional<std::vector<bool>> items_of_row(const AssociationModel& model, Scope& scope) {
  std::vector<bool> present(model.items.size());
  if (!model.transactional) {
    for (std::size_t i = 0; i < present.size(); ++i) present[i] = has_item(model.items[i], scope);
    return present;
  }
  if (model.items.empty()) return present;
  const Value& cell = scope.lookup(model.items[0].field);
  if (cell.missing) return std::nullopt;
  auto basket = detail::split_array(cell.text);
  if (!basket) {
    scope.fail("field '" + model.items[0].field + "': a quoted item has no closing quote");
    return std::nullopt;
  }
  std::ranges::sort(*basket);
  for (std::size_t i = 0; i < present.size(); ++i)
    present[i] = std::ranges::binary_search(*basket, *model.items[i].category);
  return present;
}

std::string text_of(const AssociationModel& model, const Itemset& itemset) {
  std::string text = "{";
  for (const std::size_t item : itemset.items) {
    if (text.size() > 1) text += ',';
    text += model.items[item].value;
  }
  return text + '}';
}

FiredRule describe(const AssociationModel& model, std::size_t index) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const AssociationRule& rule = model.rules[index];
  const std::vector<std::size_t>& consequent = model.itemsets[rule.consequent].items;
  return {.id = rule.id.value_or(std::to_string(index + 1)),
          .antecedent = text_of(model, model.itemsets[rule.antecedent]),
          .consequent = text_of(model, model.itemsets[rule.consequent]),
          .item = consequent.size() == 1 ? model.items[consequent[0]].value : "",
          .support = rule.support,
          .confidence = rule.confidence,
          .lift = rule.lift.value_or(kUnknown),
          .leverage = rule.leverage.value_or(kUnknown),
          .affinity = rule.affinity.value_or(kUnknown)};
}

}  // namespace

Outcome evaluate_body(const AssociationModel& association, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const auto present = items_of_row(association, scope);
  if (!present) return outcome;
  std::vector<bool> holds(association.itemsets.size());
  for (std::size_t i = 0; i < holds.size(); ++i) {
    holds[i] = std::ranges::all_of(association.itemsets[i].items,
                                   [&](std::size_t item) { return (*present)[item]; });
  }
  for (std::size_t i = 0; i < association.rules.size(); ++i) {
    const AssociationRule& rule = association.rules[i];
    if (!holds[rule.antecedent]) continue;
    outcome.rules.push_back(describe(association, i));
    outcome.rules.back().consequent_holds = holds[rule.consequent];
  }
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml

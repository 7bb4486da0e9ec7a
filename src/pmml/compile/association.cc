// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/compile/chapters.h"

namespace pmml {
namespace {

// An item's cell is compared as text, or as truth; a basket is one text of many items.
base::Result<void> check_item(const AssociationItem& item, const AssociationModel& association,
                              const FieldChecks& checks) {
  const std::string user = "item '" + item.value + "'";
  if (const auto found = checks.field(item.field, user); !found) {
    return checks.refuse(
        "has the item '" + item.value + "', but no field '" + item.field +
        "': an item is named after a field of true and false, is a field=category, or stands in "
        "the active field beside a MiningField of usageType group");
  }
  const auto type = checks.type_of(item.field);
  if (association.transactional && type && type != DataType::kString) {
    return checks.refuse("holds its items in the field '" + item.field +
                         "', which must be a string: its text is a PMML Array of items");
  }
  return {};
}

// The values that a DataField declares are those of one item; the cell holds a basket of them.
base::Result<void> check_basket(const AssociationModel& association, const Model& model,
                                const FieldChecks& checks) {
  if (!association.transactional || association.items.empty()) return {};
  const std::string& name = association.items[0].field;
  const auto field = std::ranges::find(model.mining_schema, name, &MiningField::name);
  const bool judged =
      field != model.mining_schema.end() && field->invalid_treatment != InvalidTreatment::kAsIs;
  if (!judged || checks.declared_values(name).empty()) return {};
  return checks.refuse("holds baskets in the field '" + name +
                       "', whose DataField declares single items: a basket is none of them; set "
                       "invalidValueTreatment=\"asIs\" on its MiningField");
}

// An item can be shown for a rule that recommends one.
base::Result<void> check_recommendation(const OutputField& output,
                                        const AssociationModel& association,
                                        const FieldChecks& checks) {
  if (output.feature != ResultFeature::kRuleValue || output.rule_feature != RuleFeature::kItem)
    return {};
  for (const AssociationRule& rule : association.rules) {
    if (association.itemsets[rule.consequent].items.size() == 1) continue;
    return checks.refuse("has the output '" + output.name +
                         "', a predictedValue, but a rule whose consequent is not one item; ask "
                         "for the feature consequent instead");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const AssociationModel& association, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kAssociationRules)
    return checks.refuse("needs functionName=\"associationRules\"");
  TRY(check_basket(association, model, checks));
  for (const AssociationItem& item : association.items) TRY(check_item(item, association, checks));
  for (const Itemset& itemset : association.itemsets) {
    if (std::ranges::any_of(itemset.items,
                            [&](std::size_t item) { return item >= association.items.size(); }))
      return checks.refuse("has the itemset '" + itemset.id + "' of an item that does not exist");
  }
  for (const AssociationRule& rule : association.rules) {
    if (std::max(rule.antecedent, rule.consequent) >= association.itemsets.size())
      return checks.refuse("has a rule about an itemset that does not exist");
  }
  for (const OutputField& output : model.output) {
    TRY(check_recommendation(output, association, checks));
    if (output.feature == ResultFeature::kPredictedValue ||
        output.feature == ResultFeature::kPredictedDisplayValue ||
        output.feature == ResultFeature::kProbability) {
      return checks.refuse("has the output '" + output.name +
                           "', but association rules predict no target; ask for the feature "
                           "consequent (or ruleValue) with its algorithm instead, or say by which "
                           "algorithm a predictedValue is chosen");
    }
  }
  return {};
}

void mention(const AssociationModel& association, Mentions& mentions) {
  for (const AssociationItem& item : association.items) {
    if (association.transactional || !item.category) {
      mentions.text(item.field);
    } else {
      mentions.value(item.field, *item.category);
    }
  }
}

void list_categories(const AssociationModel&, const Model&, const CategoryList&) {}

}  // namespace pmml

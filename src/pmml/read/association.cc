// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "pmml/read/chapters.h"

namespace pmml::detail {
namespace {

using Ids = std::unordered_map<std::string, std::size_t>;

// The fields of the MiningSchema that say how a row spells its items.
struct Shape {
  bool transactional = false;
  std::string item_field = {};  // Transactional: the one that holds the basket.
};

Shape read_shape(const Element& element, const Model& model) {
  Shape shape;
  std::size_t groups = 0;
  std::size_t active = 0;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kGroup) ++groups;
    if (field.usage != Usage::kActive) continue;
    if (active++ == 0) shape.item_field = field.name;
  }
  shape.transactional = groups > 0;
  if (groups > 1 || (groups == 1 && active != 1)) {
    element.refuse(
        "transactions need one MiningField of usageType group and one active one that holds the "
        "items; there are " +
        std::to_string(groups) + " and " + std::to_string(active));
  }
  return shape;
}

bool is_field(const Model& model, std::string_view name) {
  return std::ranges::find(model.mining_schema, name, &MiningField::name) !=
             model.mining_schema.end() ||
         std::ranges::find(model.local_transformations, name, &DerivedField::name) !=
             model.local_transformations.end();
}

// Which cell of a row tells that it has the item: @field and @category say it since 4.3; @value
// says it as "field=category", or as the name of a field of true and false.
void locate(const Element& element, const Model& model, const Shape& shape, AssociationItem& item) {
  const auto field = element.find("field");
  item.category = element.find("category");
  if (shape.transactional) {
    if (field && *field != shape.item_field)
      element.refuse("attribute field is '" + *field + "'; the items are in '" + shape.item_field +
                     "'");
    item.field = shape.item_field;
    if (!item.category) item.category = item.value;
    return;
  }
  if (field) {
    if (!item.category) element.refuse("attribute category is required beside field");
    item.field = *field;
    return;
  }
  item.field = item.value;
  if (item.category) element.refuse("attribute field is required beside category");
  const std::size_t equals = item.value.find('=');
  if (is_field(model, item.value) || equals == std::string::npos) return;
  item.field = item.value.substr(0, equals);
  item.category = item.value.substr(equals + 1);
}

void keep_id(const Element& element, const std::string& id, std::size_t index, Ids& ids) {
  if (!ids.emplace(id, index).second) element.refuse("the id '" + id + "' is given twice");
}

std::size_t find_id(const Element& element, const char* attribute, const Ids& ids,
                    const std::string& kind) {
  const std::string id = element.required(attribute);
  const auto found = ids.find(id);
  if (found != ids.end()) return found->second;
  element.refuse("attribute " + std::string(attribute) + " is '" + id + "', which is no " + kind +
                 "'s id");
  return 0;
}

AssociationItem read_item(const Element& element, const Model& model, const Shape& shape) {
  element.only({"id", "value", "field", "category", "mappedValue", "weight"});
  AssociationItem item;
  item.id = element.required("id");
  item.value = element.required("value");
  item.mapped_value = element.find("mappedValue");
  item.weight = element.find_number("weight");
  locate(element, model, shape, item);
  return item;
}

Itemset read_itemset(const Element& element, const Ids& items) {
  element.only({"id", "support", "numberOfItems"});
  Itemset itemset;
  itemset.id = element.required("id");
  itemset.support = element.find_number("support");
  for (const Element& child : element.children()) {
    if (!child.is("ItemRef")) {
      child.refuse_here();
      continue;
    }
    child.only({"itemRef"});
    itemset.items.push_back(find_id(child, "itemRef", items, "Item"));
  }
  const double count = static_cast<double>(itemset.items.size());
  if (element.number("numberOfItems", count) != count)
    element.refuse("numberOfItems differs from the number of ItemRefs");
  return itemset;
}

AssociationRule read_rule(const Element& element, const Ids& itemsets) {
  element.only(
      {"id", "antecedent", "consequent", "support", "confidence", "lift", "leverage", "affinity"});
  AssociationRule rule;
  rule.id = element.find("id");
  rule.antecedent = find_id(element, "antecedent", itemsets, "Itemset");
  rule.consequent = find_id(element, "consequent", itemsets, "Itemset");
  rule.support = element.required_number("support");
  rule.confidence = element.required_number("confidence");
  rule.lift = element.find_number("lift");
  rule.leverage = element.find_number("leverage");
  rule.affinity = element.find_number("affinity");
  return rule;
}

}  // namespace

void read_association(const Element& element, Model& model, int) {
  only_model(
      element,
      {"numberOfTransactions", "maxNumberOfItemsPerTA", "avgNumberOfItemsPerTA", "minimumSupport",
       "minimumConfidence", "lengthLimit", "numberOfItems", "numberOfItemsets", "numberOfRules"},
      {"Item", "Itemset", "AssociationRule"});
  const Shape shape = read_shape(element, model);
  AssociationModel association;
  association.transactional = shape.transactional;
  association.transactions = element.number("numberOfTransactions", 0);
  association.minimum_support = element.number("minimumSupport", 0);
  association.minimum_confidence = element.number("minimumConfidence", 0);
  Ids items;
  Ids itemsets;
  for (const Element& child : element.children()) {
    if (child.is("Item")) {
      association.items.push_back(read_item(child, model, shape));
      keep_id(child, association.items.back().id, association.items.size() - 1, items);
    } else if (child.is("Itemset")) {
      association.itemsets.push_back(read_itemset(child, items));
      keep_id(child, association.itemsets.back().id, association.itemsets.size() - 1, itemsets);
    } else if (child.is("AssociationRule")) {
      association.rules.push_back(read_rule(child, itemsets));
    }
  }
  model.body = std::move(association);
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {
namespace {

void write_item(const AssociationItem& item, bool transactional, XmlText& xml) {
  xml.open("Item");
  xml.attribute("id", item.id);
  xml.attribute("value", item.value);
  const bool says_itself = transactional ? item.category == item.value : !item.category;
  if (!says_itself) {
    xml.attribute("field", item.field);
    xml.optional("category", item.category);
  }
  xml.optional("mappedValue", item.mapped_value);
  xml.optional_number("weight", item.weight);
  xml.close();
}

}  // namespace

void write_attributes(const AssociationModel& model, XmlText& xml) {
  xml.number("numberOfTransactions", model.transactions);
  xml.number("minimumSupport", model.minimum_support);
  xml.number("minimumConfidence", model.minimum_confidence);
  xml.attribute("numberOfItems", std::to_string(model.items.size()));
  xml.attribute("numberOfItemsets", std::to_string(model.itemsets.size()));
  xml.attribute("numberOfRules", std::to_string(model.rules.size()));
}

void write_body(const AssociationModel& model, XmlText& xml) {
  for (const AssociationItem& item : model.items) write_item(item, model.transactional, xml);
  for (const Itemset& itemset : model.itemsets) {
    xml.open("Itemset");
    xml.attribute("id", itemset.id);
    xml.optional_number("support", itemset.support);
    xml.attribute("numberOfItems", std::to_string(itemset.items.size()));
    for (const std::size_t item : itemset.items) {
      xml.open("ItemRef");
      xml.attribute("itemRef", model.items[item].id);
      xml.close();
    }
    xml.close();
  }
  for (const AssociationRule& rule : model.rules) {
    xml.open("AssociationRule");
    xml.optional("id", rule.id);
    xml.attribute("antecedent", model.itemsets[rule.antecedent].id);
    xml.attribute("consequent", model.itemsets[rule.consequent].id);
    xml.number("support", rule.support);
    xml.number("confidence", rule.confidence);
    xml.optional_number("lift", rule.lift);
    xml.optional_number("leverage", rule.leverage);
    xml.optional_number("affinity", rule.affinity);
    xml.close();
  }
}

}  // namespace pmml::detail

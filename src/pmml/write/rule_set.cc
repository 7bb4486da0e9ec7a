// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/predicate.h"

namespace pmml::detail {
namespace {

std::string_view name_of_selection(RuleSelection selection) {
  switch (selection) {
    case RuleSelection::kFirstHit:
      return "firstHit";
    case RuleSelection::kWeightedSum:
      return "weightedSum";
    case RuleSelection::kWeightedMax:
      return "weightedMax";
  }
  return "";
}

void write_rule(const Rule& rule, XmlText& xml) {
  const bool simple = rule.rules.empty();
  xml.open(simple ? "SimpleRule" : "CompoundRule");
  if (simple) {
    xml.optional("id", rule.id);
    xml.attribute("score", rule.score);
    if (rule.confidence != 1) xml.number("confidence", rule.confidence);
    if (rule.weight != 1) xml.number("weight", rule.weight);
  }
  write_predicate(rule.predicate, xml);
  for (const ScoreDistribution& entry : rule.distribution) {
    xml.open("ScoreDistribution");
    xml.attribute("value", entry.value);
    xml.number("recordCount", entry.record_count);
    xml.optional_number("probability", entry.probability);
    xml.close();
  }
  for (const Rule& inner : rule.rules) write_rule(inner, xml);
  xml.close();
}

}  // namespace

void write_attributes(const RuleSetModel&, XmlText&) {}

void write_body(const RuleSetModel& rule_set, XmlText& xml) {
  xml.open("RuleSet");
  xml.optional("defaultScore", rule_set.default_score);
  xml.optional_number("defaultConfidence", rule_set.default_confidence);
  xml.open("RuleSelectionMethod");
  xml.attribute("criterion", name_of_selection(rule_set.selection));
  xml.close();
  for (const Rule& rule : rule_set.rules) write_rule(rule, xml);
  xml.close();
}

}  // namespace pmml::detail

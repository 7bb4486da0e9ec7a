// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"
#include "pmml/read/predicate.h"
#include "pmml/read/read.h"

namespace pmml::detail {
namespace {

constexpr Names<RuleSelection, 3> kSelections = {{{"firstHit", RuleSelection::kFirstHit},
                                                  {"weightedSum", RuleSelection::kWeightedSum},
                                                  {"weightedMax", RuleSelection::kWeightedMax}}};

bool is_rule(const Element& element) {
  return element.is("SimpleRule") || element.is("CompoundRule");
}

Rule read_rule(const Element& element, int nesting) {
  Rule rule;
  if (nesting > kMaxNesting) {
    element.refuse("rules nest more than " + std::to_string(kMaxNesting) + " deep");
    return rule;
  }
  const bool simple = element.is("SimpleRule");
  if (simple) {
    element.only({"id", "score", "recordCount", "nbCorrect", "confidence", "weight"});
    rule.id = element.find("id");
    rule.score = element.required("score");
    rule.confidence = element.number("confidence", 1);
    rule.weight = element.number("weight", 1);
  } else {
    element.only({});
  }
  bool has_predicate = false;
  for (const Element& child : element.children()) {
    if (is_predicate(child.name()) && !has_predicate) {
      rule.predicate = read_predicate(child);
      has_predicate = true;
    } else if (simple && child.is("ScoreDistribution")) {
      child.only({"value", "recordCount", "confidence", "probability"});
      ScoreDistribution entry;
      entry.value = child.required("value");
      entry.record_count = child.number("recordCount", 0);
      entry.probability = child.find_number("probability");
      rule.distribution.push_back(std::move(entry));
    } else if (!simple && is_rule(child)) {
      rule.rules.push_back(read_rule(child, nesting + 1));
    } else {
      child.refuse_here();
    }
  }
  if (!has_predicate) element.refuse("a predicate is needed");
  if (!simple && rule.rules.empty()) element.refuse("one or more rules are needed");
  return rule;
}

}  // namespace

void read_rule_set(const Element& element, Model& model, int) {
  only_model(element, {}, {"RuleSet"});
  RuleSetModel rule_set;
  std::size_t sets = 0;
  bool has_selection = false;
  for (const Element& child : element.children()) {
    if (!child.is("RuleSet")) continue;
    ++sets;
    child.only({"recordCount", "nbCorrect", "defaultScore", "defaultConfidence"});
    rule_set.default_score = child.find("defaultScore");
    rule_set.default_confidence = child.find_number("defaultConfidence");
    for (const Element& inner : child.children()) {
      if (inner.is("RuleSelectionMethod")) {
        inner.only({"criterion"});
        const auto selection = inner.find_choice("criterion", kSelections);
        if (!inner.find("criterion")) inner.refuse("attribute criterion is required");
        // Of several methods the first is the one to score by; the others are suggestions.
        if (!has_selection && selection) rule_set.selection = *selection;
        has_selection = true;
      } else if (is_rule(inner)) {
        rule_set.rules.push_back(read_rule(inner, 0));
      } else if (!inner.is("ScoreDistribution")) {  // Of the training data, not of any answer.
        inner.refuse_here();
      }
    }
  }
  if (sets != 1) element.refuse("exactly one RuleSet is needed");
  if (!has_selection) element.refuse("the RuleSet needs a RuleSelectionMethod");
  model.body = std::move(rule_set);
}

}  // namespace pmml::detail

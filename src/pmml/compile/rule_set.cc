// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

base::Result<void> check_score(const std::string& score, const Model& model,
                               const FieldChecks& checks) {
  if (model.function == MiningFunction::kClassification && score.empty())
    return checks.refuse("has a rule with an empty score");
  if (model.function == MiningFunction::kRegression && !parse_value(score, DataType::kDouble))
    return checks.refuse("is a regression, but a rule's score '" + score + "' is no number");
  return {};
}

base::Result<void> check_rules(const std::vector<Rule>& rules, const Model& model,
                               const FieldChecks& checks, std::set<std::string>& ids) {
  for (const Rule& rule : rules) {
    const std::string user = rule.id ? "the rule '" + *rule.id + "'" : "a rule";
    TRY(checks.predicate(rule.predicate, user));
    TRY(check_rules(rule.rules, model, checks, ids));
    if (!rule.rules.empty()) continue;
    TRY(check_score(rule.score, model, checks));
    if (rule.id && !ids.insert(*rule.id).second)
      return checks.refuse("has two rules with the id '" + *rule.id + "'");
    if (!std::isfinite(rule.weight) || !std::isfinite(rule.confidence))
      return checks.refuse("has a rule whose weight or confidence is not a finite number");
  }
  return {};
}

void mention_rules(const std::vector<Rule>& rules, Mentions& mentions) {
  for (const Rule& rule : rules) {
    mentions.predicate(rule.predicate);
    mention_rules(rule.rules, mentions);
  }
}

void list_scores(const std::vector<Rule>& rules, const CategoryList& category) {
  for (const Rule& rule : rules) {
    if (rule.rules.empty()) category(rule.score);
    for (const ScoreDistribution& entry : rule.distribution) category(entry.value);
    list_scores(rule.rules, category);
  }
}

}  // namespace

base::Result<void> check_body(const RuleSetModel& rule_set, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kClassification &&
      model.function != MiningFunction::kRegression) {
    return checks.refuse(
        "is a RuleSetModel; its functionName must be classification or regression");
  }
  std::set<std::string> ids;
  TRY(check_rules(rule_set.rules, model, checks, ids));
  if (rule_set.default_score) TRY(check_score(*rule_set.default_score, model, checks));
  return {};
}

void mention(const RuleSetModel& rule_set, Mentions& mentions) {
  mention_rules(rule_set.rules, mentions);
}

void list_categories(const RuleSetModel& rule_set, const Model&, const CategoryList& category) {
  list_scores(rule_set.rules, category);
  if (rule_set.default_score) category(*rule_set.default_score);
}

}  // namespace pmml

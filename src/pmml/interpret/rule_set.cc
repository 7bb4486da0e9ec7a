// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "base/check.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

struct Fired {
  const Rule* rule;
  std::string id;  // The rule's own, otherwise its place among all simple rules, from 1.
};

// Simple rules in document order. `count` counts them all, those inside of compound rules that do
// not fire too.
void collect_fired(const std::vector<Rule>& rules, bool reached, Scope& scope, std::size_t& count,
                   std::vector<Fired>& fired) {
  for (const Rule& rule : rules) {
    const bool fires = reached && evaluate(rule.predicate, scope) == true;
    if (!rule.rules.empty()) {
      collect_fired(rule.rules, fires, scope, count, fired);
      continue;
    }
    ++count;
    if (fires) fired.push_back({&rule, rule.id.value_or(std::to_string(count))});
  }
}

// One score and what its fired rules add up to.
struct Candidate {
  std::string score;
  const Fired* first = nullptr;
  const Fired* heaviest = nullptr;  // The first of the heaviest.
  double weight = 0;
  double confidence = 0;
};

// By score, in the order in which they fired first.
std::vector<Candidate> tally(const std::vector<Fired>& fired) {
  std::vector<Candidate> candidates;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const Fired& one : fired) {
    const auto [place, is_new] = places.emplace(one.rule->score, candidates.size());
    if (is_new) candidates.push_back({one.rule->score, &one, &one});
    Candidate& candidate = candidates[place->second];
    if (one.rule->weight > candidate.heaviest->rule->weight) candidate.heaviest = &one;
    candidate.weight += one.rule->weight;
    candidate.confidence += one.rule->confidence;
  }
  return candidates;
}

// The place of a score among the values that the target declares.
std::size_t place_of(const std::string& score, const DataField* target) {
  if (target != nullptr) {
    for (std::size_t i = 0; i < target->values.size(); ++i) {
      if (same_category(target->values[i].value, score)) return i;
    }
  }
  return std::numeric_limits<std::size_t>::max();
}

// What the rules that fired make of the row; at least one did.
struct Choice {
  const Fired* winner = nullptr;
  std::vector<std::pair<std::string, double>> confidences = {};
};

// Every score is as sure as its first rule.
Choice first_hit(const std::vector<Fired>& fired) {
  Choice choice{.winner = &fired[0]};
  for (const Candidate& candidate : tally(fired))
    choice.confidences.emplace_back(candidate.score, candidate.first->rule->confidence);
  return choice;
}

// Every score is as sure as its heaviest rule.
Choice weighted_max(const std::vector<Fired>& fired) {
  Choice choice{.winner = &fired[0]};
  for (const Fired& one : fired) {
    if (one.rule->weight > choice.winner->rule->weight) choice.winner = &one;
  }
  for (const Candidate& candidate : tally(fired))
    choice.confidences.emplace_back(candidate.score, candidate.heaviest->rule->confidence);
  return choice;
}

// The weights of a score's rules are added up. At a tie the score wins that the target declares
// first. Confidence: that of the score's rules, added up, over the number of all rules that fired,
// as the later wording of the chapter has it; an earlier one, and other engines, add up weights.
Choice weighted_sum(const std::vector<Fired>& fired, const DataField* target) {
  Choice choice;
  const std::vector<Candidate> candidates = tally(fired);
  const Candidate* best = &candidates[0];
  for (const Candidate& candidate : candidates) {
    choice.confidences.emplace_back(candidate.score,
                                    candidate.confidence / static_cast<double>(fired.size()));
    if (candidate.weight > best->weight ||
        (candidate.weight == best->weight &&
         place_of(candidate.score, target) < place_of(best->score, target))) {
      best = &candidate;
    }
  }
  choice.winner = best->heaviest;
  return choice;
}

Choice choose(RuleSelection selection, const std::vector<Fired>& fired, const DataField* target) {
  switch (selection) {
    case RuleSelection::kFirstHit:
      return first_hit(fired);
    case RuleSelection::kWeightedMax:
      return weighted_max(fired);
    case RuleSelection::kWeightedSum:
      return weighted_sum(fired, target);
  }
  CHECK(false);
  return {};
}

// Probabilities, or shares of the records counted; empty where the rule states neither.
void fill_distribution(const Rule& rule, Outcome& outcome) {
  double sum = 0;
  for (const ScoreDistribution& entry : rule.distribution) sum += entry.record_count;
  if (rule.distribution.empty() || (!rule.distribution[0].probability && !(sum > 0))) return;
  for (const ScoreDistribution& entry : rule.distribution) {
    outcome.distribution.emplace_back(entry.value, rule.distribution[0].probability
                                                       ? entry.probability.value_or(0)
                                                       : entry.record_count / sum);
  }
}

void answer(const std::string& score, const Model& model, Outcome& outcome) {
  outcome.missing = false;
  if (model.function != MiningFunction::kRegression) {
    outcome.category = score;
    return;
  }
  outcome.number = parse_value(score, DataType::kDouble).value_or(Value{}).number;
  outcome.missing = std::isnan(outcome.number);
}

}  // namespace

Outcome evaluate_body(const RuleSetModel& rule_set, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  std::size_t count = 0;
  std::vector<Fired> fired;
  collect_fired(rule_set.rules, true, scope, count, fired);
  if (fired.empty()) {
    if (!rule_set.default_score) return outcome;
    answer(*rule_set.default_score, model, outcome);
    if (rule_set.default_confidence)
      outcome.confidences.emplace_back(*rule_set.default_score, *rule_set.default_confidence);
    return outcome;
  }
  const DataField* target = scope.names().data_field(target_of(model));
  Choice choice = choose(rule_set.selection, fired, target);
  answer(choice.winner->rule->score, model, outcome);
  outcome.confidences = std::move(choice.confidences);
  outcome.entity = choice.winner->id;
  if (rule_set.selection != RuleSelection::kWeightedSum)
    fill_distribution(*choice.winner->rule, outcome);
  for (const Fired& one : fired) {
    outcome.rules.push_back(
        {.id = one.id, .consequent = one.rule->score, .confidence = one.rule->confidence});
  }
  return outcome;
}

}  // namespace pmml

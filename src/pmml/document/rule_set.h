// SPDX-License-Identifier: Apache-2.0
// RuleSetModel (PMML 4.4 «RuleSet»).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pmml/document/predicate.h"
#include "pmml/document/tree.h"

namespace pmml {

// A SimpleRule; or, where it has rules of its own, a CompoundRule: those fire where its predicate
// is true and theirs too, and it says nothing itself.
struct Rule {
  Predicate predicate = {};
  std::optional<std::string> id = {};
  std::string score = {};
  double confidence = 1;
  double weight = 1;
  std::vector<ScoreDistribution> distribution = {};
  std::vector<Rule> rules;
  bool operator==(const Rule&) const;
};

// How one answer is made of all the rules that fire.
enum class RuleSelection { kFirstHit, kWeightedSum, kWeightedMax };

struct RuleSetModel {
  RuleSelection selection = RuleSelection::kFirstHit;
  std::optional<std::string> default_score = {};  // Where no rule fires.
  std::optional<double> default_confidence = {};
  std::vector<Rule> rules = {};
  bool operator==(const RuleSetModel&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// What one model says about one row. A chapter fills what it knows of; an output of a feature that
// it does not know is missing.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pmml/document/document.h"
#include "pmml/interpret/value.h"

namespace pmml {

// One thing of the model that the row was compared with: a cluster, a neighbour, a neuron, a leaf.
struct Entity {
  std::string id = {};
  std::optional<std::string> name = {};  // What people call it; predictedDisplayValue, clusterName.
  std::optional<double> affinity = {};   // Distance or similarity, in the model's measure.
};

// A rule of an AssociationModel or RuleSetModel that the row satisfies.
struct FiredRule {
  std::string id = {};
  std::string antecedent = {};  // As text: items in braces, {a,b}.
  std::string consequent = {};
  std::string item = {};  // The consequent's, where it is one.
  double support = 0;
  double confidence = 0;
  double lift = 0;
  double leverage = 0;
  double affinity = 0;
  // Does the row also have every item of the consequent? OutputField@algorithm tells by it:
  // recommendation takes every rule, exclusiveRecommendation those without, ruleAssociation those
  // with.
  bool consequent_holds = false;
};

struct Outcome {
  bool missing = true;
  // What the answer is: regression and timeSeries a number, classification and clustering a
  // category (clustering: the id of the cluster), the others neither.
  MiningFunction function = MiningFunction::kRegression;
  double number = 0;
  std::string category = {};
  std::vector<std::pair<std::string, double>> distribution =
      {};  // Categories in order of appearance.
  std::vector<std::pair<std::string, double>> confidences = {};  // By category; may be empty.
  std::optional<std::string> entity = {};  // The id of the node that answered.
  // Ranked, the best first: clusters by affinity, neighbours by distance. Where it is not empty,
  // its first is the entity of rank 1.
  std::vector<Entity> entities = {};
  std::vector<std::string> reason_codes = {};  // Ranked.
  std::vector<FiredRule> rules = {};           // In document order.
  std::optional<double> standard_error = {};   // Of the prediction.
  std::optional<std::string> warning = {};
  std::vector<std::pair<std::string, Value>> outputs = {};  // Final and other, in order.
  std::vector<std::pair<std::string, Outcome>> segments =
      {};  // By segment id, those that were selected.
  std::vector<std::pair<std::string, Outcome>> targets =
      {};  // A chain of several targets: each by its name.

  // A later output takes the place of an earlier one of its name.
  void put(const std::string& name, Value value);
  [[nodiscard]] double probability(
      std::string_view category_name) const;  // 0 for a category that does not appear.
};

// The category with the highest figure; the first of equals.
const std::string& most_probable(const std::vector<std::pair<std::string, double>>& distribution);

}  // namespace pmml

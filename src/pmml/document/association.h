// SPDX-License-Identifier: Apache-2.0
// AssociationModel (PMML 4.4 «AssociationRules»): which itemsets go with which. Its rows come in
// one of two shapes. Transactional: one field groups, one active field holds the whole basket, and
// an item is a value in it. Tabular: an item is a field that is true, or a field with a value.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pmml {

struct AssociationItem {
  std::string id = {};
  std::string value = {};                        // What a rule calls it.
  std::optional<std::string> mapped_value = {};  // A name for it, such as that of a bar code.
  std::optional<double> weight = {};             // Of its price, say; no score depends on it.
  // Transactional: the item field, and the value in the basket. Tabular: the field, and the value
  // it must have; no category: it must be true.
  std::string field = {};
  std::optional<std::string> category = {};
  bool operator==(const AssociationItem&) const = default;
};

struct Itemset {
  std::string id = {};
  std::optional<double> support = {};
  std::vector<std::size_t> items = {};  // Indices into AssociationModel::items.
  bool operator==(const Itemset&) const = default;
};

struct AssociationRule {
  std::optional<std::string> id = {};  // Without one it is known by its number, from 1.
  std::size_t antecedent = 0;          // Indices into AssociationModel::itemsets.
  std::size_t consequent = 0;
  double support = 0;
  double confidence = 0;
  std::optional<double> lift = {};
  std::optional<double> leverage = {};
  std::optional<double> affinity = {};
  bool operator==(const AssociationRule&) const = default;
};

struct AssociationModel {
  double transactions = 0;  // Those the model was built from, and what was asked of its rules.
  double minimum_support = 0;
  double minimum_confidence = 0;
  bool transactional = false;
  std::vector<AssociationItem> items = {};
  std::vector<Itemset> itemsets = {};
  std::vector<AssociationRule> rules = {};
  bool operator==(const AssociationModel&) const = default;
};

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// NaiveBayesModel (PMML 4.4 «NaiveBayes»).
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/field.h"

namespace pmml {

// Counts and distributions are held by category, in the order of NaiveBayesModel::categories.
struct NaiveBayesModel {
  struct Gaussian {
    double mean = 0;
    double variance = 1;
    bool operator==(const Gaussian&) const = default;
  };
  struct Poisson {
    double mean = 0;
    bool operator==(const Poisson&) const = default;
  };
  using Distribution = std::variant<Gaussian, Poisson>;
  struct Category {
    std::string value = {};
    double count = 0;
    bool operator==(const Category&) const = default;
  };
  struct PairCounts {
    std::string value = {};
    std::vector<double> counts = {};  // 0 where the document leaves one out.
    bool operator==(const PairCounts&) const = default;
  };
  // Continuous, with distributions; or discrete, with counts, perhaps of what `discretize` gives.
  struct Input {
    std::string field = {};
    std::optional<DerivedField> discretize = {};
    std::vector<PairCounts> pairs = {};
    std::vector<double> totals = {};  // Of the counts of all pairs.
    std::vector<Distribution> distributions = {};
    bool operator==(const Input&) const = default;
  };

  double threshold = 0;  // Stands for the probability of a count of zero; densities are no less.
  std::string target_field = {};
  std::vector<Category> categories = {};
  std::vector<Input> inputs = {};
  bool operator==(const NaiveBayesModel&) const = default;
};

}  // namespace pmml

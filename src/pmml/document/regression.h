// SPDX-License-Identifier: Apache-2.0
// RegressionModel (PMML 4.4 «Regression»).
#pragma once
#include <string>
#include <vector>

namespace pmml {

enum class Normalization {
  kNone,
  kSimplemax,
  kSoftmax,
  kLogit,
  kProbit,
  kCloglog,
  kExp,
  kLoglog,
  kCauchit
};

struct NumericPredictor {
  std::string field = {};
  int exponent = 1;
  double coefficient = 0;
  bool operator==(const NumericPredictor&) const = default;
};

struct CategoricalPredictor {
  std::string field = {};
  std::string value = {};
  double coefficient = 0;
  bool operator==(const CategoricalPredictor&) const = default;
};

// The product of its fields; a field named twice is squared.
struct PredictorTerm {
  double coefficient = 0;
  std::vector<std::string> fields = {};
  bool operator==(const PredictorTerm&) const = default;
};

struct RegressionTable {
  double intercept = 0;
  std::string target_category = {};  // Classification only.
  std::vector<NumericPredictor> numeric = {};
  std::vector<CategoricalPredictor> categorical = {};
  std::vector<PredictorTerm> terms = {};
  bool operator==(const RegressionTable&) const = default;
};

// One table for regression; one per category, in the order of preference at ties, for
// classification.
struct RegressionModel {
  Normalization normalization = Normalization::kNone;
  std::vector<RegressionTable> tables = {};
  bool operator==(const RegressionModel&) const = default;
};

}  // namespace pmml

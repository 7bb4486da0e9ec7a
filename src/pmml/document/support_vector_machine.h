// SPDX-License-Identifier: Apache-2.0
// SupportVectorMachineModel (PMML 4.4 «SupportVectorMachine»).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/matrix.h"

namespace pmml {

// K(x, y), where <x, y> is the inner product.
struct SvmKernel {
  enum class Type {
    kLinear,       // <x, y>
    kPolynomial,   // (gamma <x, y> + coef0) ^ degree
    kRadialBasis,  // exp(-gamma |x - y|²)
    kSigmoid       // tanh(gamma <x, y> + coef0)
  };
  Type type = Type::kLinear;
  double gamma = 1;
  double coef0 = 1;
  double degree = 1;
  bool operator==(const SvmKernel&) const = default;
};

struct SupportVectorMachineModel {
  enum class Classification { kOneAgainstAll, kOneAgainstOne };
  // 1 where the field has the value, otherwise 0.
  struct Indicator {
    std::string field = {};
    std::string value = {};
    bool operator==(const Indicator&) const = default;
  };
  using VectorField = std::variant<FieldRef, Indicator>;
  // One component per vector field; a sparse one has that size too.
  struct Vector {
    std::string id = {};
    std::variant<std::vector<double>, SparseArray> components = {};
    bool operator==(const Vector&) const = default;
  };
  // The sum of coefficients[i] K(x, vectors[i]), or of coefficients[i] x[i], and the absolute
  // value.
  struct Machine {
    std::optional<std::string> category = {};
    std::optional<std::string> alternate_category = {};
    std::optional<double> threshold = {};   // Otherwise the model's.
    std::vector<std::size_t> vectors = {};  // Indices into SupportVectorMachineModel::vectors.
    std::vector<double> coefficients = {};
    double absolute_value = 0;
    bool operator==(const Machine&) const = default;
  };

  SvmKernel kernel = {};
  bool has_support_vectors = true;  // false: svmRepresentation="Coefficients".
  Classification classification = Classification::kOneAgainstAll;
  bool max_wins = false;
  double threshold = 0;
  // Of versions before 4.1: the only machine's value is rounded to 0, which is this category, or 1.
  std::optional<std::string> alternate_binary_category = {};
  std::vector<VectorField> fields = {};
  std::vector<Vector> vectors = {};
  std::vector<Machine> machines = {};
  bool operator==(const SupportVectorMachineModel&) const = default;
};

}  // namespace pmml

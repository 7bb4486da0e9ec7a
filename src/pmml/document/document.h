// SPDX-License-Identifier: Apache-2.0
// A PMML document as plain values: what read() makes of a file and write() spells. Copy it, move
// it, compare it. Another chapter of the standard is another alternative of Model::body and a file
// of its name in each layer.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/expression.h"
#include "pmml/document/field.h"
#include "pmml/document/mining.h"
#include "pmml/document/output.h"
#include "pmml/document/predicate.h"
#include "pmml/document/regression.h"
#include "pmml/document/targets.h"
#include "pmml/document/tree.h"
#include "pmml/document/types.h"

namespace pmml {

// Records whose results are known; they are scored when a document is compiled.
struct ModelVerification {
  struct Field {
    std::string field = {};
    std::string column = {};
    double precision = 1e-6;        // Relative.
    double zero_threshold = 1e-16;  // Both sides within it are equal.
    bool operator==(const Field&) const = default;
  };
  std::vector<Field> fields = {};
  std::vector<std::vector<std::optional<std::string>>> records = {};  // One cell per field.
  bool operator==(const ModelVerification&) const = default;
};

struct Model {
  std::string name = {};
  std::string algorithm = {};
  MiningFunction function = MiningFunction::kRegression;
  MathContext math = MathContext::kDouble;
  std::vector<MiningField> mining_schema = {};
  std::vector<DerivedField> local_transformations = {};
  std::vector<Target> targets = {};
  std::vector<OutputField> output = {};
  std::optional<ModelVerification> verification = {};
  std::variant<RegressionModel, TreeModel, MiningModel> body;
  bool operator==(const Model&) const = default;
};

struct Segment {
  std::optional<std::string> id = {};
  double weight = 1;
  Predicate predicate = {};
  Model model = {};
  bool operator==(const Segment&) const = default;
};

struct Header {
  std::string copyright = {};
  std::string description = {};
  std::string application = {};
  std::string application_version = {};
  std::string timestamp = {};
  bool operator==(const Header&) const = default;
};

struct Document {
  Header header = {};
  std::vector<DataField> data_dictionary = {};
  std::vector<DefineFunction> functions = {};
  std::vector<DerivedField> transformations = {};  // Of the TransformationDictionary.
  Model model = {};
  bool operator==(const Document&) const = default;
};

}  // namespace pmml

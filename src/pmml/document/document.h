// SPDX-License-Identifier: Apache-2.0
// A PMML document as plain values: what read() makes of a file and write() spells. Copy it, move
// it, compare it. Another chapter of the standard is another alternative of Model::body and a file
// of its name in each layer.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/anomaly_detection.h"
#include "pmml/document/association.h"
#include "pmml/document/baseline.h"
#include "pmml/document/bayesian_network.h"
#include "pmml/document/clustering.h"
#include "pmml/document/expression.h"
#include "pmml/document/field.h"
#include "pmml/document/gaussian_process.h"
#include "pmml/document/general_regression.h"
#include "pmml/document/mining.h"
#include "pmml/document/naive_bayes.h"
#include "pmml/document/nearest_neighbor.h"
#include "pmml/document/neural_network.h"
#include "pmml/document/output.h"
#include "pmml/document/predicate.h"
#include "pmml/document/regression.h"
#include "pmml/document/rule_set.h"
#include "pmml/document/scorecard.h"
#include "pmml/document/support_vector_machine.h"
#include "pmml/document/targets.h"
#include "pmml/document/text_model.h"
#include "pmml/document/time_series.h"
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

using ModelBody =
    std::variant<RegressionModel, TreeModel, MiningModel, GeneralRegressionModel, NaiveBayesModel,
                 SupportVectorMachineModel, NeuralNetwork, GaussianProcessModel, Scorecard,
                 RuleSetModel, ClusteringModel, NearestNeighborModel, AnomalyDetectionModel,
                 AssociationModel, BayesianNetworkModel, TimeSeriesModel, BaselineModel, TextModel>;

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
  ModelBody body;
  bool operator==(const Model&) const = default;
};

struct Segment {
  std::optional<std::string> id = {};
  double weight = 1;
  std::string variable_weight = {};  // VariableWeight: the field that holds it; usually empty.
  Predicate predicate = {};
  Model model = {};
  bool operator==(const Segment&) const = default;
};

// The models that a model is made of, in document order.
[[nodiscard]] std::vector<const Model*> inner_models(const Model& model);

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

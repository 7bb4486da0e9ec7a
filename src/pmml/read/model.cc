// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/model.h"

#include <algorithm>
#include <array>

#include "pmml/read/field.h"
#include "pmml/read/mining.h"
#include "pmml/read/output.h"
#include "pmml/read/read.h"
#include "pmml/read/regression.h"
#include "pmml/read/targets.h"
#include "pmml/read/tree.h"

namespace pmml::detail {
namespace {

constexpr std::array<std::string_view, 19> kModels = {"AnomalyDetectionModel",
                                                      "AssociationModel",
                                                      "BayesianNetworkModel",
                                                      "BaselineModel",
                                                      "ClusteringModel",
                                                      "GaussianProcessModel",
                                                      "GeneralRegressionModel",
                                                      "MiningModel",
                                                      "NaiveBayesModel",
                                                      "NearestNeighborModel",
                                                      "NeuralNetwork",
                                                      "RegressionModel",
                                                      "RuleSetModel",
                                                      "Scorecard",
                                                      "SequenceModel",
                                                      "SupportVectorMachineModel",
                                                      "TextModel",
                                                      "TimeSeriesModel",
                                                      "TreeModel"};

// Figures and papers about the model that no score depends on.
bool is_description(const Element& element) {
  return element.is("ModelStats") || element.is("ModelExplanation");
}

// The children that every model has; `own` is the one the chapter reads.
void read_common(const Element& element, std::string_view own, Model& model) {
  model.name = element.text("modelName");
  model.algorithm = element.text("algorithmName");
  if (!element.find("functionName")) element.refuse("attribute functionName is required");
  model.function = element.choice("functionName", kMiningFunctions, MiningFunction::kRegression);
  model.math = element.choice("x-mathContext", kMathContexts, MathContext::kDouble);
  if (!element.boolean("isScorable", true))
    element.refuse("isScorable is false: this model is not meant to be scored");
  for (const Element& child : element.children()) {
    if (child.is("MiningSchema")) {
      model.mining_schema = read_mining_schema(child);
    } else if (child.is("LocalTransformations")) {
      model.local_transformations = read_derived_fields(child);
    } else if (child.is("Targets")) {
      model.targets = read_targets(child);
    } else if (child.is("Output")) {
      model.output = read_output(child);
    } else if (child.is("ModelVerification")) {
      model.verification = read_verification(child);
    } else if (!child.is(own) && !is_description(child)) {
      child.refuse_here();
    }
  }
}

}  // namespace

bool is_model(std::string_view name) { return std::ranges::find(kModels, name) != kModels.end(); }

Model read_model(const Element& element, int nesting) {
  Model model;
  if (nesting > kMaxNesting) {
    element.refuse("models nest more than " + std::to_string(kMaxNesting) + " deep");
  } else if (element.is("RegressionModel")) {
    element.only({"modelName", "functionName", "algorithmName", "modelType", "targetFieldName",
                  "normalizationMethod", "isScorable", "x-mathContext"});
    read_common(element, "RegressionTable", model);
    model.body = read_regression(element);
  } else if (element.is("TreeModel")) {
    // Penalties and confidences bear on the feature `confidence` only, which is refused by its own
    // name.
    element.only({"modelName", "functionName", "algorithmName", "missingValueStrategy",
                  "missingValuePenalty", "noTrueChildStrategy", "splitCharacteristic", "isScorable",
                  "x-mathContext"});
    read_common(element, "Node", model);
    model.body = read_tree(element);
  } else if (element.is("MiningModel")) {
    element.only({"modelName", "functionName", "algorithmName", "isScorable", "x-mathContext"});
    read_common(element, "Segmentation", model);
    model.body = read_mining(element, nesting);
  } else {
    element.refuse("this scorer knows RegressionModel, TreeModel and MiningModel");
  }
  return model;
}

ModelVerification read_verification(const Element& element) {
  element.only({"recordCount", "fieldCount"});
  ModelVerification result;
  std::vector<Element> rows;
  for (const Element& child : element.children()) {
    if (child.is("VerificationFields")) {
      for (const Element& field : child.children()) {
        field.only({"field", "column", "precision", "zeroThreshold"});
        ModelVerification::Field entry;
        entry.field = field.required("field");
        entry.column = field.find("column").value_or(entry.field);
        entry.precision = field.number("precision", 1e-6);
        entry.zero_threshold = field.number("zeroThreshold", 1e-16);
        result.fields.push_back(std::move(entry));
      }
    } else if (child.is("InlineTable")) {
      rows = child.children();
    } else {
      child.refuse_here();
    }
  }
  for (const Element& row : rows) {
    auto& record = result.records.emplace_back(result.fields.size());
    for (const pugi::xml_node cell : row.node().children()) {
      if (cell.type() != pugi::node_element) continue;
      const auto local = [](std::string_view name) { return name.substr(name.find(':') + 1); };
      const auto field = std::ranges::find_if(result.fields, [&](const auto& candidate) {
        return local(candidate.column) == local(cell.name());
      });
      if (field == result.fields.end()) continue;
      record[static_cast<std::size_t>(field - result.fields.begin())] =
          Element(cell, row.source()).content();
    }
  }
  return result;
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/model.h"

#include <algorithm>
#include <vector>

#include "pmml/read/chapters.h"
#include "pmml/read/field.h"
#include "pmml/read/output.h"
#include "pmml/read/read.h"
#include "pmml/read/targets.h"

namespace pmml::detail {
namespace {

struct Chapter {
  std::string_view element;
  void (*read)(const Element& element, Model& model, int nesting);
};

constexpr Chapter kChapters[] = {
    {"AnomalyDetectionModel", read_anomaly_detection},
    {"AssociationModel", read_association},
    {"BaselineModel", read_baseline},
    {"BayesianNetworkModel", read_bayesian_network},
    {"ClusteringModel", read_clustering},
    {"GaussianProcessModel", read_gaussian_process},
    {"GeneralRegressionModel", read_general_regression},
    {"MiningModel", read_mining_model},
    {"NaiveBayesModel", read_naive_bayes},
    {"NearestNeighborModel", read_nearest_neighbor},
    {"NeuralNetwork", read_neural_network},
    {"RegressionModel", read_regression_model},
    {"RuleSetModel", read_rule_set},
    {"Scorecard", read_scorecard},
    {"SupportVectorMachineModel", read_support_vector_machine},
    {"TextModel", read_text_model},
    {"TimeSeriesModel", read_time_series},
    {"TreeModel", read_tree_model},
};

const Chapter* find_chapter(std::string_view element) {
  const auto found = std::ranges::find(kChapters, element, &Chapter::element);
  return found == std::end(kChapters) ? nullptr : found;
}

// Figures and papers about the model that no score depends on.
bool is_description(const Element& element) {
  return element.is("ModelStats") || element.is("ModelExplanation");
}

bool is_common(const Element& child) {
  static constexpr std::string_view kCommon[] = {"MiningSchema", "LocalTransformations", "Targets",
                                                 "Output", "ModelVerification"};
  return std::ranges::find(kCommon, child.name()) != std::end(kCommon) || is_description(child);
}

// What every model has, whatever its chapter.
void read_common(const Element& element, Model& model) {
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
      model.output = read_output(child, element.is("AssociationModel"));
    } else if (child.is("ModelVerification")) {
      model.verification = read_verification(child);
    }
  }
}

}  // namespace

bool is_model(std::string_view name) {
  return find_chapter(name) != nullptr || name == "SequenceModel";
}

void only_model(const Element& element, std::initializer_list<std::string_view> attributes,
                std::initializer_list<std::string_view> children) {
  std::vector<std::string_view> known = {"modelName", "functionName", "algorithmName", "isScorable",
                                         "x-mathContext"};
  known.insert(known.end(), attributes.begin(), attributes.end());
  element.only(known);
  for (const Element& child : element.children()) {
    if (!is_common(child) && std::ranges::find(children, child.name()) == children.end())
      child.refuse_here();
  }
}

Model read_model(const Element& element, int nesting) {
  Model model;
  const Chapter* chapter = find_chapter(element.name());
  if (nesting > kMaxNesting) {
    element.refuse("models nest more than " + std::to_string(kMaxNesting) + " deep");
  } else if (chapter == nullptr) {
    element.refuse("this scorer does not know this kind of model");
  } else {
    read_common(element, model);
    chapter->read(element, model, nesting);
  }
  return model;
}

Model read_embedded_model(const Element& element, int nesting) {
  Model model;
  if (nesting > kMaxNesting) {
    element.refuse("models nest more than " + std::to_string(kMaxNesting) + " deep");
    return model;
  }
  for (const Element& child : element.children()) {
    // A ResultField is for the models of a sequence, which these are not.
    if (child.is("ResultField") || child.is("MiningSchema")) child.refuse_here();
  }
  read_common(element, model);
  (element.is("Regression") ? read_regression_model : read_tree_model)(element, model, nesting);
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

// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"
#include "pmml/read/model.h"
#include "pmml/read/predicate.h"

namespace pmml::detail {
namespace {

Segment read_segment(const Element& element, int nesting) {
  element.only({"id", "weight"});
  Segment segment;
  segment.id = element.find("id");
  segment.weight = element.number("weight", 1);
  bool has_predicate = false;
  bool has_model = false;
  for (const Element& child : element.children()) {
    if (is_predicate(child.name()) && !has_predicate) {
      segment.predicate = read_predicate(child);
      has_predicate = true;
    } else if (is_model(child.name()) && !has_model) {
      segment.model = read_model(child, nesting + 1);
      has_model = true;
    } else if (child.is("VariableWeight") && segment.variable_weight.empty()) {
      child.only({"field"});
      segment.variable_weight = child.required("field");
    } else {
      child.refuse_here();
    }
  }
  if (!has_predicate || !has_model) element.refuse("a predicate and a model are needed");
  return segment;
}

}  // namespace

void read_mining_model(const Element& element, Model& model, int nesting) {
  only_model(element, {"multipleModelMethod"}, {"Segmentation"});
  MiningModel mining;
  bool has_segmentation = false;
  for (const Element& child : element.children()) {
    if (!child.is("Segmentation")) continue;
    has_segmentation = true;
    child.only({"multipleModelMethod", "missingPredictionTreatment", "x-missingPredictionTreatment",
                "missingThreshold", "x-missingThreshold"});
    if (!child.find("multipleModelMethod"))
      child.refuse("attribute multipleModelMethod is required");
    // Some writers repeat it in the model.
    if (const auto repeated = element.find("multipleModelMethod");
        repeated && repeated != child.find("multipleModelMethod")) {
      element.refuse("attribute multipleModelMethod is '" + *repeated +
                     "', and the Segmentation has another; the standard knows only the latter");
    }
    mining.method =
        child.choice("multipleModelMethod", kMultipleModelMethods, MultipleModelMethod::kAverage);
    mining.missing_prediction =
        child.choice(child.find("missingPredictionTreatment") ? "missingPredictionTreatment"
                                                              : "x-missingPredictionTreatment",
                     kMissingPredictionTreatments, MissingPredictionTreatment::kContinue);
    mining.missing_threshold =
        child.number(child.find("missingThreshold") ? "missingThreshold" : "x-missingThreshold", 1);
    if (mining.missing_prediction == MissingPredictionTreatment::kSkipSegment &&
        (mining.method == MultipleModelMethod::kModelChain ||
         mining.method == MultipleModelMethod::kMultiModelChain)) {
      child.refuse("missingPredictionTreatment=\"skipSegment\" has no meaning in a chain");
    }
    for (const Element& segment : child.children()) {
      if (segment.is("Segment")) {
        mining.segments.push_back(read_segment(segment, nesting));
      } else if (!segment.is("LocalTransformations")) {
        segment.refuse_here();
      } else if (!segment.children().empty()) {
        segment.refuse_here();
      }
    }
  }
  if (!has_segmentation || mining.segments.empty())
    element.refuse("a Segmentation with one or more Segment is needed");
  model.body = std::move(mining);
}

}  // namespace pmml::detail

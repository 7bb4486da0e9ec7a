// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/model.h"
#include "pmml/write/predicate.h"

namespace pmml::detail {

void write_attributes(const MiningModel&, XmlText&) {}

void write_body(const MiningModel& mining, XmlText& xml) {
  xml.open("Segmentation");
  xml.choice("multipleModelMethod", kMultipleModelMethods, mining.method);
  if (mining.missing_prediction != MissingPredictionTreatment::kContinue) {
    xml.choice("missingPredictionTreatment", kMissingPredictionTreatments,
               mining.missing_prediction);
  }
  if (mining.missing_threshold != 1) xml.number("missingThreshold", mining.missing_threshold);
  for (const Segment& segment : mining.segments) {
    xml.open("Segment");
    xml.optional("id", segment.id);
    if (segment.weight != 1) xml.number("weight", segment.weight);
    write_predicate(segment.predicate, xml);
    write_model(segment.model, xml);
    if (!segment.variable_weight.empty()) {
      xml.open("VariableWeight");
      xml.attribute("field", segment.variable_weight);
      xml.close();
    }
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

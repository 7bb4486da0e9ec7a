// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/expression.h"
#include "pmml/write/predicate.h"

namespace pmml::detail {

void write_attributes(const Scorecard& scorecard, XmlText& xml) {
  if (scorecard.initial_score != 0) xml.number("initialScore", scorecard.initial_score);
  if (!scorecard.use_reason_codes) xml.attribute("useReasonCodes", "false");
  if (scorecard.reason_code_algorithm == ReasonCodeAlgorithm::kPointsAbove)
    xml.attribute("reasonCodeAlgorithm", "pointsAbove");
  xml.optional_number("baselineScore", scorecard.baseline_score);
}

void write_body(const Scorecard& scorecard, XmlText& xml) {
  xml.open("Characteristics");
  for (const Characteristic& characteristic : scorecard.characteristics) {
    xml.open("Characteristic");
    xml.optional("name", characteristic.name);
    xml.optional("reasonCode", characteristic.reason_code);
    xml.optional_number("baselineScore", characteristic.baseline_score);
    for (const ScorecardAttribute& attribute : characteristic.attributes) {
      xml.open("Attribute");
      xml.optional("reasonCode", attribute.reason_code);
      xml.optional_number("partialScore", attribute.partial_score);
      write_predicate(attribute.predicate, xml);
      if (attribute.complex_score) {
        xml.open("ComplexPartialScore");
        write_expression(*attribute.complex_score, xml);
        xml.close();
      }
      xml.close();
    }
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

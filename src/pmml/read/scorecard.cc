// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/chapters.h"
#include "pmml/read/expression.h"
#include "pmml/read/predicate.h"

namespace pmml::detail {
namespace {

constexpr Names<ReasonCodeAlgorithm, 2> kAlgorithms = {
    {{"pointsBelow", ReasonCodeAlgorithm::kPointsBelow},
     {"pointsAbove", ReasonCodeAlgorithm::kPointsAbove}}};

ScorecardAttribute read_attribute(const Element& element) {
  element.only({"reasonCode", "partialScore"});
  ScorecardAttribute attribute;
  attribute.reason_code = element.find("reasonCode");
  attribute.partial_score = element.find_number("partialScore");
  bool has_predicate = false;
  for (const Element& child : element.children()) {
    if (is_predicate(child.name()) && !has_predicate) {
      attribute.predicate = read_predicate(child);
      has_predicate = true;
    } else if (child.is("ComplexPartialScore") && !attribute.complex_score) {
      child.only({});
      attribute.complex_score = read_only_expression(child);
    } else {
      child.refuse_here();
    }
  }
  if (!has_predicate) element.refuse("a predicate is needed");
  if (!attribute.partial_score && !attribute.complex_score)
    element.refuse("partialScore or a ComplexPartialScore is needed");
  return attribute;
}

// Where codes are ranked, every attribute needs one, and a baseline to be held against.
void check_reasons(const Element& element, const Characteristic& characteristic,
                   const Scorecard& scorecard) {
  if (!characteristic.baseline_score && !scorecard.baseline_score)
    element.refuse("reason codes are used: a baselineScore is needed here or at the Scorecard");
  for (const ScorecardAttribute& attribute : characteristic.attributes) {
    if (!characteristic.reason_code && !attribute.reason_code)
      element.refuse(
          "reason codes are used: an Attribute, or the Characteristic, lacks reasonCode");
  }
}

Characteristic read_characteristic(const Element& element) {
  element.only({"name", "reasonCode", "baselineScore"});
  Characteristic characteristic;
  characteristic.name = element.find("name");
  characteristic.reason_code = element.find("reasonCode");
  characteristic.baseline_score = element.find_number("baselineScore");
  for (const Element& child : element.children()) {
    if (child.is("Attribute")) {
      characteristic.attributes.push_back(read_attribute(child));
    } else {
      child.refuse_here();
    }
  }
  if (characteristic.attributes.empty()) element.refuse("one or more Attribute are needed");
  return characteristic;
}

}  // namespace

void read_scorecard(const Element& element, Model& model, int) {
  // baselineMethod only says how the baselines were found.
  only_model(
      element,
      {"initialScore", "useReasonCodes", "reasonCodeAlgorithm", "baselineScore", "baselineMethod"},
      {"Characteristics"});
  Scorecard scorecard;
  scorecard.initial_score = element.number("initialScore", 0);
  scorecard.use_reason_codes = element.boolean("useReasonCodes", true);
  scorecard.reason_code_algorithm =
      element.choice("reasonCodeAlgorithm", kAlgorithms, ReasonCodeAlgorithm::kPointsBelow);
  scorecard.baseline_score = element.find_number("baselineScore");
  std::vector<Element> elements;
  for (const Element& child : element.children()) {
    if (!child.is("Characteristics")) continue;
    for (const Element& inner : child.children()) {
      if (!inner.is("Characteristic")) {
        inner.refuse_here();
        continue;
      }
      elements.push_back(inner);
      scorecard.characteristics.push_back(read_characteristic(inner));
    }
  }
  if (elements.empty()) element.refuse("one or more Characteristic are needed");
  if (ranks_reason_codes(scorecard)) {
    for (std::size_t i = 0; i < elements.size(); ++i)
      check_reasons(elements[i], scorecard.characteristics[i], scorecard);
  }
  model.body = std::move(scorecard);
}

}  // namespace pmml::detail

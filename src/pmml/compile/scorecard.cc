// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const Scorecard& scorecard, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kRegression)
    return checks.refuse("is a Scorecard; its functionName must be regression");
  if (scorecard.characteristics.empty()) return checks.refuse("has no Characteristic");
  const bool reasons = ranks_reason_codes(scorecard);
  for (const Characteristic& characteristic : scorecard.characteristics) {
    const std::string user = "the Characteristic '" + characteristic.name.value_or("") + "'";
    if (reasons && !characteristic.baseline_score && !scorecard.baseline_score)
      return checks.refuse("ranks reason codes, but " + user + " has no baselineScore");
    for (const ScorecardAttribute& attribute : characteristic.attributes) {
      TRY(checks.predicate(attribute.predicate, user));
      if (reasons && !attribute.reason_code && !characteristic.reason_code)
        return checks.refuse("ranks reason codes, but " + user + " has an Attribute without one");
      if (attribute.complex_score) {
        TRY(checks.expression(*attribute.complex_score, user));
      } else if (!attribute.partial_score) {
        return checks.refuse("has an Attribute without points in " + user);
      }
    }
  }
  return {};
}

void mention(const Scorecard& scorecard, Mentions& mentions) {
  for (const Characteristic& characteristic : scorecard.characteristics) {
    for (const ScorecardAttribute& attribute : characteristic.attributes) {
      mentions.predicate(attribute.predicate);
      if (attribute.complex_score) mentions.expression(*attribute.complex_score);
    }
  }
}

void list_categories(const Scorecard&, const Model&, const CategoryList&) {}

}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/baseline_names.h"
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const BaselineModel&, XmlText&) {}

void write_body(const BaselineModel& model, XmlText& xml) {
  xml.open("TestDistributions");
  xml.attribute("field", model.field);
  xml.attribute("testStatistic", "zValue");
  xml.open("Baseline");
  xml.open(name_of(kBaselineDistributions, model.distribution));
  const auto [first, second] = attributes_of(model.distribution);
  xml.number(first, model.first);
  if (second != nullptr) xml.number(second, model.second);
  xml.close();
  xml.close();
  xml.close();
}

}  // namespace pmml::detail

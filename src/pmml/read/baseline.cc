// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/baseline_names.h"
#include "pmml/read/chapters.h"

namespace pmml::detail {
namespace {

void read_distribution(const Element& baseline, BaselineModel& model) {
  const auto children = baseline.children();
  if (children.size() != 1) {
    baseline.refuse("exactly one distribution is needed");
    return;
  }
  const Element& element = children[0];
  const auto distribution = find_name(kBaselineDistributions, element.name());
  if (!distribution) {
    element.refuse(
        "zValue needs a mean and a variance: AnyDistribution, GaussianDistribution, "
        "PoissonDistribution or UniformDistribution");
    return;
  }
  model.distribution = *distribution;
  const auto [first, second] = attributes_of(*distribution);
  if (second == nullptr) {
    element.only({first});
  } else {
    element.only({first, second});
    model.second = element.required_number(second);
  }
  model.first = element.required_number(first);
}

// Some writers say zScore for the zValue of the standard.
void read_statistic(const Element& tests) {
  const std::string statistic = tests.required("testStatistic");
  if (statistic == "zValue" || statistic == "zScore") return;
  const bool adds_up = statistic == "CUSUM" || statistic == "chiSquareIndependence" ||
                       statistic == "chiSquareDistribution" || statistic == "scalarProduct";
  tests.refuse(adds_up
                   ? "testStatistic " + statistic +
                         " adds up the events before; a row is scored without them. Add them up "
                         "beforehand, or use zValue"
                   : "testStatistic is '" + statistic + "'; this scorer knows zValue");
}

}  // namespace

void read_baseline(const Element& element, Model& model, int) {
  only_model(element, {}, {"TestDistributions"});
  BaselineModel baseline;
  bool found = false;
  for (const Element& tests : element.children()) {
    if (!tests.is("TestDistributions")) continue;
    if (found) tests.refuse("only one TestDistributions may stand here");
    found = true;
    tests.only({"field", "testStatistic", "resetValue", "windowSize", "weightField",
                "normalizationScheme"});
    read_statistic(tests);
    baseline.field = tests.required("field");
    if (tests.number("windowSize", 0) > 1)
      tests.refuse("windowSize asks for several events at once; a row is one event");
    for (const char* attribute : {"weightField", "normalizationScheme"}) {
      if (tests.find(attribute))
        tests.refuse("attribute " + std::string(attribute) + " has no meaning for a zValue");
    }
    for (const Element& child : tests.children()) {
      if (child.is("Baseline")) {
        read_distribution(child, baseline);
      } else {
        child.refuse_here();
      }
    }
  }
  if (!found) element.refuse("a TestDistributions is needed");
  model.body = std::move(baseline);
}

}  // namespace pmml::detail

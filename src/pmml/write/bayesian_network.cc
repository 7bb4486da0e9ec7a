// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/bayesian_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/expression.h"
#include "pmml/write/field.h"

namespace pmml::detail {
namespace {

void write_parameter(std::string_view name, const std::optional<Expression>& expression,
                     XmlText& xml) {
  if (!expression) return;
  xml.open(name);
  write_expression(*expression, xml);
  xml.close();
}

void write_distribution(const BayesianDistribution& distribution, XmlText& xml) {
  xml.open("ContinuousDistribution");
  xml.open(name_of(kBayesianDistributions, distribution.kind));
  write_parameter("Mean", distribution.mean, xml);
  write_parameter("Variance", distribution.variance, xml);
  write_parameter("Lower", distribution.lower, xml);
  write_parameter("Upper", distribution.upper, xml);
  xml.close();
  xml.close();
}

void write_case(const BayesianCase& one, XmlText& xml) {
  for (const auto& parent : one.parents) {
    xml.open("ParentValue");
    xml.attribute("parent", parent.parent);
    xml.attribute("value", parent.value);
    xml.close();
  }
  for (const auto& entry : one.probabilities) {
    xml.open("ValueProbability");
    xml.attribute("value", entry.value);
    xml.number("probability", entry.probability);
    xml.close();
  }
  if (one.distribution) write_distribution(*one.distribution, xml);
}

}  // namespace

void write_attributes(const BayesianNetworkModel&, XmlText&) {}

void write_body(const BayesianNetworkModel& network, XmlText& xml) {
  xml.open("BayesianNetworkNodes");
  for (const BayesianNode& node : network.nodes) {
    xml.open(node.is_continuous ? "ContinuousNode" : "DiscreteNode");
    xml.attribute("name", node.name);
    write_derived_fields(node.derived, xml);
    for (const BayesianCase& one : node.cases) {
      const bool is_root = one.parents.empty() && node.cases.size() == 1;
      if (!is_root) {
        xml.open(node.is_continuous ? "ContinuousConditionalProbability"
                                    : "DiscreteConditionalProbability");
      }
      write_case(one, xml);
      if (!is_root) xml.close();
    }
    xml.close();
  }
  xml.close();
}

}  // namespace pmml::detail

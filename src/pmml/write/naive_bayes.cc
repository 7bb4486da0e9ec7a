// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"
#include "pmml/write/field.h"

namespace pmml::detail {
namespace {

using Body = NaiveBayesModel;

void write_count(const std::string& value, double count, XmlText& xml) {
  xml.open("TargetValueCount");
  xml.attribute("value", value);
  xml.number("count", count);
  xml.close();
}

void write_distribution(const Body::Gaussian& gaussian, XmlText& xml) {
  xml.open("GaussianDistribution");
  xml.number("mean", gaussian.mean);
  xml.number("variance", gaussian.variance);
  xml.close();
}

void write_distribution(const Body::Poisson& poisson, XmlText& xml) {
  xml.open("PoissonDistribution");
  xml.number("mean", poisson.mean);
  xml.close();
}

void write_distributions(const Body::Input& input, const Body& body, XmlText& xml) {
  if (input.distributions.empty()) return;
  xml.open("TargetValueStats");
  for (std::size_t i = 0; i < input.distributions.size(); ++i) {
    xml.open("TargetValueStat");
    xml.attribute("value", body.categories[i].value);
    std::visit([&](const auto& one) { write_distribution(one, xml); }, input.distributions[i]);
    xml.close();
  }
  xml.close();
}

void write_input(const Body::Input& input, const Body& body, XmlText& xml) {
  xml.open("BayesInput");
  xml.attribute("fieldName", input.field);
  write_distributions(input, body, xml);
  if (input.discretize) write_derived_field(*input.discretize, xml);
  for (const Body::PairCounts& pair : input.pairs) {
    xml.open("PairCounts");
    xml.attribute("value", pair.value);
    xml.open("TargetValueCounts");
    for (std::size_t i = 0; i < pair.counts.size(); ++i)
      write_count(body.categories[i].value, pair.counts[i], xml);
    xml.close();
    xml.close();
  }
  xml.close();
}

}  // namespace

void write_attributes(const NaiveBayesModel& body, XmlText& xml) {
  xml.number("threshold", body.threshold);
}

void write_body(const NaiveBayesModel& body, XmlText& xml) {
  xml.open("BayesInputs");
  for (const Body::Input& input : body.inputs) write_input(input, body, xml);
  xml.close();
  xml.open("BayesOutput");
  xml.attribute("fieldName", body.target_field);
  xml.open("TargetValueCounts");
  for (const Body::Category& category : body.categories)
    write_count(category.value, category.count, xml);
  xml.close();
  xml.close();
}

}  // namespace pmml::detail

// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

std::string field(const std::string& name, bool continuous = false) {
  return "<DataField name=\"" + name +
         (continuous ? "\" optype=\"continuous\" dataType=\"double\"/>"
                     : "\" optype=\"categorical\" dataType=\"string\"/>");
}

std::string mining(const std::string& name, const std::string& usage = "active") {
  return "<MiningField name=\"" + name + "\" usageType=\"" + usage + "\"/>";
}

std::string network(const std::string& fields, const std::string& function,
                    const std::string& schema, const std::string& nodes) {
  return test_document(fields, "<BayesianNetworkModel functionName=\"" + function +
                                   "\"><MiningSchema>" + schema +
                                   "</MiningSchema>\n<BayesianNetworkNodes>\n" + nodes +
                                   "</BayesianNetworkNodes></BayesianNetworkModel>");
}

// "yes" with the probability, otherwise "no".
std::string yes(const std::string& probability, const std::string& otherwise) {
  return "<ValueProbability value=\"yes\" probability=\"" + probability +
         "\"/><ValueProbability value=\"no\" probability=\"" + otherwise + "\"/>";
}

std::string parent(const std::string& name, const std::string& value) {
  return "<ParentValue parent=\"" + name + "\" value=\"" + value + "\"/>";
}

std::string given(const std::string& parents, const std::string& probabilities) {
  return "<DiscreteConditionalProbability>" + parents + probabilities +
         "</DiscreteConditionalProbability>";
}

std::string node(const std::string& name, const std::string& content) {
  return "<DiscreteNode name=\"" + name + "\">" + content + "</DiscreteNode>\n";
}

// Rain; a sprinkler that mostly rests when it rains; grass that both make wet.
const std::string kRain = node("rain", yes("0.2", "0.8"));
const std::string kSprinkler =
    node("sprinkler", given(parent("rain", "yes"), yes("0.01", "0.99")) +
                          given(parent("rain", "no"), yes("0.4", "0.6")));
const std::string kGrass =
    node("wet", given(parent("sprinkler", "yes") + parent("rain", "yes"), yes("0.99", "0.01")) +
                    given(parent("sprinkler", "yes") + parent("rain", "no"), yes("0.9", "0.1")) +
                    given(parent("rain", "yes") + parent("sprinkler", "no"), yes("0.8", "0.2")) +
                    given(parent("sprinkler", "no") + parent("rain", "no"), yes("0", "1")));

std::string lawn() {
  return network(field("wet") + field("sprinkler") + field("rain"), "classification",
                 mining("wet") + mining("sprinkler") + mining("rain", "target"),
                 kGrass + kRain + kSprinkler);
}

// Wet: rain 0.2 · (0.01 · 0.99 + 0.99 · 0.8) = 0.16038, no rain 0.8 · (0.4 · 0.9) = 0.288.
TEST(BayesianNetwork, sums_over_what_is_not_observed) {
  const Document document = read_back(lawn());
  const Outcome wet = interpret(document, {"yes", ""}).outcome;
  EXPECT_EQ(wet.category, "no");
  EXPECT_NEAR(wet.probability("yes"), 0.16038 / (0.16038 + 0.288), 1e-15);
  EXPECT_NEAR(wet.probability("no"), 0.288 / (0.16038 + 0.288), 1e-15);
  // Wet without the sprinkler: only rain explains it.
  EXPECT_EQ(interpret(document, {"yes", "no"}).outcome.probability("yes"), 1);
  // The sprinkler alone: 0.2 · 0.01 against 0.8 · 0.4.
  EXPECT_NEAR(interpret(document, {"", "yes"}).outcome.probability("yes"), 0.002 / 0.322, 1e-15);
  // Nothing known: what rain is like anyway.
  EXPECT_NEAR(interpret(document, {"", ""}).outcome.probability("yes"), 0.2, 1e-15);
}

TEST(BayesianNetwork, refuses_values_that_a_node_does_not_have) {
  EXPECT_TRUE(interpret(read_back(lawn()), {"damp", ""}).invalid);
}

std::string normal(const std::string& mean, const std::string& variance) {
  return "<ContinuousDistribution><NormalDistributionForBN><Mean>" + mean + "</Mean><Variance>" +
         variance + "</Variance></NormalDistributionForBN></ContinuousDistribution>";
}
std::string constant(const std::string& number) {
  return "<Constant dataType=\"double\">" + number + "</Constant>";
}
std::string continuous_given(const std::string& parents, const std::string& distribution) {
  return "<ContinuousConditionalProbability>" + parents + distribution +
         "</ContinuousConditionalProbability>";
}
std::string continuous(const std::string& name, const std::string& content) {
  return "<ContinuousNode name=\"" + name + "\">" + content + "</ContinuousNode>\n";
}

double bell(double x, double mean, double variance) {
  return std::exp(-(x - mean) * (x - mean) / (2 * variance)) /
         std::sqrt(2 * std::numbers::pi * variance);
}

const std::string kTemperature = continuous(
    "degrees", continuous_given(parent("rain", "yes"), normal(constant("10"), constant("4"))) +
                   continuous_given(parent("rain", "no"), normal(constant("20"), constant("25"))));

// Rain with 0.2, then 12 degrees: 0.2 · φ(12; 10, 4) against 0.8 · φ(12; 20, 25).
TEST(BayesianNetwork, weighs_causes_by_the_density_of_a_continuous_effect) {
  const Document document =
      read_back(network(field("degrees", true) + field("rain"), "classification",
                        mining("degrees") + mining("rain", "target"), kRain + kTemperature));
  const double rain = 0.2 * bell(12, 10, 4);
  const double none = 0.8 * bell(12, 20, 25);
  EXPECT_NEAR(interpret(document, {"12"}).outcome.probability("yes"), rain / (rain + none), 1e-14);
  EXPECT_NEAR(interpret(document, {""}).outcome.probability("yes"), 0.2, 1e-15);
}

// Degrees of a wet lawn: 10 with P(rain | wet), 20 otherwise.
TEST(BayesianNetwork, averages_a_continuous_target_over_its_causes) {
  const Document document = read_back(
      network(field("wet") + field("sprinkler") + field("rain") + field("degrees", true),
              "regression", mining("wet") + mining("sprinkler") + mining("degrees", "target"),
              kRain + kSprinkler + kGrass + kTemperature));
  const double rain = 0.16038 / (0.16038 + 0.288);
  EXPECT_NEAR(interpret(document, {"yes", ""}).outcome.number, 10 * rain + 20 * (1 - rain), 1e-12);
  EXPECT_NEAR(interpret(document, {"", ""}).outcome.number, 10 * 0.2 + 20 * 0.8, 1e-12);
}

std::string twice(const std::string& name) {
  return "<Apply function=\"*\"><FieldRef field=\"" + name + "\"/>" + constant("2") + "</Apply>";
}

// y ~ N(2 x, 1); z is uniform between x and y, so that its mean is (x + 2 x) / 2 with y = 2 x.
TEST(BayesianNetwork, computes_the_parameters_of_distributions_from_other_nodes) {
  const std::string nodes =
      continuous("x", normal(constant("0"), constant("1"))) +
      continuous("y", normal(twice("x"), constant("1"))) +
      continuous("z",
                 "<ContinuousDistribution><UniformDistributionForBN><Lower><FieldRef "
                 "field=\"x\"/></Lower><Upper><FieldRef field=\"y\"/></Upper>"
                 "</UniformDistributionForBN></ContinuousDistribution>");
  const std::string fields = field("x", true) + field("y", true) + field("z", true);
  const Document y =
      read_back(network(fields, "regression", mining("x") + mining("y", "target"), nodes));
  EXPECT_EQ(interpret(y, {"3"}).outcome.number, 6);
  const Document z = read_back(
      network(fields, "regression", mining("x") + mining("y") + mining("z", "target"), nodes));
  EXPECT_EQ(interpret(z, {"3", "8"}).outcome.number, 5.5);
  // Without y there would be an integral over it.
  const Outcome missing = interpret(z, {"3", ""}).outcome;
  EXPECT_TRUE(missing.missing);
  EXPECT_EQ(missing.warning, "the value of the continuous node 'y' is missing");
}

// Lower 0, upper 6, mean 3 means the mode 3: density 2 / 6 · 1 / 3 at 1, 2 / 6 at 3.
TEST(BayesianNetwork, discretizes_parents_and_knows_triangular_densities) {
  const std::string cold =
      "<DerivedField name=\"cold\" optype=\"categorical\" dataType=\"string\"><Discretize "
      "field=\"degrees\"><DiscretizeBin binValue=\"yes\"><Interval closure=\"openOpen\" "
      "rightMargin=\"0\"/></DiscretizeBin><DiscretizeBin binValue=\"no\"><Interval "
      "closure=\"closedOpen\" leftMargin=\"0\"/></DiscretizeBin></Discretize></DerivedField>";
  const std::string triangle = "<ContinuousDistribution><TriangularDistributionForBN><Mean>" +
                               constant("3") + "</Mean><Lower>" + constant("0") +
                               "</Lower><Upper>" + constant("6") +
                               "</Upper></TriangularDistributionForBN></ContinuousDistribution>";
  const std::string flat = "<ContinuousDistribution><UniformDistributionForBN><Lower>" +
                           constant("0") + "</Lower><Upper>" + constant("2") +
                           "</Upper></UniformDistributionForBN>"
                           "</ContinuousDistribution>";
  const Document document = read_back(
      network(field("degrees", true) + field("snow") + field("depth", true), "classification",
              mining("degrees") + mining("depth") + mining("snow", "target"),
              continuous("degrees", normal(constant("5"), constant("9"))) +
                  node("snow", cold + given(parent("cold", "yes"), yes("0.9", "0.1")) +
                                   given(parent("cold", "no"), yes("0.25", "0.75"))) +
                  continuous("depth", continuous_given(parent("snow", "yes"), triangle) +
                                          continuous_given(parent("snow", "no"), flat))));
  EXPECT_NEAR(interpret(document, {"-3", ""}).outcome.probability("yes"), 0.9, 1e-15);
  EXPECT_NEAR(interpret(document, {"4", ""}).outcome.probability("yes"), 0.25, 1e-15);
  // 0.25 · 1 / 9 against 0.75 · 1 / 2.
  EXPECT_NEAR(interpret(document, {"4", "1"}).outcome.probability("yes"),
              (0.25 / 9) / (0.25 / 9 + 0.375), 1e-15);
  EXPECT_EQ(interpret(document, {"4", "3"}).outcome.probability("yes"), 1);
  const Outcome impossible = interpret(document, {"4", "7"}).outcome;
  EXPECT_TRUE(impossible.missing);
  EXPECT_EQ(impossible.warning, "the values of the row cannot occur together");
}

// A chain of 200 nodes, each a copy of the one before with 0.9: far more combinations than tables.
TEST(BayesianNetwork, infers_along_a_long_chain) {
  std::string nodes = node("n0", yes("0.5", "0.5"));
  for (int i = 1; i < 200; ++i) {
    const std::string before = "n" + std::to_string(i - 1);
    nodes += node("n" + std::to_string(i), given(parent(before, "yes"), yes("0.9", "0.1")) +
                                               given(parent(before, "no"), yes("0.1", "0.9")));
  }
  const Document document = read_back(network(field("n0") + field("n199"), "classification",
                                              mining("n0") + mining("n199", "target"), nodes));
  EXPECT_NEAR(interpret(document, {"yes"}).outcome.probability("yes"),
              0.5 + 0.5 * std::pow(0.8, 199), 1e-12);
}

TEST(BayesianNetwork, is_refused_where_it_makes_no_sense_or_has_no_exact_answer) {
  std::string xml = lawn();
  xml.replace(xml.find(kRain), kRain.size(), node("rain", yes("0.2", "0.9")));
  EXPECT_REFUSAL(xml, "whose probabilities are not 0 to 1 with the sum 1");
  xml = lawn();
  xml.replace(xml.find(kRain), kRain.size(),
              node("rain", given(parent("wet", "yes"), yes("0.2", "0.8")) +
                               given(parent("wet", "no"), yes("0.2", "0.8"))));
  EXPECT_REFUSAL(xml, "their own cause");
  xml = lawn();
  xml.replace(xml.find(kSprinkler), kSprinkler.size(),
              node("sprinkler", given(parent("rain", "yes"), yes("0.2", "0.8"))));
  EXPECT_REFUSAL(xml, "lacks a case");
  xml = lawn();
  xml.replace(xml.find("parent=\"rain\""), 13, "parent=\"fog\"");
  EXPECT_REFUSAL(xml, "parent 'fog', which is neither a node");
  EXPECT_REFUSAL(
      network(field("x", true), "regression", mining("x", "target"),
              continuous("x", "<ContinuousDistribution><LognormalDistributionForBN><Mean>" +
                                  constant("1") + "</Mean><Variance>" + constant("1") +
                                  "</Variance></LognormalDistributionForBN>"
                                  "</ContinuousDistribution>")),
      "line 8: <LognormalDistributionForBN>: the standard does not say");
  const std::string two = continuous("x", normal(constant("0"), constant("1"))) +
                          continuous("y", normal(twice("x"), constant("1")));
  EXPECT_REFUSAL(network(field("x", true) + field("y", true), "regression",
                         mining("y") + mining("x", "target"), two),
                 "which is asked for and a cause of 'y'");
  EXPECT_REFUSAL(
      network(field("x", true) + field("y", true), "regression", mining("y", "target"), two),
      "which is no input and a cause of 'y'");
}

// 30 causes of one effect, each row of whose table would have 2^30 entries, told by expressions.
TEST(BayesianNetwork, is_refused_where_inference_would_take_too_much) {
  std::string nodes;
  std::string sum = constant("0");
  for (int i = 0; i < 30; ++i) {
    const std::string name = "n" + std::to_string(i);
    nodes += node(name, yes("0.5", "0.5"));
    sum = "<Apply function=\"+\">" + sum + "<NormDiscrete field=\"" + name + "\" value=\"yes\"/>" +
          "</Apply>";
  }
  nodes += continuous("x", normal(sum, constant("1")));
  EXPECT_REFUSAL(network(field("x", true) + field("n0"), "classification",
                         mining("x") + mining("n0", "target"), nodes),
                 "exact inference needs a table of more than 262144 entries");
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/compile/check.h"
#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

const char* const kInputs =
    "<NeuralInputs><NeuralInput id='1'><DerivedField optype='continuous' dataType='double'>"
    "<FieldRef field='x'/></DerivedField></NeuralInput>"
    "<NeuralInput id='2'><DerivedField optype='continuous' dataType='double'>"
    "<NormDiscrete field='s' value='on'/></DerivedField></NeuralInput></NeuralInputs>";

std::string output(const std::string& neuron, const std::string& expression) {
  return "<NeuralOutput outputNeuron='" + neuron +
         "'><DerivedField optype='continuous' dataType='double'>" + expression +
         "</DerivedField></NeuralOutput>";
}

std::string model(const std::string& attributes, const std::string& layers,
                  const std::string& outputs, const std::string& dictionary = "") {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='x' optype='continuous' dataType='double'/>"
         "<DataField name='s' optype='categorical' dataType='string'/>"
         "<DataField name='y' optype='continuous' dataType='double'/>"
         "<DataField name='c' optype='categorical' dataType='string'/></DataDictionary>" +
         dictionary + "\n<NeuralNetwork " + attributes +
         "><MiningSchema><MiningField name='x'/><MiningField name='s'/>"
         "<MiningField name='" +
         (attributes.find("regression") != std::string::npos ? "y" : "c") +
         "' usageType='target'/></MiningSchema>" + kInputs + layers + "<NeuralOutputs>" + outputs +
         "</NeuralOutputs></NeuralNetwork></PMML>";
}

std::string refusal(const std::string& xml) {
  const auto document = read(xml);
  if (!document) return document.error().message;
  const auto checked = check(*document);
  return checked ? "" : checked.error().message;
}

// One neuron: z = 2 x - 1 [s is on] + 0.5.
std::string neuron(const std::string& settings, const std::string& expression) {
  return model(
      "functionName='regression' activationFunction='identity'",
      "<NeuralLayer " + settings +
          "><Neuron id='n' bias='0.5'><Con from='1' weight='2'/><Con from='2' weight='-1'/>"
          "</Neuron></NeuralLayer>",
      output("n", expression));
}

double number_of(const std::string& xml, const std::string& x) {
  return interpret_row(read_right(xml), {{"x", x}, {"s", "on"}}).outcome.number;
}

// x = 1: z = 1.5; x = -1: z = -2.5.
TEST(NeuralNetwork, knows_every_activation_function) {
  const auto f = [](const std::string& name, const std::string& x = "1") {
    return number_of(neuron("activationFunction='" + name + "'", "<FieldRef field='y'/>"), x);
  };
  EXPECT_EQ(f("identity"), 1.5);
  EXPECT_EQ(f("threshold"), 1);
  EXPECT_EQ(f("threshold", "-1"), 0);
  EXPECT_EQ(f("threshold", "0.25"), 0);  // z = 0 is not beyond 0.
  EXPECT_DOUBLE_EQ(f("logistic"), 1 / (1 + std::exp(-1.5)));
  EXPECT_DOUBLE_EQ(f("tanh"), (1 - std::exp(-3)) / (1 + std::exp(-3)));
  EXPECT_DOUBLE_EQ(f("exponential"), std::exp(1.5));
  EXPECT_DOUBLE_EQ(f("reciprocal"), 1 / 1.5);
  EXPECT_EQ(f("square"), 2.25);
  EXPECT_DOUBLE_EQ(f("Gauss"), std::exp(-2.25));
  EXPECT_DOUBLE_EQ(f("sine"), std::sin(1.5));
  EXPECT_DOUBLE_EQ(f("cosine"), std::cos(1.5));
  EXPECT_DOUBLE_EQ(f("Elliott"), 0.6);  // 1.5 / 2.5.
  EXPECT_DOUBLE_EQ(f("arctan"), 2 * std::atan(1.5) / 3.14159265358979323846);
  EXPECT_EQ(f("rectifier"), 1.5);
  EXPECT_EQ(f("rectifier", "-1"), 0);
}

TEST(NeuralNetwork, reads_the_threshold_of_the_layer) {
  EXPECT_EQ(
      number_of(neuron("activationFunction='threshold' threshold='1.5'", "<FieldRef field='y'/>"),
                "1"),
      0);
}

// Sources (3, 1), weights (2, -1): squared distance 1 + 4 = 5; 5 / (2 · 2²) = 0.625; two sources,
// altitude 3: exp(2 ln 3 - 0.625) = 9 exp(-0.625).
TEST(NeuralNetwork, measures_the_distance_to_a_radial_basis) {
  EXPECT_DOUBLE_EQ(number_of(neuron("activationFunction='radialBasis' width='2' altitude='3'",
                                    "<FieldRef field='y'/>"),
                             "3"),
                   9 * std::exp(-0.625));
  EXPECT_NE(refusal(neuron("activationFunction='radialBasis'", "<FieldRef field='y'/>"))
                .find("without a width"),
            std::string::npos);
}

// Points (10, 0), (20, 1), (60, 3): z = 2.5 lies on the second piece, 20 + 1.5 / 2 · 40 = 50; -0.5
// goes on from the first, 10 - 5; 4.5 from the last, 20 + 3.5 / 2 · 40 = 90.
TEST(NeuralNetwork, undoes_the_normalization_of_its_target) {
  const std::string xml = neuron(
      "",
      "<NormContinuous field='y'><LinearNorm orig='10' norm='0'/><LinearNorm orig='20' norm='1'/>"
      "<LinearNorm orig='60' norm='3'/></NormContinuous>");
  EXPECT_EQ(number_of(xml, "1.5"), 50);
  EXPECT_EQ(number_of(xml, "0"), 5);
  EXPECT_EQ(number_of(xml, "2.5"), 90);
}

// The output names a derived field of the dictionary, whose expression counts.
TEST(NeuralNetwork, looks_its_output_up_in_the_transformations) {
  const std::string xml = model(
      "functionName='regression' activationFunction='identity'",
      "<NeuralLayer><Neuron id='n'><Con from='1' weight='1'/></Neuron></NeuralLayer>",
      output("n", "<FieldRef field='scaled'/>"),
      "<TransformationDictionary><DerivedField name='scaled' optype='continuous' dataType='double'>"
      "<NormContinuous field='y'><LinearNorm orig='0' norm='0'/><LinearNorm orig='100' norm='1'/>"
      "</NormContinuous></DerivedField></TransformationDictionary>");
  EXPECT_EQ(number_of(xml, "0.25"), 25);
}

const char* const kTwo =
    "<NeuralLayer><Neuron id='a'><Con from='1' weight='1'/></Neuron>"
    "<Neuron id='b' bias='2'><Con from='2' weight='1'/></Neuron></NeuralLayer>";

// a = x = 1, b = 2 + [s is on] = 3.
TEST(NeuralNetwork, gives_its_outputs_as_probabilities) {
  const auto outcome = [](const std::string& method) {
    return interpret_row(
               read_right(model(
                   "functionName='classification' activationFunction='identity' " + method, kTwo,
                   output("a", "<NormDiscrete field='c' value='u'/>") +
                       output("b", "<NormDiscrete field='c' value='v'/>"))),
               {{"x", "1"}, {"s", "on"}})
        .outcome;
  };
  EXPECT_EQ(outcome("").category, "v");
  EXPECT_EQ(outcome("").entity, "b");
  EXPECT_EQ(outcome("").probability("v"), 3);
  EXPECT_EQ(outcome("normalizationMethod='simplemax'").probability("u"), 0.25);
  EXPECT_DOUBLE_EQ(outcome("normalizationMethod='softmax'").probability("v"),
                   1 / (1 + std::exp(-2)));
}

TEST(NeuralNetwork, has_no_result_where_an_input_is_missing) {
  const Document document = read_right(neuron("", "<FieldRef field='y'/>"));
  EXPECT_TRUE(interpret_row(document, {{"x", "1"}}).outcome.missing);
}

TEST(NeuralNetwork, refuses_what_it_could_not_run) {
  const auto layers = [](const std::string& text) {
    return refusal(model("functionName='regression' activationFunction='identity'", text,
                         output("n", "<FieldRef field='y'/>")));
  };
  EXPECT_NE(layers("<NeuralLayer><Neuron id='n'><Con from='n' weight='1'/></Neuron></NeuralLayer>")
                .find("line 2: <Con>: attribute from is 'n', which no NeuralInput or earlier"),
            std::string::npos);
  EXPECT_NE(layers("<NeuralLayer><Neuron id='1'><Con from='2' weight='1'/></Neuron></NeuralLayer>")
                .find("the id '1' is declared twice"),
            std::string::npos);
  EXPECT_NE(refusal(model("functionName='classification' activationFunction='identity'", kTwo,
                          output("a", "<NormDiscrete field='c' value='u'/>")))
                .find("is a classification with 1 NeuralOutputs"),
            std::string::npos);
  EXPECT_NE(refusal(model("functionName='regression' activationFunction='identity'", kTwo,
                          output("a", "<NormDiscrete field='y' value='u'/>")))
                .find("neither FieldRef nor NormContinuous"),
            std::string::npos);
}

}  // namespace
}  // namespace pmml

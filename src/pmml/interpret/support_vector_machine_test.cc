// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/compile/check.h"
#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

const char* const kTwoVectors =
    "<VectorInstance id='a'><Array n='2' type='real'>1 0</Array></VectorInstance>"
    "<VectorInstance id='b'><REAL-SparseArray n='2'><Indices>2</Indices>"
    "<REAL-Entries>2</REAL-Entries></REAL-SparseArray></VectorInstance>";

std::string machine(const std::string& attributes, double a, double b, double absolute) {
  return "<SupportVectorMachine " + attributes +
         "><SupportVectors><SupportVector vectorId='a'/><SupportVector vectorId='b'/>"
         "</SupportVectors><Coefficients absoluteValue='" +
         std::to_string(absolute) + "'><Coefficient value='" + std::to_string(a) +
         "'/><Coefficient value='" + std::to_string(b) +
         "'/></Coefficients></SupportVectorMachine>";
}

std::string model(const std::string& attributes, const std::string& kernel,
                  const std::string& machines, const std::string& vectors = kTwoVectors) {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='x' optype='continuous' dataType='double'/>"
         "<DataField name='s' optype='categorical' dataType='string'/>"
         "<DataField name='t' optype='categorical' dataType='string'/></DataDictionary>\n"
         "<SupportVectorMachineModel " +
         attributes +
         "><MiningSchema><MiningField name='x'/><MiningField name='s'/>"
         "<MiningField name='t' usageType='target'/></MiningSchema>" +
         kernel +
         "<VectorDictionary><VectorFields><FieldRef field='x'/>"
         "<CategoricalPredictor name='s' value='on' coefficient='1'/></VectorFields>" +
         vectors + "</VectorDictionary>\n" + machines + "</SupportVectorMachineModel></PMML>";
}

std::string refusal(const std::string& xml) {
  const auto document = read(xml);
  if (!document) return document.error().message;
  const auto checked = check(*document);
  return checked ? "" : checked.error().message;
}

Outcome outcome_of(const std::string& xml, const std::string& x, const std::string& s = "on") {
  return interpret_row(read_right(xml), {{"x", x}, {"s", s}}).outcome;
}

// The row (3, 1); vectors (1, 0) and (0, 2): inner products 3 and 2, squared distances
// 4 + 1 = 5 and 9 + 1 = 10. f = 2 K(a) - 3 K(b) + 0.5.
TEST(SupportVectorMachine, weighs_each_kernel) {
  const auto f = [](const std::string& kernel) {
    return outcome_of(model("functionName='regression'", kernel, machine("", 2, -3, 0.5)), "3")
        .number;
  };
  EXPECT_EQ(f("<LinearKernelType/>"), 2 * 3 - 3 * 2 + 0.5);
  // (0.5 · 3 + 1)² = 6.25, (0.5 · 2 + 1)² = 4.
  EXPECT_EQ(f("<PolynomialKernelType gamma='0.5' coef0='1' degree='2'/>"), 2 * 6.25 - 3 * 4 + 0.5);
  EXPECT_DOUBLE_EQ(f("<RadialBasisKernelType gamma='0.1'/>"),
                   2 * std::exp(-0.5) - 3 * std::exp(-1) + 0.5);
  EXPECT_DOUBLE_EQ(f("<SigmoidKernelType gamma='0.5' coef0='-1'/>"),
                   2 * std::tanh(0.5) - 3 * std::tanh(0) + 0.5);
}

TEST(SupportVectorMachine, has_no_result_where_a_component_is_missing) {
  const Document document =
      read_right(model("functionName='regression'", "<LinearKernelType/>", machine("", 1, 1, 0)));
  EXPECT_TRUE(interpret_row(document, {{"x", "3"}}).outcome.missing);
  EXPECT_TRUE(interpret_row(document, {{"s", "on"}}).outcome.missing);
}

// f = x - 2: below the threshold 0 the target, at it and above the alternate.
TEST(SupportVectorMachine, takes_the_target_below_the_threshold) {
  const std::string two = machine("targetCategory='yes' alternateTargetCategory='no'", 1, 0, -2);
  const auto category = [&](const std::string& attributes, const std::string& x) {
    return outcome_of(
               model("functionName='classification' " + attributes, "<LinearKernelType/>", two), x)
        .category;
  };
  EXPECT_EQ(category("", "1"), "yes");
  EXPECT_EQ(category("", "2"), "no");
  EXPECT_EQ(category("threshold='0.5'", "2"), "yes");
  EXPECT_EQ(category("maxWins='true'", "1"), "no");
  EXPECT_EQ(category("maxWins='true'", "3"), "yes");
}

// At x = 3: u 3 - 1 = 2, v -3 + 5 = 2, w 9. The smallest wins, the first of equals.
TEST(SupportVectorMachine, lets_the_smallest_of_all_win_unless_told_otherwise) {
  const std::string three = machine("targetCategory='u'", 1, 0, -1) +
                            machine("targetCategory='v'", -1, 0, 5) +
                            machine("targetCategory='w'", 0, 0, 9);
  const auto xml = [&](const std::string& attributes) {
    return model("functionName='classification' " + attributes, "<LinearKernelType/>", three);
  };
  EXPECT_EQ(outcome_of(xml(""), "3").category, "u");
  EXPECT_EQ(outcome_of(xml(""), "4").category, "v");
  EXPECT_EQ(outcome_of(xml("maxWins='true'"), "3").category, "w");
  EXPECT_TRUE(outcome_of(xml(""), "3").distribution.empty());
}

// x = 3 makes every value 3 times the sign given: u or v: +, v; u or w: -, u; v or w: -, v.
TEST(SupportVectorMachine, counts_the_votes_of_pairs) {
  const auto pairs = [](double a, double b, double c) {
    return model("functionName='classification' classificationMethod='OneAgainstOne'",
                 "<LinearKernelType/>",
                 machine("targetCategory='u' alternateTargetCategory='v'", a, 0, 0) +
                     machine("targetCategory='u' alternateTargetCategory='w'", b, 0, 0) +
                     machine("targetCategory='v' alternateTargetCategory='w'", c, 0, 0));
  };
  const Outcome outcome = outcome_of(pairs(1, -1, -1), "3");
  EXPECT_EQ(outcome.category, "v");
  EXPECT_DOUBLE_EQ(outcome.probability("v"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(outcome.probability("w"), 0);
  // One vote each: v, u, w. The first category of the document wins.
  EXPECT_EQ(outcome_of(pairs(1, -1, 1), "3").category, "u");
}

// Before 4.1: f = x rounded to 1 is the target, to 0 the other one, and nothing else is allowed.
TEST(SupportVectorMachine, rounds_the_value_of_an_old_binary_model) {
  const Document document =
      read_right(model("functionName='classification' alternateBinaryTargetCategory='no'",
                       "<LinearKernelType/>", machine("targetCategory='yes'", 1, 0, 0)));
  const auto at = [&](const std::string& x) {
    return interpret_row(document, {{"x", x}, {"s", "off"}});
  };
  EXPECT_EQ(at("0.6").outcome.category, "yes");
  EXPECT_EQ(at("0.4").outcome.category, "no");
  EXPECT_TRUE(at("2").invalid);
}

// 2 x - 1 · 1 + 0.25.
TEST(SupportVectorMachine, weighs_components_where_it_has_no_vectors) {
  const std::string machines =
      "<SupportVectorMachine><Coefficients absoluteValue='0.25'><Coefficient value='2'/>"
      "<Coefficient value='-1'/></Coefficients></SupportVectorMachine>";
  const auto xml = [&](const std::string& kernel) {
    return model("functionName='regression' svmRepresentation='Coefficients'", kernel, machines,
                 "");
  };
  EXPECT_EQ(outcome_of(xml("<LinearKernelType/>"), "3").number, 5.25);
  EXPECT_NE(refusal(xml("<RadialBasisKernelType/>")).find("LinearKernelType only"),
            std::string::npos);
}

TEST(SupportVectorMachine, refuses_what_does_not_fit_together) {
  const auto with = [](const std::string& machines, const std::string& vectors = kTwoVectors) {
    return refusal(model("functionName='regression'", "<LinearKernelType/>", machines, vectors));
  };
  EXPECT_NE(with("<SupportVectorMachine><SupportVectors><SupportVector vectorId='c'/>"
                 "</SupportVectors></SupportVectorMachine>")
                .find("line 3: <SupportVector>: the vector 'c' is not in the VectorDictionary"),
            std::string::npos);
  EXPECT_NE(with(machine("", 1, 1, 0), "<VectorInstance id='a'><Array>1</Array></VectorInstance>")
                .find("line 2: <Array>: has 1 numbers; 2 are needed"),
            std::string::npos);
  EXPECT_NE(with("<SupportVectorMachine><SupportVectors><SupportVector vectorId='a'/>"
                 "</SupportVectors></SupportVectorMachine>")
                .find("has 0 coefficients for 1 support vectors"),
            std::string::npos);
  EXPECT_NE(with(machine("", 1, 1, 0) + machine("", 1, 1, 0)).find("exactly one"),
            std::string::npos);
  EXPECT_NE(refusal(model("functionName='classification'", "<LinearKernelType/>",
                          machine("targetCategory='yes'", 1, 1, 0)))
                .find("without alternateTargetCategory"),
            std::string::npos);
}

}  // namespace
}  // namespace pmml

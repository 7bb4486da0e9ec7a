// SPDX-License-Identifier: Apache-2.0
// What missing values do to trees, worked by hand from PMML 4.4 «TreeModel».
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/small_document.h"

namespace pmml {
namespace {

std::string fields() {
  std::string text = "<DataDictionary>";
  for (const char* name : {"x", "z"})
    text +=
        "<DataField name=\"" + std::string(name) + "\" optype=\"continuous\" dataType=\"double\"/>";
  return text +
         "<DataField name=\"play\" optype=\"categorical\" dataType=\"string\"/></DataDictionary>";
}

std::string tree(const std::string& attributes, const std::string& node,
                 const std::string& function = "classification") {
  const auto output = [](const std::string& feature, const std::string& value) {
    return "<OutputField name=\"" + feature + "(" + value + ")\" feature=\"" + feature +
           "\" dataType=\"double\" optype=\"continuous\" value=\"" + value + "\"/>";
  };
  return fields() + "<TreeModel functionName=\"" + function + "\" " + attributes +
         "><MiningSchema><MiningField name=\"x\"/><MiningField name=\"z\"/><MiningField "
         "name=\"play\" usageType=\"target\"/></MiningSchema><Output><OutputField name=\"answer\" "
         "feature=\"predictedValue\"/><OutputField name=\"node\" feature=\"entityId\"/>" +
         output("probability", "yes") + output("confidence", "yes") + output("confidence", "no") +
         "</Output>" + node + "</TreeModel>";
}

std::string less(const std::string& field, int than) {
  return "<SimplePredicate field=\"" + field + "\" operator=\"lessThan\" value=\"" +
         std::to_string(than) + "\"/>";
}
std::string more(const std::string& field, int than) {
  return "<SimplePredicate field=\"" + field + "\" operator=\"greaterOrEqual\" value=\"" +
         std::to_string(than) + "\"/>";
}

// A node that saw `yes` and `no` records, with confidences of its own if they are not negative.
std::string node(const std::string& id, const std::string& predicate, int yes, int no,
                 const std::string& children = "", const std::string& attributes = "",
                 double confidence = -1) {
  const auto entry = [&](const std::string& value, int count, double stated) {
    return "<ScoreDistribution value=\"" + value + "\" recordCount=\"" + std::to_string(count) +
           "\"" + (confidence < 0 ? "" : " confidence=\"" + std::to_string(stated) + "\"") + "/>";
  };
  return "<Node id=\"" + id + "\" recordCount=\"" + std::to_string(yes + no) + "\" " + attributes +
         ">" + predicate + entry("yes", yes, confidence) + entry("no", no, 1 - confidence) +
         children + "</Node>";
}

// x splits 100 records into 60 and 40; z splits the 40 into 10 and 30.
//   a: 48 yes, 12 no (confidence 0.8)    b1: 1 yes, 9 no (0.1)    b2: 18 yes, 12 no (0.6)
std::string branches(const std::string& attributes) {
  return tree(attributes,
              node("root", "<True/>", 67, 33,
                   node("a", less("x", 5), 48, 12) +
                       node("b", more("x", 5), 19, 21,
                            node("b1", less("z", 5), 1, 9) + node("b2", more("z", 5), 18, 12),
                            "defaultChild=\"b2\""),
                   "defaultChild=\"a\""));
}

TEST(TreeModel, weighs_the_confidences_of_open_branches_by_their_records) {
  SmallDocument document(branches("missingValueStrategy=\"weightedConfidence\""));
  // Nothing is missing: one leaf answers.
  EXPECT_EQ(document.output({{"x", "1"}, {"z", "1"}}, "answer"), "yes");
  EXPECT_EQ(document.also("node"), "a");
  EXPECT_DOUBLE_EQ(document.number({{"x", "1"}, {"z", "1"}}, "confidence(yes)"), 0.8);
  // x is missing, z = 1: a with 60 records of 100, b1 through b with 40.
  // yes: 0.6 * 0.8 + 0.4 * 0.1 = 0.52.
  EXPECT_EQ(document.output({{"z", "1"}}, "answer"), "yes");
  EXPECT_NEAR(document.number({{"z", "1"}}, "confidence(yes)"), 0.52, 1e-15);
  // Both are missing, recursively: b is 10/40 * 0.1 + 30/40 * 0.6 = 0.475 sure of yes;
  // yes: 0.6 * 0.8 + 0.4 * 0.475 = 0.67.
  EXPECT_NEAR(document.number({}, "confidence(yes)"), 0.67, 1e-15);
  EXPECT_NEAR(document.number({}, "confidence(no)"), 0.33, 1e-15);
  // z alone is missing, x = 9: 0.25 * 0.1 + 0.75 * 0.6 = 0.475; no wins.
  EXPECT_EQ(document.output({{"x", "9"}}, "answer"), "no");
  EXPECT_NEAR(document.number({{"x", "9"}}, "confidence(yes)"), 0.475, 1e-15);
}

TEST(TreeModel, adds_up_the_records_of_the_leaves_that_may_be_reached) {
  SmallDocument document(branches("missingValueStrategy=\"aggregateNodes\""));
  // x is missing, z = 1: a and b1, 48 + 1 yes of 70.
  EXPECT_EQ(document.output({{"z", "1"}}, "answer"), "yes");
  EXPECT_NEAR(document.number({{"z", "1"}}, "probability(yes)"), 49.0 / 70, 1e-15);
  // Both are missing: all leaves, 67 yes of 100.
  EXPECT_NEAR(document.number({}, "probability(yes)"), 0.67, 1e-15);
  // z is missing, x = 9: b1 and b2, 19 yes of 40.
  EXPECT_EQ(document.output({{"x", "9"}}, "answer"), "no");
  EXPECT_NEAR(document.number({{"x", "9"}}, "probability(yes)"), 0.475, 1e-15);
}

// A child that is true for certain ends the search: the row cannot come to those behind it.
TEST(TreeModel, aggregates_no_node_behind_one_that_is_true) {
  SmallDocument document(tree("missingValueStrategy=\"aggregateNodes\"",
                              node("root", "<True/>", 10, 20,
                                   node("a", less("x", 5), 4, 0) + node("b", "<True/>", 3, 5) +
                                       node("c", less("x", 9), 0, 100))));
  EXPECT_NEAR(document.number({}, "probability(yes)"), 7.0 / 12, 1e-15);
}

TEST(TreeModel, asks_for_the_record_counts_that_the_strategies_need) {
  const std::string bare = "<Node><True/><Node score=\"yes\">" + less("x", 5) +
                           "</Node><Node score=\"no\">" + more("x", 5) + "</Node></Node>";
  EXPECT_NE(refusal(tree("missingValueStrategy=\"weightedConfidence\"", bare)).find("recordCount"),
            std::string::npos);
  EXPECT_NE(refusal(tree("missingValueStrategy=\"aggregateNodes\"", bare)).find("recordCount"),
            std::string::npos);
  EXPECT_NE(refusal(tree("missingValueStrategy=\"weightedConfidence\"",
                         "<Node score=\"1\"><True/></Node>", "regression"))
                .find("no classification"),
            std::string::npos);
}

TEST(TreeModel, multiplies_confidences_by_the_penalty_of_every_guess) {
  const std::string attributes =
      "missingValueStrategy=\"defaultChild\" missingValuePenalty=\"0.5\"";
  SmallDocument document(branches(attributes));
  // No guess, one (x: to a), one (z: to b2).
  EXPECT_DOUBLE_EQ(document.number({{"x", "1"}}, "confidence(yes)"), 0.8);
  EXPECT_DOUBLE_EQ(document.number({}, "confidence(yes)"), 0.4);
  EXPECT_DOUBLE_EQ(document.number({}, "probability(yes)"), 0.8);  // Probabilities stay.
  EXPECT_DOUBLE_EQ(document.number({{"x", "9"}}, "confidence(yes)"), 0.3);
  // Two guesses: from the root to b, from b to b2.
  SmallDocument twice(tree(
      attributes,
      node("root", "<True/>", 19, 21,
           node("b", more("x", 5), 19, 21, node("b2", more("z", 5), 18, 12), "defaultChild=\"b2\""),
           "defaultChild=\"b\"")));
  EXPECT_DOUBLE_EQ(twice.number({}, "confidence(yes)"), 0.6 * 0.25);
  // A surrogate that stands in for a missing value is a guess too.
  SmallDocument surrogate(tree("missingValuePenalty=\"0.5\"",
                               node("root", "<True/>", 1, 1,
                                    node("a",
                                         "<CompoundPredicate booleanOperator=\"surrogate\">" +
                                             less("x", 5) + less("z", 5) + "</CompoundPredicate>",
                                         3, 1))));
  EXPECT_DOUBLE_EQ(surrogate.number({{"x", "1"}, {"z", "1"}}, "confidence(yes)"), 0.75);
  EXPECT_DOUBLE_EQ(surrogate.number({{"z", "1"}}, "confidence(yes)"), 0.375);
  EXPECT_NE(refusal(branches("missingValuePenalty=\"2\"")), "");
}

TEST(TreeModel, prefers_the_confidences_that_a_node_states) {
  SmallDocument document(tree("", node("root", "<True/>", 3, 1, "", "", 0.9)));
  EXPECT_DOUBLE_EQ(document.number({}, "confidence(yes)"), 0.9);
  EXPECT_DOUBLE_EQ(document.number({}, "probability(yes)"), 0.75);
}

// PMML 3.0 to 4.0, model composition: the regression in a leaf answers for it.
TEST(TreeModel, lets_a_regression_in_a_node_answer) {
  const auto regression = [](const std::string& intercept) {
    return "<Regression functionName=\"regression\"><RegressionTable intercept=\"" + intercept +
           "\"><NumericPredictor name=\"z\" coefficient=\"2\"/></RegressionTable></Regression>";
  };
  SmallDocument document(tree("",
                              "<Node id=\"root\"><True/><Node id=\"low\">" + less("x", 5) +
                                  regression("1") + "</Node><Node id=\"high\" score=\"7\">" +
                                  more("x", 5) + "</Node></Node>",
                              "regression"));
  EXPECT_EQ(document.prediction({{"x", "1"}, {"z", "10"}}), 21);
  EXPECT_EQ(document.also("node"), "low");
  EXPECT_EQ(document.prediction({{"x", "9"}, {"z", "10"}}), 7);
  EXPECT_TRUE(std::isnan(document.prediction({{"x", "1"}})));
  // LightGBM's linear trees: where the regression lacks an input, the leaf's score stands.
  SmallDocument leaf(tree("", "<Node id=\"root\" score=\"4\"><True/>" + regression("1") + "</Node>",
                          "regression"));
  EXPECT_EQ(leaf.prediction({{"z", "10"}}), 21);
  EXPECT_EQ(leaf.prediction({}), 4);
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

constexpr const char* kFields =
    "<DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"y\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"drug\" optype=\"categorical\" dataType=\"string\"><Value value=\"C\"/>"
    "<Value value=\"B\"/><Value value=\"A\"/></DataField>";

std::string predicate(const char* field, const char* bound) {
  return std::string("<SimplePredicate field=\"") + field + "\" operator=\"greaterThan\" value=\"" +
         bound + "\"/>";
}

// Fires: 1 where x > 0; 2 and 3, inside a compound rule, where y > 0 and x > 1 or x > 2; 4 where
// x > 3.
std::string rules(const std::string& criterion, const std::string& defaults = "") {
  return test_document(
      kFields,
      "<RuleSetModel functionName=\"classification\"><MiningSchema><MiningField "
      "name=\"x\"/><MiningField name=\"y\"/><MiningField name=\"drug\" "
      "usageType=\"target\"/></MiningSchema>\n<RuleSet " +
          defaults + "><RuleSelectionMethod criterion=\"" + criterion +
          "\"/>\n<SimpleRule score=\"A\" confidence=\"0.9\" weight=\"0.5\">" + predicate("x", "0") +
          "<ScoreDistribution value=\"A\" recordCount=\"3\"/><ScoreDistribution "
          "value=\"B\" recordCount=\"1\"/></SimpleRule>\n<CompoundRule>" +
          predicate("y", "0") +
          "<SimpleRule id=\"two\" score=\"B\" confidence=\"0.8\" weight=\"0.7\">" +
          predicate("x", "1") +
          "</SimpleRule><SimpleRule score=\"A\" confidence=\"0.6\" weight=\"0.25\">" +
          predicate("x", "2") + "</SimpleRule></CompoundRule>\n" +
          "<SimpleRule score=\"B\" confidence=\"0.3\" weight=\"0.05\">" + predicate("x", "3") +
          "</SimpleRule></RuleSet></RuleSetModel>");
}

using Confidences = std::vector<std::pair<std::string, double>>;

TEST(RuleSet, takes_the_first_rule_that_fires) {
  const Document document = read_back(rules("firstHit"));
  const Outcome outcome = interpret(document, {"1.5", "1"}).outcome;
  EXPECT_EQ(outcome.category, "A");
  EXPECT_EQ(outcome.entity, "1");
  EXPECT_EQ(outcome.confidences, (Confidences{{"A", 0.9}, {"B", 0.8}}));
  EXPECT_EQ(outcome.distribution, (Confidences{{"A", 0.75}, {"B", 0.25}}));
  ASSERT_EQ(outcome.rules.size(), 2U);
  EXPECT_EQ(outcome.rules[1].id, "two");
}

// Weights: A 0.5, B 0.7.
TEST(RuleSet, takes_the_heaviest_rule) {
  const Document document = read_back(rules("weightedMax"));
  const Outcome outcome = interpret(document, {"2.5", "1"}).outcome;
  EXPECT_EQ(outcome.category, "B");
  EXPECT_EQ(outcome.entity, "two");
  EXPECT_EQ(outcome.confidences, (Confidences{{"A", 0.9}, {"B", 0.8}}));
  // Without y the compound rule is unknown, and nothing inside of it fires.
  EXPECT_EQ(interpret(document, {"2.5", ""}).outcome.category, "A");
}

// x = 2.5: A 0.5 + 0.25 = 0.75 against B 0.7; confidences (0.9 + 0.6) / 3 and 0.8 / 3. x = 4: B has
// 0.75 as well, and the target declares B before A.
TEST(RuleSet, adds_up_weights_and_prefers_the_target_s_first_value_at_a_tie) {
  const Document document = read_back(rules("weightedSum"));
  const Outcome outcome = interpret(document, {"2.5", "1"}).outcome;
  EXPECT_EQ(outcome.category, "A");
  EXPECT_EQ(outcome.confidences, (Confidences{{"A", 1.5 / 3}, {"B", 0.8 / 3}}));
  const Outcome tie = interpret(document, {"4", "1"}).outcome;
  EXPECT_EQ(tie.category, "B");
  EXPECT_EQ(tie.entity, "two");
}

TEST(RuleSet, falls_back_to_its_default_or_has_no_result) {
  const Document document =
      read_back(rules("firstHit", "defaultScore=\"C\" defaultConfidence=\"0.1\""));
  const Outcome outcome = interpret(document, {"-1", "1"}).outcome;
  EXPECT_EQ(outcome.category, "C");
  EXPECT_EQ(outcome.confidences, (Confidences{{"C", 0.1}}));
  EXPECT_EQ(interpret(document, {"", ""}).outcome.category, "C");
  EXPECT_TRUE(interpret(read_back(rules("firstHit")), {"-1", "1"}).outcome.missing);
}

TEST(RuleSet, is_refused_with_its_line) {
  EXPECT_REFUSAL(rules("lastHit"), "line 7: <RuleSelectionMethod>: attribute criterion");
  std::string xml = rules("firstHit");
  xml.replace(xml.find("score=\"A\""), 9, "");
  EXPECT_REFUSAL(xml, "line 8: <SimpleRule>: attribute score is required");
  std::string nested;
  std::string end;
  for (int i = 0; i < 300; ++i) {
    nested += "<CompoundRule><True/>";
    end += "</CompoundRule>";
  }
  xml = rules("firstHit");
  xml.insert(xml.find("</RuleSet>"), nested + "<SimpleRule score=\"A\"><True/></SimpleRule>" + end);
  EXPECT_REFUSAL(xml, "nest more than 200 deep");
}

}  // namespace
}  // namespace pmml

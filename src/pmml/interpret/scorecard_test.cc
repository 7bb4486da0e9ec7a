// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

constexpr const char* kFields =
    "<DataField name=\"home\" optype=\"categorical\" dataType=\"string\"/>"
    "<DataField name=\"age\" optype=\"continuous\" dataType=\"integer\"/>"
    "<DataField name=\"income\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"score\" optype=\"continuous\" dataType=\"double\"/>";

std::string card(const std::string& attributes, const std::string& home_code = "R1") {
  return test_document(
      kFields,
      "<Scorecard functionName=\"regression\" initialScore=\"100\" " + attributes +
          "><MiningSchema><MiningField name=\"home\"/><MiningField name=\"age\"/>"
          "<MiningField name=\"income\"/><MiningField name=\"score\" usageType=\"target\"/>"
          "</MiningSchema><Characteristics>\n"
          "<Characteristic name=\"home\" baselineScore=\"20\" reasonCode=\"" +
          home_code +
          "\">"
          "<Attribute partialScore=\"5\"><SimplePredicate field=\"home\" operator=\"isMissing\"/>"
          "</Attribute><Attribute partialScore=\"20\"><SimplePredicate field=\"home\" "
          "operator=\"equal\" value=\"own\"/></Attribute><Attribute partialScore=\"8\">"
          "<SimplePredicate field=\"home\" operator=\"equal\" value=\"rent\"/></Attribute>"
          "</Characteristic>\n"
          "<Characteristic name=\"age\" baselineScore=\"15\" reasonCode=\"R2\">"
          "<Attribute partialScore=\"3\" reasonCode=\"R2Y\"><SimplePredicate field=\"age\" "
          "operator=\"lessThan\" value=\"25\"/></Attribute><Attribute partialScore=\"18\"><True/>"
          "</Attribute></Characteristic>\n"
          "<Characteristic name=\"income\" reasonCode=\"R3\"><Attribute "
          "partialScore=\"999\"><True/>"
          "<ComplexPartialScore><Apply function=\"+\"><Apply function=\"*\">"
          "<Constant>0.01</Constant><FieldRef field=\"income\"/></Apply><Constant>1</Constant>"
          "</Apply></ComplexPartialScore></Attribute></Characteristic>"
          "</Characteristics></Scorecard>");
}

using Codes = std::vector<std::string>;

// rent 8, under 25 3, 0.01 · 500 + 1 = 6; the card begins with 100. Below their baselines: R1
// 20 − 8 = 12, R2Y 15 − 3 = 12, R3 12 − 6 = 6.
TEST(Scorecard, adds_points_and_ranks_the_codes_of_points_lost) {
  const Document document = read_back(card("baselineScore=\"12\""));
  const Outcome outcome = interpret(document, {"rent", "22", "500"}).outcome;
  EXPECT_FALSE(outcome.missing);
  EXPECT_EQ(outcome.number, 117);
  EXPECT_EQ(outcome.reason_codes, (Codes{"R1", "R2Y", "R3"}));
}

// own 20 − 20 = 0 is no gain; 15 − 18 and 12 − 21 are, and gains are no reasons.
TEST(Scorecard, leaves_out_codes_of_points_gained) {
  const Document document = read_back(card("baselineScore=\"12\""));
  const Outcome outcome = interpret(document, {"own", "40", "2000"}).outcome;
  EXPECT_EQ(outcome.number, 100 + 20 + 18 + 21);
  EXPECT_EQ(outcome.reason_codes, (Codes{"R1"}));
}

TEST(Scorecard, counts_points_above_where_the_card_says_so) {
  const Document document =
      read_back(card("baselineScore=\"12\" reasonCodeAlgorithm=\"pointsAbove\""));
  const Outcome outcome = interpret(document, {"own", "40", "2000"}).outcome;
  EXPECT_EQ(outcome.reason_codes, (Codes{"R3", "R2", "R1"}));
}

// R1 of two characteristics: 12 + 6 = 18, before R2Y's 12.
TEST(Scorecard, adds_up_the_points_of_one_code) {
  const Document document = read_back(card("baselineScore=\"12\"", "R3"));
  EXPECT_EQ(interpret(document, {"rent", "22", "500"}).outcome.reason_codes, (Codes{"R3", "R2Y"}));
}

TEST(Scorecard, has_no_result_where_no_attribute_is_true_or_an_expression_is_missing) {
  const Document document = read_back(card("useReasonCodes=\"false\""));
  EXPECT_EQ(interpret(document, {"", "40", "0"}).outcome.number, 100 + 5 + 18 + 1);
  EXPECT_TRUE(interpret(document, {"", "40", "0"}).outcome.reason_codes.empty());
  const Outcome none = interpret(document, {"tent", "40", "0"}).outcome;
  EXPECT_TRUE(none.missing);
  EXPECT_EQ(none.warning, "no Attribute of the Characteristic 'home' is true");
  EXPECT_TRUE(interpret(document, {"own", "40", ""}).outcome.missing);
  // A missing age makes the first predicate unknown, which is not true.
  EXPECT_EQ(interpret(document, {"own", "", "0"}).outcome.number, 100 + 20 + 18 + 1);
}

TEST(Scorecard, is_refused_with_its_line_where_codes_or_points_are_lacking) {
  EXPECT_REFUSAL(card(""), "line 9: <Characteristic>: reason codes are used: a baselineScore");
  std::string xml = card("useReasonCodes=\"false\"");
  xml.replace(xml.find("partialScore=\"18\""), 17, "");
  EXPECT_REFUSAL(xml, "line 8: <Attribute>: partialScore or a ComplexPartialScore is needed");
}

}  // namespace
}  // namespace pmml

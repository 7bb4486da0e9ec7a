// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/test_row.h"
#include "pmml/score/scorer.h"

namespace pmml {
namespace {

// Three rules over crackers, water and coke:
//   1: {cracker} => {water}, 2: {water} => {cracker}, r: {cracker, water} => {coke}.
std::string shop(const std::string& fields, const std::string& schema, const std::string& items,
                 const std::string& output = "") {
  return "<PMML version='4.4'><Header/><DataDictionary>" + fields +
         "</DataDictionary><AssociationModel functionName='associationRules' "
         "numberOfTransactions='4' minimumSupport='0.5' minimumConfidence='0.5' numberOfItems='3' "
         "numberOfItemsets='4' numberOfRules='3'><MiningSchema>" +
         schema + "</MiningSchema>" + output + items +
         "<Itemset id='a'><ItemRef itemRef='c'/></Itemset>"
         "<Itemset id='b'><ItemRef itemRef='w'/></Itemset>\n"
         "<Itemset id='ab' support='0.5' numberOfItems='2'><ItemRef itemRef='c'/>"
         "<ItemRef itemRef='w'/></Itemset>"
         "<Itemset id='d'><ItemRef itemRef='k'/></Itemset>"
         "<AssociationRule antecedent='a' consequent='b' support='0.5' confidence='0.7' "
         "lift='1.1'/>"
         "<AssociationRule antecedent='b' consequent='a' support='0.5' confidence='0.8'/>"
         "<AssociationRule id='r' antecedent='ab' consequent='d' support='0.4' confidence='0.9'/>"
         "</AssociationModel></PMML>";
}

const char* const kBasketFields =
    "<DataField name='basket' optype='categorical' dataType='string'/>"
    "<DataField name='item' optype='categorical' dataType='string'/>";
const char* const kBasketSchema =
    "<MiningField name='basket' usageType='group'/><MiningField name='item'/>";
const char* const kItems =
    "<Item id='c' value='cracker'/><Item id='w' value='still water'/><Item id='k' value='coke'/>";

// "1 2+ r": the rules that fire; + where the consequent holds too.
std::string fired(const Outcome& outcome) {
  std::string text;
  for (const FiredRule& rule : outcome.rules) {
    if (!text.empty()) text += ' ';
    text += rule.id;
    if (rule.consequent_holds) text += '+';
  }
  return text;
}

TEST(Association, fires_the_rules_whose_antecedent_is_in_the_basket) {
  const Document document = read_right(shop(kBasketFields, kBasketSchema, kItems));
  EXPECT_EQ(fired(interpret_row(document, {{"item", "cracker"}}).outcome), "1");
  EXPECT_EQ(fired(interpret_row(document, {{"item", "\"still water\" cracker"}}).outcome),
            "1+ 2+ r");
  EXPECT_EQ(fired(interpret_row(document, {{"item", "coke cracker beer \"still water\""}}).outcome),
            "1+ 2+ r+");
  EXPECT_EQ(fired(interpret_row(document, {{"item", "coke"}}).outcome), "");
}

TEST(Association, describes_a_rule_by_its_items_and_figures) {
  const Document document = read_right(shop(kBasketFields, kBasketSchema, kItems));
  const Outcome outcome = interpret_row(document, {{"item", "\"still water\" cracker"}}).outcome;
  ASSERT_EQ(outcome.rules.size(), 3U);
  EXPECT_EQ(outcome.rules[2].antecedent, "{cracker,still water}");
  EXPECT_EQ(outcome.rules[2].consequent, "{coke}");
  EXPECT_EQ(outcome.rules[0].lift, 1.1);
  EXPECT_TRUE(std::isnan(outcome.rules[1].lift));  // Not stated.
}

TEST(Association, has_no_answer_without_a_basket_and_refuses_an_open_quote) {
  const Document document = read_right(shop(kBasketFields, kBasketSchema, kItems));
  EXPECT_TRUE(interpret_row(document, {}).outcome.missing);
  EXPECT_FALSE(interpret_row(document, {{"item", "beer"}}).outcome.missing);
  EXPECT_TRUE(interpret_row(document, {{"item", "\"beer"}}).invalid);
}

TEST(Association, finds_items_in_a_table_by_field_and_value) {
  const std::string fields =
      "<DataField name='cracker' optype='categorical' dataType='boolean'/>"
      "<DataField name='drink' optype='categorical' dataType='string'/>"
      "<DataField name='coke' optype='categorical' dataType='string'/>";
  const std::string schema =
      "<MiningField name='cracker'/><MiningField name='drink'/><MiningField name='coke'/>";
  const std::string items =
      "<Item id='c' value='cracker'/><Item id='w' value='drink=water'/>"
      "<Item id='k' value='coke'/>";
  const Document document = read_right(shop(fields, schema, items));
  // The same with the attributes of version 4.3.
  const Document stated = read_right(shop(fields, schema,
                                          "<Item id='c' value='cracker'/><Item id='w' value='W' "
                                          "field='drink' category='water'/>"
                                          "<Item id='k' value='coke'/>"));
  for (const Document* one : {&document, &stated}) {
    EXPECT_EQ(fired(interpret_row(*one, {{"cracker", "true"}, {"drink", "tea"}}).outcome), "1");
    EXPECT_EQ(
        fired(
            interpret_row(*one, {{"cracker", "true"}, {"drink", "water"}, {"coke", "F"}}).outcome),
        "1+ 2+ r");
    EXPECT_EQ(
        fired(
            interpret_row(*one, {{"cracker", "true"}, {"drink", "water"}, {"coke", "T"}}).outcome),
        "1+ 2+ r+");
    EXPECT_TRUE(interpret_row(*one, {{"coke", "maybe"}}).invalid);
  }
}

TEST(Association, scores_baskets_of_texts_that_the_model_never_saw_together) {
  const Document document = read_right(shop(kBasketFields, kBasketSchema, kItems));
  const auto scorer = Scorer::compile(document);
  ASSERT_TRUE(scorer) << scorer.error().message;
  Workspace workspace(*scorer);
  std::vector<double> row(2, kMissing);
  row[*scorer->input("item")] = scorer->encode(*scorer->input("item"), "cracker coke", workspace);
  EXPECT_EQ(scorer->score(row, workspace).status, Status::kOk);
}

// Rules 1, 2 and r recommend still water (0.7), cracker (0.8) and coke (0.9).
TEST(Association, predicts_the_item_that_an_algorithm_recommends) {
  const auto predicted = [](const std::string& attributes, const std::string& basket) {
    const Document document = read_right(shop(
        kBasketFields, kBasketSchema, kItems,
        "<Output><OutputField name='o' feature='predictedValue' " + attributes + "/></Output>"));
    return to_text(interpret_row(document, {{"item", basket}}).outcome.outputs.at(0).second);
  };
  const std::string both = "cracker \"still water\"";
  EXPECT_EQ(predicted("algorithm='exclusiveRecommendation'", "cracker"), "still water");
  EXPECT_EQ(predicted("algorithm='exclusiveRecommendation'", both), "coke");
  EXPECT_EQ(predicted("algorithm='exclusiveRecommendation'", "coke " + both), "");
  EXPECT_EQ(predicted("algorithm='recommendation'", "coke " + both), "coke");
  EXPECT_EQ(predicted("algorithm='recommendation' rank='2'", "coke " + both), "cracker");
  EXPECT_EQ(predicted("algorithm='ruleAssociation'", both), "cracker");
}

TEST(Association, refuses_what_it_cannot_tell_at_load) {
  const auto refuses = [](const std::string& xml, const std::string& part) {
    const std::string message = refusal_of(xml);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  refuses(shop(kBasketFields, "<MiningField name='basket'/><MiningField name='item'/>", kItems),
          "usageType group");
  refuses(shop(kBasketFields, kBasketSchema,
               "<Item id='c' value='cracker'/><Item id='w' value='x'/>\n<Item id='c' value='k'/>"),
          "line 2: <Item>: the id 'c' is given twice");
  refuses(shop(kBasketFields, kBasketSchema, "<Item id='c' value='cracker'/>"),
          "attribute itemRef is 'w', which is no Item's id");
  refuses(shop(kBasketFields, kBasketSchema, kItems,
               "<Output><OutputField name='o' feature='predictedValue'/></Output>"),
          "predict no target");
  std::string pair = shop(kBasketFields, kBasketSchema, kItems,
                          "<Output><OutputField name='o' feature='predictedValue' "
                          "algorithm='recommendation'/></Output>");
  pair.replace(pair.find("consequent='d'"), 14, "consequent='ab'");
  refuses(pair, "a rule whose consequent is not one item");
  refuses(shop("<DataField name='basket' optype='categorical' dataType='string'/>"
               "<DataField name='item' optype='continuous' dataType='double'/>",
               kBasketSchema, kItems),
          "must be a string");
  const std::string declared =
      "<DataField name='basket' optype='categorical' dataType='string'/>"
      "<DataField name='item' optype='categorical' dataType='string'><Value value='cracker'/>"
      "</DataField>";
  refuses(shop(declared, kBasketSchema, kItems), "declares single items");
  const Document as_is = read_right(shop(declared,
                                         "<MiningField name='basket' usageType='group'/>"
                                         "<MiningField name='item' invalidValueTreatment='asIs'/>",
                                         kItems));
  EXPECT_EQ(fired(interpret_row(as_is, {{"item", "cracker \"still water\""}}).outcome), "1+ 2+ r");
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
// Trees taken out of the text and trees read as elements are the same trees. A comment anywhere
// makes all of them be read as elements: that is the reading compared with.
#include "pmml/read/plain_trees.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "pmml/read/read.h"

namespace pmml {
namespace {

std::string document(const std::string& nodes, const std::string& function = "classification") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PMML version=\"4.4\" "
         "xmlns=\"http://www.dmg.org/PMML-4_4\">\n<Header/>\n<DataDictionary>\n"
         "<DataField name=\"a\" optype=\"continuous\" dataType=\"double\"/>\n"
         "<DataField name=\"b\" optype=\"categorical\" dataType=\"string\"/>\n"
         "<DataField name=\"y\" optype=\"categorical\" dataType=\"string\"/>\n"
         "</DataDictionary>\n<TreeModel functionName=\"" +
         function +
         "\" missingValueStrategy=\"defaultChild\">\n<MiningSchema><MiningField name=\"y\" "
         "usageType=\"target\"/><MiningField name=\"a\"/><MiningField "
         "name=\"b\"/></MiningSchema>\n" +
         nodes + "\n</TreeModel>\n</PMML>\n";
}

// The text with a comment in it, before everything that counts and in no line of its own.
std::string with_comment(std::string xml) { return xml.insert(xml.find("?>") + 2, "<!-- -->"); }

// Both readings of a document; is a tree taken out?
void expect_same(const std::string& xml, bool taken) {
  EXPECT_EQ(detail::PlainTrees(xml).empty(), !taken) << xml;
  ASSERT_TRUE(detail::PlainTrees(with_comment(xml)).empty());
  const auto plain = read(xml);
  const auto elements = read(with_comment(xml));
  ASSERT_EQ(plain.has_value(), elements.has_value()) << xml;
  if (plain) {
    EXPECT_TRUE(*plain == *elements) << xml;
  } else {
    EXPECT_EQ(plain.error().message, elements.error().message) << xml;
  }
}

constexpr const char* kTree =
    "<Node id=\"1\" score=\"x\" recordCount=\"5\" defaultChild=\"2\"><True/>\n"
    "<ScoreDistribution value=\"x\" recordCount=\"3\" confidence=\"0.5\"/>\n"
    "<ScoreDistribution value=\"z\" recordCount=\"2\" probability=\"0.4\"/>\n"
    "<Node id=\"2\" score=\"x\"><SimplePredicate field=\"a\" operator=\"lessThan\" "
    "value=\"1.5\"/></Node>\n"
    "<Node id=\"3\" score=\"z\">\n<SimplePredicate field=\"b\" operator=\"isMissing\"/>\n"
    "<Node score=\"w\" >\t<False/> </Node></Node>\n</Node>";

TEST(PlainTrees, reads_a_plain_tree_as_its_elements) {
  expect_same(document(kTree), true);
  expect_same(document("<Node score=\"x\"><True/></Node>"), true);
}

// Each of these is right and not plain, or wrong: the elements decide.
TEST(PlainTrees, leaves_what_is_not_plain_to_the_elements) {
  for (const std::string nodes : {
           "<Node score=\"x\"/>",
           "<Node score=\"x\"><True></True></Node>",
           "<Node score='x'><True/></Node>",
           "<Node score=\"x\" score=\"y\"><True/></Node>",
           "<Node score=\"&lt;\"><True/></Node>",
           "<Node score=\"\xc3\xa9\"><True/></Node>",
           "<Node score=\"a\nb\"><True/></Node>",
           "<Node score=\"x\" color=\"red\"><True/></Node>",
           "<Node score=\"x\" recordCount=\"many\"><True/></Node>",
           "<Node score=\"x\"><True/><False/></Node>",
           "<Node score=\"x\">words<True/></Node>",
           "<Node score=\"x\"><Node score=\"y\"><True/></Node><True/></Node>",
           "<Node score=\"x\"><ScoreDistribution value=\"x\" recordCount=\"1\"/><True/></Node>",
           "<Node score=\"x\"><True/><Node score=\"y\"><True/></Node><ScoreDistribution "
           "value=\"x\" "
           "recordCount=\"1\"/></Node>",
           "<Node score=\"x\"><True/><ScoreDistribution recordCount=\"1\"/></Node>",
           "<Node score=\"x\"><Extension/><True/></Node>",
           "<Node score=\"x\"><SimplePredicate field=\"a\" operator=\"below\" value=\"1\"/></Node>",
           "<Node score=\"x\"><SimplePredicate field=\"a\" operator=\"equal\"/></Node>",
           "<Node score=\"x\"><SimplePredicate operator=\"equal\" value=\"1\"/></Node>",
           "<Node score=\"x\"><SimplePredicate field=\"a\" operator=\"isMissing\" "
           "value=\"1\"/></Node>",
           "<Node score=\"x\"><CompoundPredicate booleanOperator=\"and\"><True/><True/>"
           "</CompoundPredicate></Node>",
           "<Node score=\"x\"><True/></node>",
           "<Node score=\"x\"><True/>",
           "<Node score=\"x\"><?x <TreeModel ?><True/><Node><True/></Node></Node>",
           "<Node score=\"x\"><![CDATA[<TreeModel]]><True/><Node><True/></Node></Node>",
       }) {
    expect_same(document(nodes), false);
  }
}

// A tree that is plain but makes no sense is refused in the same words, and so is what follows a
// tree, with its line.
TEST(PlainTrees, refuses_with_the_same_words) {
  expect_same(
      document("<Node score=\"x\"><SimplePredicate field=\"c\" operator=\"isMissing\"/></Node>"),
      true);
  expect_same(document("<Node score=\"x\"><True/></Node>", "regression"), true);
  expect_same(document(std::string(kTree) + "<Node score=\"x\"><True/></Node>"), true);
  expect_same(document(std::string(kTree) + "\n<Wrong/>"), true);
  expect_same(document(std::string(kTree) + "\n<Wrong"), true);
  const auto wrong = read(document(std::string(kTree) + "\n<Wrong/>"));
  ASSERT_FALSE(wrong);
  const std::string xml = document(std::string(kTree) + "\n<Wrong/>");
  const auto line =
      1 +
      std::count(xml.begin(), xml.begin() + static_cast<std::ptrdiff_t>(xml.find("<Wrong")), '\n');
  EXPECT_NE(wrong.error().message.find("line " + std::to_string(line) + ":"), std::string::npos)
      << wrong.error().message;
}

TEST(PlainTrees, counts_what_it_takes_out) {
  const std::string xml = document(kTree);
  for (std::size_t limit = 1; limit < 40; ++limit) {
    ASSERT_EQ(read(xml, {.elements = limit}).has_value(),
              read(with_comment(xml), {.elements = limit}).has_value())
        << limit;
    ASSERT_EQ(read(xml, {.depth = limit}).has_value(),
              read(with_comment(xml), {.depth = limit}).has_value())
        << limit;
  }
}

// Seed 7: 3,000 documents with one byte changed, taken away or doubled.
TEST(PlainTrees, reads_damaged_documents_as_their_elements) {
  base::Random random(7);
  const std::string whole = document(kTree);
  const std::size_t from = whole.find("<TreeModel");
  constexpr std::string_view kBytes = "<>/\"'= &xN!?-\n\xe9";
  for (int i = 0; i < 3'000; ++i) {
    std::string xml = whole;
    const std::size_t at = from + random.below(xml.size() - from);
    switch (random.below(3)) {
      case 0:
        xml[at] = kBytes[random.below(kBytes.size())];
        break;
      case 1:
        xml.erase(at, 1 + random.below(12));
        break;
      default:
        xml.insert(at, xml.substr(at, 1 + random.below(60)));
        break;
    }
    const auto plain = read(xml);
    const auto elements = read(with_comment(xml));
    ASSERT_EQ(plain.has_value(), elements.has_value()) << xml;
    if (plain) {
      ASSERT_TRUE(*plain == *elements) << xml;
    } else {
      ASSERT_EQ(plain.error().message, elements.error().message) << xml;
    }
  }
}

}  // namespace
}  // namespace pmml

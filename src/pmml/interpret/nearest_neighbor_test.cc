// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

constexpr const char* kFields =
    "<DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"y\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"color\" optype=\"categorical\" dataType=\"string\"/>"
    "<DataField name=\"size\" optype=\"continuous\" dataType=\"double\"/>"
    "<DataField name=\"kind\" optype=\"categorical\" dataType=\"string\"><Value value=\"b\"/>"
    "<Value value=\"a\"/><Value value=\"c\"/></DataField>";

// Five records in a row: x = 0, 1, 2, 3, 10.
constexpr const char* kTable =
    "<InlineTable>"
    "<row><id>r1</id><px>0</px><py>0</py><color>red</color><size>10</size><kind>a</kind></row>"
    "<row><id>r2</id><px>1</px><py>0</py><color>blue</color><size>20</size><kind>b</kind></row>"
    "<row><id>r3</id><px>2</px><py>0</py><color>blue</color><size>60</size><kind>b</kind></row>"
    "<row><id>r4</id><px>3</px><py>0</py><color>red</color><size>5</size><kind>a</kind></row>"
    "<row><id>r5</id><px>10</px><py>0</py><color>red</color><size>0</size><kind>a</kind></row>"
    "</InlineTable>";

std::string model(const std::string& function, const std::string& attributes,
                  const std::string& targets, const std::string& inputs,
                  const std::string& measure =
                      "<ComparisonMeasure kind=\"distance\"><euclidean/></ComparisonMeasure>",
                  const std::string& transformations = "",
                  const std::string& table_attributes = "") {
  std::string schema;
  for (const char* name : {"x", "y", "color"})
    schema += std::string("<MiningField name=\"") + name + "\"/>";
  return test_document(
      kFields, "<NearestNeighborModel functionName=\"" + function + "\" " + attributes +
                   "><MiningSchema>" + schema + targets + "</MiningSchema>" + transformations +
                   "\n<TrainingInstances " + table_attributes +
                   "><InstanceFields><InstanceField field=\"id\" column=\"id\"/>"
                   "<InstanceField field=\"x\" column=\"px\"/><InstanceField field=\"y\" "
                   "column=\"py\"/><InstanceField field=\"color\"/><InstanceField field=\"size\" "
                   "column=\"size\"/><InstanceField field=\"kind\" column=\"kind\"/>"
                   "</InstanceFields>\n" +
                   kTable + "</TrainingInstances>\n" + measure + "\n<KNNInputs>" + inputs +
                   "</KNNInputs></NearestNeighborModel>");
}

const std::string kBoth = "<KNNInput field=\"x\"/><KNNInput field=\"y\"/>";
const std::string kSize = "<MiningField name=\"size\" usageType=\"target\"/>";
const std::string kKind = "<MiningField name=\"kind\" usageType=\"target\"/>";

// x = 0.9: distances 0.9, 0.1, 1.1, 2.1, 9.1; the three nearest are r2, r1, r3.
TEST(NearestNeighbor, averages_the_targets_of_the_nearest) {
  const auto number = [](const std::string& attributes) {
    const Document document =
        read_back(model("regression", "numberOfNeighbors=\"3\" " + attributes, kSize, kBoth));
    return interpret(document, {"0.9", "0", ""}).outcome.number;
  };
  EXPECT_DOUBLE_EQ(number(""), (20.0 + 10 + 60) / 3);
  EXPECT_EQ(number("continuousScoringMethod=\"median\""), 20);
  // Weights 1 / (d + 0.1): 5, 1, 1 / 1.2.
  EXPECT_NEAR(number("continuousScoringMethod=\"weightedAverage\" threshold=\"0.1\""),
              (5 * 20 + 1 * 10 + 60 / 1.2) / (5 + 1 + 1 / 1.2), 1e-12);
}

TEST(NearestNeighbor, ranks_neighbours_by_distance_then_by_their_place) {
  const Document document = read_back(
      model("regression", "numberOfNeighbors=\"3\" instanceIdVariable=\"id\"", kSize, kBoth));
  const Outcome outcome = interpret(document, {"1.5", "0", ""}).outcome;
  ASSERT_EQ(outcome.entities.size(), 3U);
  EXPECT_EQ(outcome.entities[0].id, "r2");  // As near as r3, but before it.
  EXPECT_EQ(outcome.entities[1].id, "r3");
  EXPECT_EQ(outcome.entities[2].id, "r1");  // As near as r4.
  EXPECT_EQ(outcome.entities[2].affinity, 1.5);
  EXPECT_EQ(outcome.entity, "r2");
}

// Of two neighbours one each: a has three training records, b two.
TEST(NearestNeighbor, breaks_ties_of_votes_by_the_training_records) {
  const Document two = read_back(model("classification", "numberOfNeighbors=\"2\"", kKind, kBoth));
  const Outcome tie = interpret(two, {"0.4", "0", ""}).outcome;
  EXPECT_EQ(tie.category, "a");
  EXPECT_EQ(tie.probability("a"), 0.5);
  const Document three =
      read_back(model("classification", "numberOfNeighbors=\"3\"", kKind, kBoth));
  EXPECT_EQ(interpret(three, {"1", "0", ""}).outcome.category, "b");
  EXPECT_EQ(interpret(three, {"1", "0", ""}).outcome.entities[0].id, "2");
  // 1 / (0.1 + 0.001) for b is more than 1 / (0.9 + 0.001) + 1 / (2.1 + 0.001) for a.
  const Document weighted = read_back(model(
      "classification", "numberOfNeighbors=\"5\" categoricalScoringMethod=\"weightedMajorityVote\"",
      kKind, kBoth));
  EXPECT_EQ(interpret(weighted, {"0.9", "0", ""}).outcome.category, "b");
  const Document plain =
      read_back(model("classification", "numberOfNeighbors=\"5\"", kKind, kBoth));
  EXPECT_EQ(interpret(plain, {"0.9", "0", ""}).outcome.category, "a");
}

TEST(NearestNeighbor, makes_up_for_missing_values_and_has_no_result_without_any) {
  const Document document = read_back(model("regression", "numberOfNeighbors=\"1\"", kSize, kBoth));
  // Without y the squared distance counts 2 / 1 times.
  const Outcome outcome = interpret(document, {"4", "", ""}).outcome;
  EXPECT_EQ(outcome.number, 5);
  EXPECT_EQ(outcome.entities[0].affinity, std::sqrt(2.0));
  EXPECT_TRUE(interpret(document, {"", "", "red"}).outcome.missing);
}

TEST(NearestNeighbor, compares_texts_for_equality) {
  const Document document = read_back(
      model("regression", "numberOfNeighbors=\"2\"", kSize,
            "<KNNInput field=\"color\" compareFunction=\"delta\" fieldWeight=\"100\"/>" + kBoth));
  EXPECT_EQ(interpret(document, {"0", "0", "blue"}).outcome.number, 40);
  // A color of no training record differs from all of them alike.
  EXPECT_EQ(interpret(document, {"0", "0", "green"}).outcome.number, 15);
  EXPECT_REFUSAL(
      model("regression", "numberOfNeighbors=\"2\"", kSize, "<KNNInput field=\"color\"/>"),
      "which is a string");
}

TEST(NearestNeighbor, answers_with_several_targets_or_with_none) {
  const Document both = read_back(model("mixed", "numberOfNeighbors=\"3\"", kKind + kSize, kBoth));
  const Outcome outcome = interpret(both, {"1", "0", ""}).outcome;
  EXPECT_EQ(outcome.category, "b");
  ASSERT_EQ(outcome.targets.size(), 2U);
  EXPECT_DOUBLE_EQ(outcome.targets[1].second.number, 30);
  const Document none = read_back(
      model("clustering", "numberOfNeighbors=\"2\" instanceIdVariable=\"id\"", "", kBoth));
  const Outcome ids = interpret(none, {"10", "0", ""}).outcome;
  EXPECT_FALSE(ids.missing);
  EXPECT_EQ(ids.entities[0].id, "r5");
  EXPECT_EQ(ids.entities[1].id, "r4");
}

const std::string kTwice =
    "<LocalTransformations><DerivedField name=\"twice\" optype=\"continuous\" "
    "dataType=\"double\"><Apply function=\"*\"><FieldRef field=\"x\"/><Constant>2</Constant>"
    "</Apply></DerivedField></LocalTransformations>";
const std::string kPlain = "<ComparisonMeasure kind=\"distance\"><cityBlock/></ComparisonMeasure>";

TEST(NearestNeighbor, transforms_training_records_that_are_not_transformed_yet) {
  const Document document = read_back(model("regression", "numberOfNeighbors=\"1\"", kSize,
                                            "<KNNInput field=\"twice\"/>", kPlain, kTwice));
  const Outcome outcome = interpret(document, {"2.25", "", ""}).outcome;
  EXPECT_EQ(outcome.number, 60);
  EXPECT_EQ(outcome.entities[0].affinity, 0.5);
  EXPECT_REFUSAL(model("regression", "numberOfNeighbors=\"1\"", kSize,
                       "<KNNInput field=\"twice\"/>", kPlain, kTwice, "isTransformed=\"true\""),
                 "transformed training instances without the KNNInput 'twice'");
}

TEST(NearestNeighbor, is_refused_where_it_cannot_be_scored) {
  EXPECT_REFUSAL(model("regression", "numberOfNeighbors=\"6\"", kSize, kBoth),
                 "asks for 6 neighbours; it has 5");
  EXPECT_REFUSAL(model("regression", "numberOfNeighbors=\"0\"", kSize, kBoth),
                 "line 6: <NearestNeighborModel>");
  EXPECT_REFUSAL(model("clustering", "numberOfNeighbors=\"1\"", "", kBoth), "instanceIdVariable");
  std::string xml = model("regression", "numberOfNeighbors=\"1\"", kSize, kBoth);
  xml.replace(xml.find("<px>3</px>"), 10, "");
  EXPECT_REFUSAL(xml, "training record 4 has no value of 'x'");
  xml = model("regression", "numberOfNeighbors=\"1\"", kSize, kBoth);
  xml.replace(xml.find("<InlineTable>"), 13, "<TableLocator/><InlineTable>");
  EXPECT_REFUSAL(xml, "must stand in the document");
  EXPECT_REFUSAL(model("regression", "numberOfNeighbors=\"1\"", kSize, kBoth,
                       "<ComparisonMeasure kind=\"similarity\"><jaccard/></ComparisonMeasure>"),
                 "the measure compares 0 and 1");
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

std::string model(const std::string& measure, const std::string& field_attributes,
                  const std::string& more = "", const std::string& second = "1 0") {
  return test_document(
      "<DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>"
      "<DataField name=\"y\" optype=\"continuous\" dataType=\"double\"/>",
      "<ClusteringModel functionName=\"clustering\" modelClass=\"centerBased\" "
      "numberOfClusters=\"2\"><MiningSchema><MiningField name=\"x\"/><MiningField name=\"y\"/>"
      "</MiningSchema>\n" +
          measure + "\n<ClusteringField field=\"x\" " + field_attributes +
          "/><ClusteringField field=\"y\" " + field_attributes + "/>" + more +
          "\n<Cluster id=\"far\" name=\"Far away\" size=\"3\"><Array type=\"real\">4 6</Array>"
          "</Cluster>\n<Cluster><KohonenMap coord1=\"1\"/><Array n=\"2\" type=\"real\">" +
          second + "</Array></Cluster></ClusteringModel>");
}

std::string measure(const std::string& element, const std::string& kind = "distance") {
  return "<ComparisonMeasure kind=\"" + kind + "\"><" + element + "/></ComparisonMeasure>";
}

// The affinities of the clusters, in document order.
std::pair<double, double> affinities(const std::string& xml,
                                     std::initializer_list<std::string_view> row) {
  const Outcome outcome = interpret(read_back(xml), row).outcome;
  EXPECT_EQ(outcome.entities.size(), 2U);
  if (outcome.entities.size() != 2) return {-1, -1};
  const bool far_first = outcome.entities[0].id == "far";
  return {*outcome.entities[far_first ? 0 : 1].affinity,
          *outcome.entities[far_first ? 1 : 0].affinity};
}

// (1, 2) is (3, 4) away from (4, 6), and (0, 2) from (1, 0).
TEST(Clustering, measures_distances) {
  using Pair = std::pair<double, double>;
  EXPECT_EQ(affinities(model(measure("euclidean"), ""), {"1", "2"}), (Pair{5, 2}));
  EXPECT_EQ(affinities(model(measure("squaredEuclidean"), ""), {"1", "2"}), (Pair{25, 4}));
  EXPECT_EQ(affinities(model(measure("cityBlock"), ""), {"1", "2"}), (Pair{7, 2}));
  EXPECT_EQ(affinities(model(measure("chebychev"), ""), {"1", "2"}), (Pair{4, 2}));
  const auto minkowski = affinities(model(measure("minkowski p-parameter=\"3\""), ""), {"1", "2"});
  EXPECT_NEAR(minkowski.first, std::cbrt(27 + 64), 1e-14);
  EXPECT_NEAR(minkowski.second, 2, 1e-14);
  // A weight of 2 for both fields: 2 · 9 + 2 · 16 = 50.
  EXPECT_EQ(affinities(model(measure("squaredEuclidean"), "fieldWeight=\"2\""), {"1", "2"}),
            (Pair{50, 8}));
  // Differing counts 1, whatever the difference; of (1, 0) only y differs.
  EXPECT_EQ(affinities(model(measure("cityBlock"), "compareFunction=\"delta\""), {"1", "2"}),
            (Pair{2, 1}));
}

TEST(Clustering, answers_with_the_nearest_cluster_by_its_id_or_its_place) {
  const Document document = read_back(model(measure("euclidean"), ""));
  const Outcome near = interpret(document, {"1", "2"}).outcome;
  EXPECT_EQ(near.category, "2");
  EXPECT_EQ(near.entities[0].name, std::nullopt);
  EXPECT_EQ(near.entities[1].name, "Far away");
  EXPECT_EQ(interpret(document, {"4", "5"}).outcome.category, "far");
  // Half-way between (4, 6) and (1, 0) the first of the document wins.
  EXPECT_EQ(interpret(document, {"2.5", "3"}).outcome.category, "far");
}

// Without y: the factor is 2 / 1; with the weights 3 and 1 it is 4 / 3.
TEST(Clustering, makes_up_for_missing_values) {
  const auto plain = affinities(model(measure("euclidean"), ""), {"1", ""});
  EXPECT_EQ(plain.first, std::sqrt(9.0 * 2));
  EXPECT_EQ(plain.second, 0);
  const std::string weights =
      "<MissingValueWeights><Array type=\"real\">3 1</Array></MissingValueWeights>";
  EXPECT_EQ(affinities(model(measure("euclidean"), "", weights), {"1", ""}).first,
            std::sqrt(9.0 * (4.0 / 3)));
  EXPECT_TRUE(interpret(read_back(model(measure("euclidean"), "")), {"", ""}).outcome.missing);
}

// gaussSim with the scale 2: 2^(−9/4) + 2^(−16/4) against 1 + 2^(−4/4); the greater is the nearer.
TEST(Clustering, prefers_the_greatest_similarity) {
  const std::string xml = model(measure("cityBlock", "similarity"),
                                "compareFunction=\"gaussSim\" similarityScale=\"2\"");
  const auto found = affinities(xml, {"1", "2"});
  EXPECT_NEAR(found.first, std::exp2(-2.25) + std::exp2(-4), 1e-15);
  EXPECT_NEAR(found.second, 1.5, 1e-15);
  EXPECT_EQ(interpret(read_back(xml), {"1", "2"}).outcome.category, "2");
  EXPECT_EQ(affinities(model(measure("cityBlock", "similarity"), "compareFunction=\"equal\""),
                       {"1", "2"}),
            (std::pair<double, double>{0, 1}));
}

std::string binary(const std::string& element) {
  return test_document(
      "<DataField name=\"a\" optype=\"continuous\" dataType=\"double\"/>"
      "<DataField name=\"b\" optype=\"continuous\" dataType=\"double\"/>"
      "<DataField name=\"c\" optype=\"categorical\" dataType=\"boolean\"/>"
      "<DataField name=\"d\" optype=\"continuous\" dataType=\"integer\"/>"
      "<DataField name=\"e\" optype=\"continuous\" dataType=\"integer\"/>",
      "<ClusteringModel functionName=\"clustering\" modelClass=\"centerBased\" "
      "numberOfClusters=\"1\"><MiningSchema><MiningField name=\"a\"/><MiningField name=\"b\"/>"
      "<MiningField name=\"c\"/><MiningField name=\"d\"/><MiningField name=\"e\"/></MiningSchema>" +
          measure(element, "similarity") +
          "<ClusteringField field=\"a\"/><ClusteringField field=\"b\"/><ClusteringField "
          "field=\"c\"/><ClusteringField field=\"d\"/><ClusteringField field=\"e\"/>"
          "<Cluster><REAL-SparseArray n=\"5\"><Indices>1 3 5</Indices><REAL-Entries>1 1 1"
          "</REAL-Entries></REAL-SparseArray></Cluster></ClusteringModel>");
}

double similarity(const std::string& element, std::initializer_list<std::string_view> row) {
  const Outcome outcome = interpret(read_back(binary(element)), row).outcome;
  return outcome.entities.empty() ? -1 : *outcome.entities[0].affinity;
}

// (1, 1, 0, 0, 1) beside (1, 0, 1, 0, 1): a11 = 2, a10 = 1, a01 = 1, a00 = 1.
TEST(Clustering, counts_agreement_of_zeros_and_ones) {
  EXPECT_EQ(similarity("simpleMatching", {"1", "1", "false", "0", "1"}), 3.0 / 5);
  EXPECT_EQ(similarity("jaccard", {"1", "1", "false", "0", "1"}), 2.0 / 4);
  EXPECT_EQ(similarity("tanimoto", {"1", "1", "false", "0", "1"}), 3.0 / 7);
  EXPECT_EQ(similarity("binarySimilarity c00-parameter=\"10\" c01-parameter=\"20\" "
                       "c10-parameter=\"30\" c11-parameter=\"40\" d00-parameter=\"1\" "
                       "d01-parameter=\"2\" d10-parameter=\"3\" d11-parameter=\"4\"",
                       {"1", "1", "false", "0", "1"}),
            (10.0 + 20 + 30 + 80) / (1 + 2 + 3 + 8));
  EXPECT_TRUE(
      interpret(read_back(binary("jaccard")), {"1", "", "false", "0", "1"}).outcome.missing);
  EXPECT_TRUE(interpret(read_back(binary("jaccard")), {"1", "2", "false", "0", "1"}).invalid);
}

TEST(Clustering, looks_distances_up_in_the_table_of_a_field) {
  const auto xml = [](const std::string& center) {
    return test_document(
        "<DataField name=\"x\" optype=\"ordinal\" dataType=\"integer\"><Value value=\"10\"/>"
        "<Value value=\"20\"/></DataField>",
        "<ClusteringModel functionName=\"clustering\" modelClass=\"centerBased\" "
        "numberOfClusters=\"1\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>"
        "<ComparisonMeasure kind=\"distance\" compareFunction=\"table\"><cityBlock/>"
        "</ComparisonMeasure><ClusteringField field=\"x\"><Comparisons><Matrix nbRows=\"2\" "
        "nbCols=\"2\"><Array type=\"real\">1 2</Array><Array type=\"real\">3 4</Array></Matrix>"
        "</Comparisons></ClusteringField><Cluster><Array type=\"real\">" +
            center + "</Array></Cluster></ClusteringModel>");
  };
  const Document document = read_back(xml("20"));
  EXPECT_EQ(interpret(document, {"10"}).outcome.entities[0].affinity, 2);
  EXPECT_EQ(interpret(document, {"20"}).outcome.entities[0].affinity, 4);
  EXPECT_REFUSAL(xml("15"), "is none of the field's values");
}

TEST(Clustering, is_refused_with_its_line) {
  EXPECT_REFUSAL(model(measure("jaccard"), ""), "line 7: <jaccard>: is a similarity");
  EXPECT_REFUSAL(model(measure("euclidean"), "", "", "1 0 7"), "line 10: <Array>");
  EXPECT_REFUSAL(model(measure("euclidean"), "compareFunction=\"gaussSim\""),
                 "needs a similarityScale");
  EXPECT_REFUSAL(model(measure("euclidean"), "fieldWeight=\"0\""), "fieldWeight must be greater");
  std::string xml = model(measure("euclidean"), "");
  xml.replace(xml.find("centerBased"), 11, "distributionBased");
  EXPECT_REFUSAL(xml, "line 6: <ClusteringModel>: modelClass is distributionBased");
  xml = model(measure("euclidean"), "");
  xml.replace(xml.find("numberOfClusters=\"2\""), 20, "numberOfClusters=\"3\"");
  EXPECT_REFUSAL(xml, "there are 2 Cluster elements");
}

}  // namespace
}  // namespace pmml

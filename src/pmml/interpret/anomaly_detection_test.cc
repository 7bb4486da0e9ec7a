// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/interpret/test_rows.h"

namespace pmml {
namespace {

std::string model(const std::string& attributes, const std::string& inner) {
  return test_document("<DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>",
                       "<AnomalyDetectionModel functionName=\"regression\" " + attributes +
                           "><MiningSchema><MiningField name=\"x\"/></MiningSchema>\n" + inner +
                           "</AnomalyDetectionModel>");
}

const std::string kLine =
    "<RegressionModel functionName=\"regression\"><MiningSchema><MiningField name=\"x\"/>"
    "</MiningSchema><RegressionTable intercept=\"0\"><NumericPredictor name=\"x\" "
    "coefficient=\"1\"/></RegressionTable></RegressionModel>";

const std::string kClusters =
    "<ClusteringModel functionName=\"clustering\" modelClass=\"centerBased\" "
    "numberOfClusters=\"2\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>"
    "<ComparisonMeasure kind=\"distance\"><euclidean/></ComparisonMeasure>"
    "<ClusteringField field=\"x\"/><Cluster id=\"low\"><Array type=\"real\">0</Array></Cluster>"
    "<Cluster id=\"high\"><Array type=\"real\">10</Array></Cluster></ClusteringModel>";

std::string distances(const std::string& numbers) {
  return "<MeanClusterDistances><Array type=\"real\">" + numbers +
         "</Array></MeanClusterDistances>";
}

// n = 5: H(4) ≈ ln 4 + 0.57721566 = 1.96351, c = 2 · 1.96351 − 8 / 5 = 2.32702; 2^(−3 / 2.32702).
TEST(AnomalyDetection, normalizes_the_path_length_of_an_isolation_forest) {
  const Document document =
      read_back(model("algorithmType=\"iforest\" sampleDataSize=\"5\"", kLine));
  const Outcome outcome = interpret(document, {"3"}).outcome;
  EXPECT_NEAR(outcome.number, 0.40918, 1e-5);
  EXPECT_DOUBLE_EQ(outcome.number,
                   std::pow(2, -3 / (2 * (std::log(4.0) + 0.57721566) - 2.0 * 4 / 5)));
  EXPECT_TRUE(interpret(document, {""}).outcome.missing);
}

// The maker's threshold says what to do about a score; it does not move it.
TEST(AnomalyDetection, knows_the_isolation_forest_of_another_writer) {
  const Document plain = read_back(model("algorithmType=\"iforest\" sampleDataSize=\"5\"", kLine));
  const Document other = read_back(
      model("algorithmType=\"iForest\" meanThreshold=\"0.3\" sampleDataSize=\"5\"", kLine));
  EXPECT_EQ(interpret(other, {"3"}).outcome.number, interpret(plain, {"3"}).outcome.number);
}

TEST(AnomalyDetection, passes_the_number_of_other_models_on) {
  for (const char* type : {"ocsvm", "other"}) {
    const Document document =
        read_back(model(std::string("algorithmType=\"") + type + "\"", kLine));
    EXPECT_EQ(interpret(document, {"-0.25"}).outcome.number, -0.25);
  }
}

// 8 is 2 away from the center 10, whose records are 4 away on average; 3 is 3 away from 0.
TEST(AnomalyDetection, relates_a_distance_to_the_mean_of_the_cluster) {
  const Document document =
      read_back(model("algorithmType=\"clusterMeanDist\"", kClusters + distances("2 4")));
  EXPECT_EQ(interpret(document, {"8"}).outcome.number, 0.5);
  EXPECT_EQ(interpret(document, {"3"}).outcome.number, 1.5);
}

TEST(AnomalyDetection, is_refused_where_it_cannot_be_scored) {
  EXPECT_REFUSAL(model("algorithmType=\"forest\" sampleDataSize=\"5\"", kLine),
                 "line 6: <AnomalyDetectionModel>: attribute algorithmType is 'forest'");
  EXPECT_REFUSAL(model("algorithmType=\"other\" meanThreshold=\"0.5\"", kLine), "iforest only");
  EXPECT_REFUSAL(model("algorithmType=\"iforest\"", kLine), "needs a sampleDataSize");
  EXPECT_REFUSAL(model("algorithmType=\"other\"", kLine + kLine), "exactly one model");
  EXPECT_REFUSAL(model("algorithmType=\"other\"", kClusters), "functionName is regression");
  EXPECT_REFUSAL(model("algorithmType=\"clusterMeanDist\"", kLine + distances("1")),
                 "needs a ClusteringModel");
  EXPECT_REFUSAL(model("algorithmType=\"clusterMeanDist\"", kClusters + distances("1")),
                 "for every cluster");
  std::string nested = kLine;
  for (int i = 0; i < 300; ++i) {
    nested =
        "<AnomalyDetectionModel functionName=\"regression\" algorithmType=\"other\">"
        "<MiningSchema><MiningField name=\"x\"/></MiningSchema>" +
        nested + "</AnomalyDetectionModel>";
  }
  EXPECT_REFUSAL(model("algorithmType=\"other\"", nested), "nest more than 200 deep");
}

}  // namespace
}  // namespace pmml

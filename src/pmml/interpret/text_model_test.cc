// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/test_row.h"
#include "pmml/score/scorer.h"

namespace pmml {
namespace {

// Three documents over the terms good, bad and "very good":
//   d1 (2, 0, 1)   d2 (1, 1, 0)   d3 (0, 4, 0).
std::string corpus(const std::string& normalization, const std::string& similarity,
                   const std::string& attributes = "functionName='clustering'") {
  return "<PMML version='4.1'><Header/><DataDictionary>"
         "<DataField name='review' optype='categorical' dataType='string'/></DataDictionary>"
         "<TextModel numberOfTerms='3' numberOfDocuments='3' " +
         attributes +
         "><MiningSchema><MiningField name='review'/></MiningSchema>"
         "<TextDictionary><Array n='3' type='string'>good bad \"very good\"</Array>"
         "</TextDictionary><TextCorpus><TextDocument id='d1' name='praise'/><TextDocument id='d2'/>"
         "<TextDocument id='d3'/></TextCorpus>\n<DocumentTermMatrix><Matrix nbRows='3' nbCols='3'>"
         "<Array>2 0 1</Array><Array>1 1 0</Array><Array>0 4 0</Array></Matrix>"
         "</DocumentTermMatrix><TextModelNormalization " +
         normalization + "/><TextModelSimiliarity " + similarity + "/></TextModel></PMML>";
}

// "d1 d2 d3": the documents, the most similar first.
std::string ranks(const Outcome& outcome) {
  std::string text;
  for (const Entity& entity : outcome.entities) text += (text.empty() ? "" : " ") + entity.id;
  return text;
}

const std::string kPlain = "localTermWeights='termFrequency' globalTermWeights='none'";

// "Good! A very good, GOOD one": good 3 times, "very good" once: (3, 0, 1), of length sqrt(10).
TEST(TextModel, ranks_documents_by_their_cosine_with_the_text) {
  const Document document = read_right(corpus(kPlain, "similarityType='cosine'"));
  const Outcome outcome =
      interpret_row(document, {{"review", "Good! A very good, GOOD one"}}).outcome;
  EXPECT_EQ(ranks(outcome), "d1 d2 d3");
  EXPECT_EQ(outcome.category, "d1");
  EXPECT_EQ(outcome.entities[0].name, "praise");
  // d1: (6 + 1) / (sqrt(10) sqrt(5)); d2: 3 / (sqrt(10) sqrt(2)); d3: 0.
  EXPECT_DOUBLE_EQ(*outcome.entities[0].affinity, 7 / std::sqrt(50));
  EXPECT_DOUBLE_EQ(*outcome.entities[1].affinity, 3 / std::sqrt(20));
  EXPECT_EQ(*outcome.entities[2].affinity, 0);
}

TEST(TextModel, ranks_documents_by_euclidean_distance) {
  const Document document = read_right(corpus(kPlain, "similarityType='euclidean'"));
  // (0, 3, 0): to d1 sqrt(4 + 9 + 1), to d2 sqrt(1 + 4), to d3 1.
  const Outcome outcome = interpret_row(document, {{"review", "bad bad bad"}}).outcome;
  EXPECT_EQ(ranks(outcome), "d3 d2 d1");
  EXPECT_EQ(*outcome.entities[0].affinity, 1);
  EXPECT_EQ(*outcome.entities[2].affinity, std::sqrt(14));
}

TEST(TextModel, weighs_terms_as_it_says) {
  // Local: d1 (1, 0, 1); global GFIDF: good 3 / 2, bad 5 / 2, very good 1 / 1.
  const Document binary = read_right(
      corpus("localTermWeights='binary' globalTermWeights='GFIDF'", "similarityType='euclidean'"));
  const auto* model = std::get_if<TextModel>(&binary.model.body);
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->global_weights, (std::vector<double>{1.5, 2.5, 1}));
  EXPECT_EQ(model->weighted.at(0, 0), 1.5);
  EXPECT_EQ(model->weighted.at(2, 1), 2.5);
  // Local: d1 (1 + 2/2)/2, 0, (1 + 1/2)/2; global normal: good 1 / sqrt(5).
  const Document augmented = read_right(
      corpus("localTermWeights='augmentedNormalizedTermFrequency' globalTermWeights='normal'",
             "similarityType='cosine'"));
  model = std::get_if<TextModel>(&augmented.model.body);
  ASSERT_NE(model, nullptr);
  EXPECT_DOUBLE_EQ(model->weighted.at(0, 0), 1 / std::sqrt(5));
  EXPECT_DOUBLE_EQ(model->weighted.at(0, 2), 0.75);
  // Inverse document frequency: good is in 2 of 3 documents, very good in 1; then length 1.
  const Document inverse =
      read_right(corpus("documentNormalization='cosine'", "similarityType='euclidean'"));
  model = std::get_if<TextModel>(&inverse.model.body);
  ASSERT_NE(model, nullptr);
  EXPECT_DOUBLE_EQ(model->global_weights[0], std::log10(1.5));
  const double x = 2 * std::log10(1.5);
  const double y = std::log10(3);
  EXPECT_DOUBLE_EQ(model->weighted.at(0, 0), x / std::sqrt(x * x + y * y));
  // Probabilistic inverse: (3 - 1) / 1 for "very good".
  const Document probabilistic =
      read_right(corpus("globalTermWeights='probabilisticInverse'", "similarityType='cosine'"));
  model = std::get_if<TextModel>(&probabilistic.model.body);
  ASSERT_NE(model, nullptr);
  EXPECT_DOUBLE_EQ(model->global_weights[2], std::log10(2));
}

TEST(TextModel, has_no_answer_for_a_text_that_points_nowhere) {
  const Document document = read_right(corpus(kPlain, "similarityType='cosine'"));
  EXPECT_TRUE(interpret_row(document, {}).outcome.missing);
  EXPECT_TRUE(interpret_row(document, {{"review", "nothing known"}}).outcome.missing);
}

// The corpus above with the labels x, y, x for its documents, and the spellings of the writers that
// have them.
std::string labelled(const std::string& labels) {
  std::string xml =
      corpus(kPlain, "similarityType='cosineSimilarity'", "functionName='classification'");
  const std::string end = "<TextModelSimiliarity similarityType='cosineSimilarity'/>";
  xml.replace(xml.find(end), end.size(),
              "<TextModelSimilarity similarityType='cosineSimilarity'/>" + labels);
  const std::string schema = "<MiningField name='review'/>";
  xml.replace(xml.find(schema), schema.size(),
              schema +
                  "<MiningField name='kind' "
                  "usageType='target'/>");
  const std::string field = "</DataDictionary>";
  xml.replace(xml.find(field), field.size(),
              "<DataField name='kind' optype='categorical' dataType='string'><Value value='y'/>"
              "<Value value='x'/></DataField>" +
                  field);
  return xml;
}

TEST(TextModel, answers_by_the_label_of_the_document_that_is_most_like_the_text) {
  const Document document =
      read_right(labelled("<ClassLabels><Array n='3' type='string'>x y x</Array></ClassLabels>"));
  const auto answer = [&](const std::string& text) {
    const Outcome outcome = interpret_row(document, {{"review", text}}).outcome;
    return outcome.missing ? "" : outcome.category + " by " + outcome.entity.value_or("");
  };
  EXPECT_EQ(answer("good"), "x by d1");
  EXPECT_EQ(answer("good bad"), "y by d2");
  EXPECT_EQ(answer("bad bad"), "x by d3");
  EXPECT_EQ(answer("neither"), "");
  const auto scorer = Scorer::compile(document);
  ASSERT_TRUE(scorer) << scorer.error().message;
  EXPECT_EQ(scorer->target_categories().size(), 2U);
  EXPECT_NE(refusal_of(labelled("<ClassLabels><Array>x y</Array></ClassLabels>"))
                .find("one label for every TextDocument"),
            std::string::npos);
}

TEST(TextModel, refuses_what_the_standard_leaves_open) {
  const auto refuses = [](const std::string& xml, const std::string& part) {
    const std::string message = refusal_of(xml);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  refuses(corpus(kPlain, "similarityType='cosine'", "functionName='classification'"),
          "does not say what they predict");
  refuses(corpus(kPlain, ""), "cosine or euclidean, is needed");
  refuses(corpus("", "similarityType='euclidean'"), "base the standard");
  std::string huge = corpus(kPlain, "similarityType='cosine'");
  huge.replace(huge.find("nbRows='3' nbCols='3'"), 21, "nbRows='4000' nbCols='4000'");
  refuses(huge, "line 2: <Matrix>: a Matrix of 3 rows (documents) and 3 columns (terms)");
}

}  // namespace
}  // namespace pmml

// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/scorer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "pmml/document/decision.h"
#include "pmml/read/read.h"
#include "pmml/score/allocations.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

// age and two flags, a city, a logit and an offer above the threshold.
Document offer_model(double threshold) {
  Document document;
  document.data_dictionary = {
      {.name = "age", .type = DataType::kDouble},
      {.name = "man", .type = DataType::kDouble},
      {.name = "city",
       .op_type = OpType::kCategorical,
       .type = DataType::kString,
       .values = {{"Lima"}, {"Quito"}}},
      {.name = "street", .op_type = OpType::kCategorical, .type = DataType::kString},
      {.name = "bought",
       .op_type = OpType::kCategorical,
       .type = DataType::kString,
       .values = {{"0"}, {"1"}}},
  };
  document.model.function = MiningFunction::kClassification;
  document.model.mining_schema = {{.name = "age"},
                                  {.name = "man"},
                                  {.name = "city"},
                                  {.name = "street"},
                                  {.name = "bought", .usage = Usage::kTarget}};
  RegressionTable table{.intercept = -2, .target_category = "1"};
  table.numeric = {{"age", 1, 0.05}, {"man", 1, 0.5}};
  table.categorical = {{"city", "Lima", 0.25}, {"street", "Main", 10}};
  document.model.body = RegressionModel{Normalization::kLogit, {table, {.target_category = "0"}}};
  add_decision(document, "1", threshold);
  return document;
}

TEST(Scorer, scores_an_offer_by_the_documents_own_threshold) {
  const Document document = offer_model(0.6);
  EXPECT_EQ(decision_threshold(document), 0.6);
  const auto reread = read(write(document));
  ASSERT_TRUE(reread) << reread.error().message;
  EXPECT_EQ(decision_threshold(*reread), 0.6);
  const auto scorer = Scorer::compile(*reread);
  ASSERT_TRUE(scorer) << scorer.error().message;
  EXPECT_TRUE(scorer->compiled());
  Workspace workspace(*scorer);
  const std::size_t probability = *scorer->output("probability(1)");
  const std::size_t offer = *scorer->output(kOfferOutput);
  std::vector<double> row = {40, 1, scorer->encode(2, "Lima"), scorer->encode(3, "Elm")};
  const Prediction& shown = scorer->score(row, workspace);
  EXPECT_EQ(shown.status, Status::kOk);
  EXPECT_EQ(shown.outputs[probability], 1 / (1 + std::exp(-(-2 + 0.05 * 40 + 0.5 * 1 + 0.25))));
  EXPECT_EQ(shown.outputs[offer], 1);
  EXPECT_EQ(scorer->output_text(offer, workspace), "1");
  EXPECT_EQ(scorer->target_categories()[shown.category], "1");
  row[0] = 20;
  EXPECT_EQ(scorer->score(row, workspace).outputs[offer], 0);
}

TEST(Scorer, tells_missing_from_refused_values) {
  const auto scorer = Scorer::compile(offer_model(0.5));
  ASSERT_TRUE(scorer);
  Workspace workspace(*scorer);
  EXPECT_EQ(scorer->score(std::vector<double>{kMissing, 1, 0, 0}, workspace).status,
            Status::kNoResult);
  EXPECT_TRUE(
      std::isnan(scorer->score(std::vector<double>{kMissing, 1, 0, 0}, workspace).outputs[0]));
  EXPECT_EQ(scorer->score(std::vector<double>{kInvalid, 1, 0, 0}, workspace).status,
            Status::kRefused);
  EXPECT_EQ(scorer->score(std::vector<double>{40, 1, kMissing, kMissing}, workspace).status,
            Status::kOk);
  EXPECT_EQ(scorer->score(std::vector<double>{40, 1, 2, 0}, workspace).status,
            Status::kRefused);  // No third city.
}

TEST(Scorer, encodes_texts_by_what_the_field_declares) {
  const auto scorer = Scorer::compile(offer_model(0.5));
  ASSERT_TRUE(scorer);
  Workspace workspace(*scorer);
  EXPECT_EQ(scorer->encode(0, "4.5"), 4.5);
  EXPECT_TRUE(is_invalid(scorer->encode(0, "old")));
  EXPECT_TRUE(std::isnan(scorer->encode(0, "")));
  EXPECT_FALSE(is_invalid(scorer->encode(0, "")));
  EXPECT_EQ(scorer->encode(2, "Quito"), 1);
  EXPECT_TRUE(is_invalid(scorer->encode(2, "Paris")));
  EXPECT_EQ(scorer->encode(3, "Main"), 0);
  EXPECT_TRUE(is_unlisted(scorer->encode(3, "Elm")));
  EXPECT_EQ(scorer->encode(3, "Elm", workspace), 1);
  EXPECT_EQ(scorer->encode(3, "Oak", workspace), 2);
  EXPECT_EQ(scorer->encode(3, "Elm", workspace), 1);
}

TEST(Scorer, allocates_nothing_while_it_scores_compiled_documents) {
  const auto scorer = Scorer::compile(offer_model(0.5));
  ASSERT_TRUE(scorer);
  ASSERT_TRUE(scorer->compiled());
  Workspace workspace(*scorer);
  std::vector<double> row = {40, 1, 0, 0};
  const std::size_t before = allocations();
  double sum = 0;
  for (int i = 0; i < 1000; ++i) {
    row[0] = i;
    row[3] = i % 3 == 0 ? kMissing : kUnlisted;
    sum += scorer->score(row, workspace).outputs[1];
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_GT(sum, 0);
}

TEST(Scorer, fills_columns_with_what_rows_give) {
  const auto scorer = Scorer::compile(offer_model(0.5));
  ASSERT_TRUE(scorer);
  Workspace workspace(*scorer);
  const std::vector<double> age = {20, 40, kMissing, 70};
  const std::vector<double> zero = {0, 0, 0, 0};
  const std::vector<std::span<const double>> columns = {age, zero, zero, zero};
  std::vector<double> out(4);
  const Wanted wanted{Wanted::Figure::kProbability, *scorer->target_category("1")};
  scorer->score_columns(columns, wanted, workspace, out);
  for (std::size_t r = 0; r < 4; ++r) {
    const Prediction& prediction = scorer->score(std::vector<double>{age[r], 0, 0, 0}, workspace);
    if (r == 2) {
      EXPECT_TRUE(std::isnan(out[r]));
    } else {
      EXPECT_EQ(out[r], prediction.probabilities[wanted.index]);
    }
  }
}

TEST(Scorer, is_shared_by_threads_that_have_a_workspace_each) {
  const auto scorer = Scorer::compile(offer_model(0.5));
  ASSERT_TRUE(scorer);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Workspace workspace(*scorer);
      for (int i = 0; i < 2000; ++i) {
        const double age = t * 2000 + i;
        const double p = scorer->score(std::vector<double>{age, 0, 1, 0}, workspace).outputs[0];
        if (p != 1 / (1 + std::exp(-(-2 + 0.05 * age + 0 + 10)))) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Scorer, refuses_a_document_whose_verification_records_it_does_not_reproduce) {
  Document document = offer_model(0.5);
  document.model.verification = ModelVerification{.fields = {{.field = "age", .column = "age"},
                                                             {.field = "man", .column = "man"},
                                                             {.field = "offer", .column = "offer"}},
                                                  .records = {{"100", "1", "1"}, {"1", "1", "0"}}};
  EXPECT_TRUE(Scorer::compile(document));
  document.model.verification->records[1][2] = "1";
  const auto refused = Scorer::compile(document);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("record 2 states offer = '1', the model gives '0'"),
            std::string::npos)
      << refused.error().message;
}

// Tree t answers 2^t where x is 1, and 0 otherwise: a tree left out or walked twice shows. Trees
// are walked in groups, whose sizes depend on how many there are.
TEST(Scorer, walks_every_tree_of_a_forest_of_any_size) {
  std::string segments;
  for (int n = 1; n <= 45; ++n) {
    segments +=
        "<Segment><True/><TreeModel functionName='regression'><MiningSchema><MiningField "
        "name='x'/></MiningSchema><Node><True/><Node score='" +
        std::to_string(std::int64_t{1} << (n - 1)) +
        "'><SimplePredicate field='x' operator='greaterThan' value='0.5'/></Node>"
        "<Node score='0'><True/></Node></Node></TreeModel></Segment>";
    const Document document =
        read(
            "<PMML version='4.4'><Header/><DataDictionary><DataField name='x' "
            "optype='continuous' dataType='double'/></DataDictionary><MiningModel "
            "functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema>"
            "<Segmentation multipleModelMethod='sum'>" +
            segments + "</Segmentation></MiningModel></PMML>")
            .value();
    const Scorer scorer = Scorer::compile(document).value();
    ASSERT_TRUE(scorer.compiled());
    Workspace workspace(scorer);
    const double one = 1;
    EXPECT_EQ(scorer.score({&one, 1}, workspace).number, std::exp2(n) - 1) << n << " trees";
  }
}

}  // namespace
}  // namespace pmml

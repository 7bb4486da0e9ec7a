// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <thread>

#include "base/number.h"
#include "base/random.h"
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
  EXPECT_EQ(offer_rule(document)->threshold, 0.6);
  const auto reread = read(write(document));
  ASSERT_TRUE(reread) << reread.error().message;
  EXPECT_EQ(offer_rule(*reread)->threshold, 0.6);
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

// A node that tests x or y, or an answer; trees without `depth` levels too, so that walks end
// apart.
std::string random_nodes(base::Random& random, int depth, const std::string& predicate) {
  if (depth == 0 || random.bernoulli(0.2))
    return "<Node score='" + base::format_double(random.normal()) + "'>" + predicate + "</Node>";
  const std::string test =
      "<SimplePredicate field='" + std::string(random.bernoulli(0.5) ? "x" : "y") +
      "' operator='lessThan' value='" + base::format_double(random.normal()) + "'/>";
  return "<Node>" + predicate + random_nodes(random, depth - 1, test) +
         random_nodes(random, depth - 1, "<True/>") + "</Node>";
}

Document random_forest(base::Random& random, int trees, const std::string& math) {
  const std::string schema =
      "<MiningSchema><MiningField name='x'/><MiningField name='y'/></MiningSchema>";
  std::string segments;
  for (int t = 0; t < trees; ++t)
    segments += "<Segment><True/><TreeModel functionName='regression'" + math + ">" + schema +
                random_nodes(random, 1 + t % 6, "<True/>") + "</TreeModel></Segment>";
  return read(
             "<PMML version='4.4'><Header/><DataDictionary><DataField name='x' optype='continuous' "
             "dataType='double'/><DataField name='y' optype='continuous' dataType='double'/>"
             "</DataDictionary><MiningModel functionName='regression'" +
             math + ">" + schema + "<Segmentation multipleModelMethod='sum'>" + segments +
             "</Segmentation></MiningModel></PMML>")
      .value();
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

// Columns are scored 64 rows at a time and what is left over row by row; a row's trees are walked
// in groups. The last n rows, so that every row stands at many places of a batch; some have no
// answer, the first of some batches among them, and some are refused.
TEST(Scorer, gives_a_row_the_same_bits_in_a_batch_of_any_length) {
  constexpr std::size_t kRows = 130;
  base::Random random(3);
  std::vector<double> x(kRows), y(kRows), alone(kRows), out(kRows);
  for (std::size_t r = 0; r < kRows; ++r) {
    x[r] = r % 11 == 5 ? kMissing : random.normal();
    y[r] = r % 17 == 9 ? kInvalid : random.normal();
  }
  for (const int trees : {1, 2, 13, 14, 27, 45}) {
    for (const char* math : {"", " x-mathContext='float'"}) {
      const Document document = random_forest(random, trees, math);
      const Scorer scorer = Scorer::compile(document).value();
      const Scorer oracle = Scorer::interpret(document).value();
      ASSERT_TRUE(scorer.compiled());
      Workspace workspace(scorer), interpreting(oracle);
      std::size_t answered = 0;
      for (std::size_t r = 0; r < kRows; ++r) {
        const std::vector<double> row = {x[r], y[r]};
        alone[r] = scorer.score(row, workspace).number;
        answered += std::isnan(alone[r]) ? 0 : 1;
        ASSERT_EQ(bits(alone[r]), bits(oracle.score(row, interpreting).number))
            << trees << " trees, row " << r;
      }
      EXPECT_GT(answered, 100U);
      EXPECT_LT(answered, 125U);
      for (std::size_t n = 1; n <= kRows; ++n) {
        const std::size_t first = kRows - n;
        const std::vector<std::span<const double>> columns = {std::span(x).subspan(first),
                                                              std::span(y).subspan(first)};
        std::ranges::fill(out, -1);
        scorer.score_columns(columns, {}, workspace, std::span(out).first(n));
        for (std::size_t r = 0; r < n; ++r)
          ASSERT_EQ(bits(out[r]), bits(alone[first + r]))
              << trees << " trees" << math << ", row " << r << " of " << n;
      }
    }
  }
}

}  // namespace
}  // namespace pmml

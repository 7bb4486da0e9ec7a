// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/live.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "base/file.h"

namespace pmml {
namespace {

using namespace std::chrono_literals;

// y = intercept + 2 x, and the intercept once more as an output, so that a row scored by parts of
// two models would show.
std::string line(int intercept, const std::string& tail = "", const std::string& input = "x") {
  const std::string a = std::to_string(intercept);
  return R"(<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>)"
         R"(<DataField name=")" +
         input + R"(" optype="continuous" dataType="double"/>)" +
         R"(<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>)"
         R"(<RegressionModel functionName="regression"><MiningSchema>)"
         R"(<MiningField name="y" usageType="target"/><MiningField name=")" +
         input +
         R"("/></MiningSchema><Output><OutputField name="which" optype="continuous" dataType="double")"
         R"( feature="transformedValue"><Constant dataType="double">)" +
         a + R"(</Constant></OutputField></Output><RegressionTable intercept=")" + a +
         R"("><NumericPredictor name=")" + input + R"(" coefficient="2"/></RegressionTable>)" +
         tail + "</RegressionModel></PMML>";
}

class LiveModelTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "live_" + std::to_string(getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    path_ = folder_ + "/model.pmml";
    put(line(1));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& xml) const { ASSERT_TRUE(base::write_file(path_, xml)); }

  static double score(LiveReader& reader, double x) {
    const Scorer& scorer = reader.refresh();
    return scorer.score(std::vector<double>{x}, reader.workspace()).number;
  }

  std::string folder_, path_;
};

TEST_F(LiveModelTest, exchanges_the_model_when_asked) {
  const auto live = LiveModel::open(path_).value();
  LiveReader reader(*live);
  EXPECT_EQ(score(reader, 10), 21);
  EXPECT_EQ(reader.number(), 1U);
  put(line(5));
  EXPECT_EQ(score(reader, 10), 21);  // Nobody has asked.
  EXPECT_EQ(live->reload().value(), 2U);
  EXPECT_EQ(score(reader, 10), 25);
  EXPECT_EQ(reader.number(), 2U);
}

TEST_F(LiveModelTest, takes_a_changed_file_once_it_has_settled) {
  const auto live = LiveModel::open(path_).value();
  EXPECT_FALSE(live->reload_if_changed().value());
  put(line(5));
  EXPECT_FALSE(live->reload_if_changed().value());  // Seen for the first time.
  EXPECT_EQ(live->reload_if_changed().value(), 2U);
  EXPECT_FALSE(live->reload_if_changed().value());
  std::filesystem::remove(path_);
  EXPECT_FALSE(live->reload_if_changed().value());  // A file that is gone changes nothing.
  EXPECT_FALSE(live->reload_if_changed().value());
}

TEST_F(LiveModelTest, a_bad_file_leaves_the_old_model_serving_and_says_why) {
  const auto live = LiveModel::open(path_, same_layout).value();
  LiveReader reader(*live);
  const auto refusal = [&](const std::string& xml) {
    put(xml);
    const auto swapped = live->reload();
    EXPECT_EQ(score(reader, 10), 21);
    EXPECT_EQ(live->live().number(), 1U);
    return swapped ? "taken" : swapped.error().message;
  };
  EXPECT_NE(refusal(line(5).substr(0, 300)).find("not XML"), std::string::npos);
  EXPECT_NE(refusal(line(5, "<Nonsense/>")).find("Nonsense"), std::string::npos);
  // 5 + 2·10 = 25; the record states 26.
  const std::string wrong =
      R"(<ModelVerification recordCount="1" fieldCount="2"><VerificationFields>)"
      R"(<VerificationField field="x"/><VerificationField field="y"/></VerificationFields>)"
      R"(<InlineTable><row><x>10</x><y>26</y></row></InlineTable></ModelVerification>)";
  EXPECT_NE(refusal(line(5, wrong)).find("record 1 states y = '26'"), std::string::npos);
  EXPECT_EQ(refusal(line(5, "", "z")), "the inputs are not those of the model that serves");
  std::filesystem::remove(path_);
  EXPECT_NE(live->reload().error().message.find("cannot open"), std::string::npos);
}

TEST_F(LiveModelTest, frees_the_old_model_when_its_last_reader_moves_on) {
  const auto live = LiveModel::open(path_).value();
  const std::weak_ptr<const Scorer> first = live->live().value();
  auto slow = std::make_unique<LiveReader>(*live);
  LiveReader fast(*live);
  put(line(5));
  ASSERT_TRUE(live->reload());
  EXPECT_EQ(score(fast, 0), 5);
  EXPECT_FALSE(first.expired());  // `slow` may be in the middle of a row.
  slow.reset();
  EXPECT_TRUE(first.expired());
}

TEST_F(LiveModelTest, every_row_is_scored_by_one_model_while_models_are_exchanged) {
  const auto live = LiveModel::open(path_).value();
  constexpr int kSwaps = 100;
  constexpr int kThreads = 4;
  std::atomic<bool> stop = false;
  std::atomic<int> mixed = 0;
  std::atomic<int> backwards = 0;
  std::atomic<std::uint64_t> rows = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        LiveReader reader(*live);
        double newest = 0;
        std::uint64_t scored = 0;
        while (!stop) {
          const Scorer& scorer = reader.refresh();
          const std::vector<double> row = {static_cast<double>(t)};
          const Prediction& prediction = scorer.score(row, reader.workspace());
          const double which = prediction.outputs[0];
          if (prediction.number != which + 2 * t) ++mixed;
          if (which < newest) ++backwards;
          newest = which;
          ++scored;
        }
        rows += scored;
      });
    }
    for (int swap = 2; swap <= kSwaps; ++swap) {
      put(line(swap));
      ASSERT_EQ(live->reload().value(), static_cast<std::uint64_t>(swap));
      if (swap % 10 != 0) continue;
      put("half a fi");
      EXPECT_FALSE(live->reload());
    }
    stop = true;
  }
  EXPECT_EQ(mixed, 0);
  EXPECT_EQ(backwards, 0);
  EXPECT_GT(rows.load(), 0U);
  LiveReader reader(*live);
  EXPECT_EQ(score(reader, 0), kSwaps);
}

}  // namespace
}  // namespace pmml

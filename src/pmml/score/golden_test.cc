// SPDX-License-Identifier: Apache-2.0
// tests/golden/pmml/<case>: model.pmml, input.csv, expected.csv and SOURCE, which says where the
// expected values come from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "base/number.h"
#include "pmml/read/read.h"
#include "pmml/score/compare.h"
#include "pmml/score/scorer.h"
#include "pmml/score/test_table.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

std::vector<std::string> golden_cases() {
  std::vector<std::string> cases;
  for (const auto& entry :
       std::filesystem::directory_iterator(PROVECHO_SOURCE_DIR "/tests/golden/pmml")) {
    cases.push_back(entry.path().filename());
  }
  std::ranges::sort(cases);
  return cases;
}

Table load(const std::string& path) { return parse_table(base::read_file(path).value(), ','); }

// Numbers within 1e-14 of the stated ones, relative; texts exactly.
bool agree(const std::string& expected, const std::string& found) {
  const auto x = base::parse_double(expected);
  const auto y = base::parse_double(found);
  return x && y ? std::abs(*x - *y) <= 1e-14 * std::abs(*x) : expected == found;
}

std::string result_text(const Scorer& scorer, const Prediction& prediction,
                        const Workspace& workspace, const std::string& column) {
  if (const auto output = scorer.output(column)) return scorer.output_text(*output, workspace);
  EXPECT_EQ(column, scorer.target_name());
  if (prediction.status != Status::kOk) return "";
  if (prediction.category != kNoCategory) return scorer.target_categories()[prediction.category];
  return base::format_double(prediction.number);
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, scores_as_stated) {
  const std::string folder = PROVECHO_SOURCE_DIR "/tests/golden/pmml/" + GetParam() + "/";
  const auto document = read(base::read_file(folder + "model.pmml").value());
  ASSERT_TRUE(document) << document.error().message;
  const auto again = read(write(*document));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(*again == *document) << write(*document);
  const Table inputs = load(folder + "input.csv");
  const Table expected = load(folder + "expected.csv");
  ASSERT_EQ(inputs.size(), expected.size());
  const auto fast = Scorer::compile(*document);
  ASSERT_TRUE(fast) << fast.error().message;
  const auto slow = Scorer::interpret(*document);
  ASSERT_TRUE(slow) << slow.error().message;
  for (const Scorer* scorer : {&*fast, &*slow}) {
    Workspace workspace(*scorer);
    for (std::size_t r = 1; r < inputs.size(); ++r) {
      std::vector<double> row(scorer->inputs().size(), kMissing);
      for (std::size_t c = 0; c < inputs[0].size(); ++c) {
        const auto input = scorer->input(inputs[0][c]);
        ASSERT_TRUE(input) << inputs[0][c];
        if (inputs[r][c] != "NA") row[*input] = scorer->encode(*input, inputs[r][c], workspace);
      }
      const Prediction& prediction = scorer->score(row, workspace);
      for (std::size_t c = 0; c < expected[0].size(); ++c) {
        const std::string found = result_text(*scorer, prediction, workspace, expected[0][c]);
        EXPECT_TRUE(agree(expected[r][c], found))
            << (scorer == &*fast ? "compile" : "interpret") << ", row " << r << ", "
            << expected[0][c] << ": expected '" << expected[r][c] << "', found '" << found << "'";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(golden_cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace pmml

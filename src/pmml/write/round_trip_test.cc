// SPDX-License-Identifier: Apache-2.0
// Every shipped model, written and read again: the same document, the same text, the same scores.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "pmml/read/read.h"
#include "pmml/score/compare.h"
#include "pmml/score/scorer.h"
#include "pmml/score/test_table.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

struct Shipped {
  std::string name;
  std::string model;
  std::string rows;
};

std::vector<Shipped> shipped() {
  const std::string root = PROVECHO_SOURCE_DIR;
  std::vector<Shipped> all = {
      {"example", root + "/examples/score/model.pmml", root + "/examples/score/rows.csv"}};
  for (const auto& entry : std::filesystem::directory_iterator(root + "/tests/golden/pmml")) {
    const std::string folder = entry.path();
    all.push_back({entry.path().filename(), folder + "/model.pmml", folder + "/input.csv"});
  }
  std::ranges::sort(all, {}, &Shipped::name);
  return all;
}

class RoundTrip : public testing::TestWithParam<Shipped> {};

TEST_P(RoundTrip, keeps_document_text_and_scores) {
  const Document document = read(base::read_file(GetParam().model).value()).value();
  const std::string text = write(document);
  const auto again = read(text);
  ASSERT_TRUE(again) << again.error().message << "\n" << text;
  EXPECT_TRUE(*again == document) << text;
  EXPECT_EQ(write(*again), text);

  const Scorer before = Scorer::compile(document).value();
  const Scorer after = Scorer::compile(*again).value();
  EXPECT_EQ(before.compiled(), after.compiled());
  ASSERT_EQ(before.inputs().size(), after.inputs().size());
  Workspace workspace_before(before);
  Workspace workspace_after(after);
  const Table table = parse_table(base::read_file(GetParam().rows).value(), ',');
  for (std::size_t r = 1; r < table.size(); ++r) {
    std::vector<double> row(before.inputs().size(), kMissing);
    for (std::size_t c = 0; c < table[r].size(); ++c) {
      const auto input = before.input(table[0][c]);
      if (!input) continue;
      row[*input] = before.encode(*input, table[r][c], workspace_before);
      static_cast<void>(after.encode(*input, table[r][c], workspace_after));
    }
    EXPECT_EQ(difference(before, workspace_before, after, workspace_after, row), std::nullopt)
        << "row " << r;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, RoundTrip, testing::ValuesIn(shipped()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace pmml

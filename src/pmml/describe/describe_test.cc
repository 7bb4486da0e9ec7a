// SPDX-License-Identifier: Apache-2.0
#include "pmml/describe/describe.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace pmml {
namespace {

TEST(Describe, says_what_a_file_holds) {
  const auto xml = base::read_file(PROVECHO_SOURCE_DIR "/examples/score/model.pmml").value();
  const Description d = describe(xml).value();
  EXPECT_EQ(d.version, "4.4");
  EXPECT_EQ(d.model, "RegressionModel");
  EXPECT_EQ(d.function, "classification");
  EXPECT_EQ(d.application, "by hand 1");
  ASSERT_EQ(d.fields.size(), 4U);
  EXPECT_EQ(d.fields[0].usage, "target");
  EXPECT_EQ(d.fields[1].ranges, std::vector<std::string>{"[0, 120]"});
  EXPECT_EQ(d.fields[1].importance, 0.6);
  EXPECT_EQ(d.fields[2].values.size(), 3U);
  EXPECT_EQ(d.fields[3].treatments, std::vector<std::string>{"missing: 0"});
  EXPECT_EQ(d.outputs.size(), 3U);
  EXPECT_EQ(d.verification_records, 2U);
  const std::vector<std::pair<std::string, std::size_t>> parts = {{"regression tables", 2},
                                                                  {"terms", 4}};
  EXPECT_EQ(d.parts, parts);
}

TEST(Describe, takes_prefixes_and_what_the_scorer_does_not_know) {
  const auto d = describe(
      R"(<p:PMML xmlns:p="http://www.dmg.org/PMML-4_4" version="4.4"><p:DataDictionary>)"
      R"(<p:DataField name="x" optype="continuous" dataType="double"><p:Interval closure="openClosed")"
      R"( leftMargin="0"/></p:DataField></p:DataDictionary><p:DreamModel functionName="dreaming">)"
      R"(<p:MiningSchema><p:MiningField name="x"/></p:MiningSchema></p:DreamModel></p:PMML>)");
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->model, "DreamModel");
  EXPECT_EQ(d->fields.at(0).ranges, std::vector<std::string>{"(0, ∞)"});
}

TEST(Describe, refuses_what_holds_no_model_and_survives_any_depth) {
  EXPECT_FALSE(describe("a,b\n1,2\n"));
  EXPECT_FALSE(describe("<PMML/>"));
  EXPECT_FALSE(describe("<html/>"));
  EXPECT_FALSE(describe("<!DOCTYPE PMML><PMML><TreeModel/></PMML>"));
  constexpr std::size_t kDepth = 200'000;
  std::string deep = "<PMML><TreeModel>";
  for (std::size_t i = 0; i < kDepth; ++i) deep += "<Node>";
  for (std::size_t i = 0; i < kDepth; ++i) deep += "</Node>";
  const auto d = describe(deep + "</TreeModel></PMML>");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->parts.back().second, kDepth);
}

}  // namespace
}  // namespace pmml

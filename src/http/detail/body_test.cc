// SPDX-License-Identifier: Apache-2.0
#include "http/detail/body.h"

#include <gtest/gtest.h>

namespace http {
namespace {

std::string refusal(const std::string& text) {
  const auto parsed = parse_body(text);
  return parsed ? "" : parsed.error().message;
}

TEST(ParseBody, refuses_a_member_that_is_named_twice) {
  const auto names = [](const std::string& text, const std::string& name) {
    return refusal(text).starts_with("the body names \"" + name + "\" twice");
  };
  EXPECT_TRUE(names(R"({"alpha":0.05,"power":0.8,"alpha":0.01})", "alpha"));
  EXPECT_TRUE(names(R"({"a":1,"a":1})", "a")) << "of the same value, too";
  EXPECT_TRUE(names(R"({"a":1,"\u0061":2})", "a")) << "however it is spelt";
  EXPECT_TRUE(names(R"({"":1,"":2})", ""));
  EXPECT_TRUE(names(R"({"design":{"alpha":1,"x":{},"alpha":2}})", "design.alpha"));
  EXPECT_TRUE(names(R"({"base":{"id":1},"list":[{"id":1},{"id":2,"id":3}]})", "list.id"));
  EXPECT_TRUE(names(R"({"a":{"b":1},"a":{"c":2}})", "a"));
  EXPECT_TRUE(names(R"({"a":1,"a":2,"b":1,"b":2})", "a")) << "the first";
}

TEST(ParseBody, takes_one_name_in_several_objects) {
  const auto parsed =
      parse_body(R"({"a":{"a":1,"b":{"a":2}},"b":[{"a":3},{"a":4}],"c":["a","a"]})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ((*parsed)["b"][1]["a"], 4);
}

TEST(ParseBody, refuses_what_is_no_object_of_json) {
  EXPECT_EQ(parse_body(" \n")->size(), 0U);
  EXPECT_NE(refusal(R"({"a":1,)").find("byte 8"), std::string::npos) << refusal(R"({"a":1,)");
  EXPECT_NE(refusal("[1]").find("not a JSON object"), std::string::npos);
  EXPECT_NE(refusal(R"({"a":1e999})").find("range of a double"), std::string::npos);
  const std::string deep(kDeepestJson + 1, '[');
  EXPECT_NE(refusal(deep).find("nested deeper"), std::string::npos);
}

}  // namespace
}  // namespace http

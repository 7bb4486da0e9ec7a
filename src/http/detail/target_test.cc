// SPDX-License-Identifier: Apache-2.0
#include "http/detail/target.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Target, decodes_path_and_query) {
  const auto target = parse_target("/v1/a%20b%3Ac?wait_ms=200&empty&x=1%262&x=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v1/a b:c");
  EXPECT_EQ(target->query.at("wait_ms"), "200");
  EXPECT_EQ(target->query.at("empty"), "");
  EXPECT_EQ(target->query.at("x"), "2");
}

TEST(Target, refuses_what_is_no_path) {
  for (const char* text : {"", "v1", "*", "http://x/", "/%", "/%4", "/%zz", "/%00", "/a\x01",
                           "/a%0a", "/?a=%", "/%7f"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(Target, takes_a_bare_question_mark_and_ampersands) {
  EXPECT_TRUE(parse_target("/?")->query.empty());
  EXPECT_EQ(parse_target("/?&&a=1&")->query.at("a"), "1");
}

}  // namespace
}  // namespace http

// SPDX-License-Identifier: Apache-2.0
#include "http/detail/entity_tag.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(EntityTag, differs_where_the_bytes_differ) {
  EXPECT_EQ(entity_tag("a"), entity_tag("a"));
  EXPECT_NE(entity_tag("a"), entity_tag("b"));
  EXPECT_EQ(entity_tag("a").front(), '"');
  EXPECT_EQ(entity_tag("a").size(), 34U);
}

TEST(EntityTag, is_found_in_lists) {
  EXPECT_TRUE(names_tag(R"("x", "y")", R"("y")"));
  EXPECT_TRUE(names_tag("*", R"("y")"));
  EXPECT_FALSE(names_tag(R"("x","z")", R"("y")"));
  EXPECT_FALSE(names_tag(R"("xy")", R"("y")"));
  EXPECT_FALSE(names_tag("", R"("y")"));
}

TEST(EntityTag, takes_weak_tags_for_reading_only) {
  EXPECT_FALSE(names_tag(R"(W/"y")", R"("y")"));
  EXPECT_TRUE(names_tag(R"(W/"y")", R"("y")", true));
}

}  // namespace
}  // namespace http

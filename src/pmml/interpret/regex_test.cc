// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/regex.h"

#include <gtest/gtest.h>

namespace pmml {
namespace {

bool found(const std::string& pattern, const std::string& text) {
  const auto regex = Regex::compile(pattern);
  EXPECT_TRUE(regex) << regex.error().message;
  return regex && regex->found_in(text);
}

std::string why_not(const std::string& pattern) {
  const auto regex = Regex::compile(pattern);
  return regex ? "" : regex.error().message;
}

std::string replaced(const std::string& pattern, const std::string& text, const std::string& by) {
  return Regex::compile(pattern).value().replace_all(text, by).value();
}

TEST(Regex, matches_any_part_of_the_text) {
  EXPECT_TRUE(found("ar?y", "January"));
  EXPECT_TRUE(found("^Male$", "Male"));
  EXPECT_FALSE(found("^Male$", "Female"));
  EXPECT_TRUE(found("(?i)FEB", "february"));
  EXPECT_TRUE(found("\\p{Punct}+\\s", "well, yes"));
  EXPECT_TRUE(found("[\\p{Alpha}_]", "_"));
  EXPECT_TRUE(found("(?<word>b+)", "abba"));
  EXPECT_TRUE(found("[]a]", "]"));
  EXPECT_TRUE(found("é.", "née"));
}

TEST(Regex, refuses_by_name_what_no_linear_matcher_does) {
  EXPECT_NE(why_not("a(?=b)").find("look-ahead"), std::string::npos);
  EXPECT_NE(why_not("(?<!a)b").find("look-behind"), std::string::npos);
  EXPECT_NE(why_not("(a)\\1").find("back-reference"), std::string::npos);
  EXPECT_NE(why_not("(?>a+)b").find("atomic"), std::string::npos);
  EXPECT_NE(why_not("a++b"), "");
  EXPECT_NE(why_not("(unclosed"), "");
  // Refused rather than built: 10^9 states.
  EXPECT_NE(why_not("((a{1000}){1000}){1000}"), "");
}

TEST(Regex, replaces_every_match_from_left_to_right) {
  EXPECT_EQ(replaced("B+", "aBBbBBc", "x"), "axbxc");
  EXPECT_EQ(replaced("[aeiou]", "Married", "*"), "M*rr**d");
  EXPECT_EQ(replaced("(\\w+)@(\\w+)", "me@here, you@there", "$2:$1"), "here:me, there:you");
  EXPECT_EQ(replaced("a", "banana", "\\$"), "b$n$n$");
  EXPECT_EQ(replaced("x*", "aé", "-"), "-a-é-");  // The empty matches between characters.
  EXPECT_EQ(replaced("^", "text", ">"), ">text");
  EXPECT_FALSE(Regex::compile("a").value().check_replacement("$1"));
  EXPECT_FALSE(Regex::compile("a").value().check_replacement("cost $"));
}

TEST(Regex, refuses_a_replacement_that_grows_without_bound) {
  const auto regex = Regex::compile("a").value();
  const std::string text(1000, 'a');
  EXPECT_FALSE(regex.replace_all(text, std::string(2000, 'b')));
}

TEST(Regex, takes_unicode_words_where_the_pattern_asks_for_them) {
  const auto words = [](const std::string& pattern, const std::string& text) {
    std::string list;
    const auto regex = Regex::compile(pattern).value();
    for (const std::string_view word : regex.all_in(text)) list += "<" + std::string(word) + ">";
    return list;
  };
  // Without (?u), as in Java, \w is ASCII.
  EXPECT_EQ(words("\\w+", "naïve, a été"), "<na><ve><a><t>");
  EXPECT_EQ(words("(?u)\\w+", "naïve, a été"), "<naïve><a><été>");
  // The word of scikit-learn: two letters or more.
  EXPECT_EQ(words("(?u)\\b\\w\\w+\\b", "naïve, a été_2 x"), "<naïve><été_2>");
  EXPECT_NE(why_not("(?u)\\bé\\b").find("word boundary"), std::string::npos);
}

// (a+)+$ takes a backtracking matcher 2^n steps.
TEST(Regex, takes_linear_time) { EXPECT_FALSE(found("(a+)+$", std::string(100'000, 'a') + "b")); }

}  // namespace
}  // namespace pmml

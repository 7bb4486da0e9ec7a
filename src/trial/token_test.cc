// SPDX-License-Identifier: Apache-2.0
#include "trial/token.h"

#include <gtest/gtest.h>

#include <set>

namespace trial {
namespace {

TEST(token, has_the_published_shape) {
  const auto token = issue_token("live");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->text.size(), 4 + 4 + 1 + 10 + 1 + 43 + 6U);
  EXPECT_EQ(token->text.substr(0, 9), "xab_live_");
  const auto parsed = parse_token(token->text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->environment, "live");
  EXPECT_EQ(parsed->id, token->id);
  EXPECT_TRUE(same_digest(digest_secret(parsed->secret), token->digest));
}

TEST(token, refuses_every_changed_character) {
  const auto token = issue_token("test");
  ASSERT_TRUE(token);
  for (std::size_t i = 0; i < token->text.size(); ++i) {
    std::string changed = token->text;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(parse_token(changed)) << i;
    EXPECT_FALSE(parse_token(token->text.substr(0, i)));
  }
  EXPECT_FALSE(parse_token(""));
  EXPECT_FALSE(parse_token("23u84023u4h0"));
  EXPECT_FALSE(parse_token(token->text + "0"));
}

TEST(token, never_repeats_and_uses_all_digits) {
  std::set<std::string> ids;
  std::set<char> digits;
  for (int i = 0; i < 500; ++i) {
    const auto token = issue_token("live");
    ASSERT_TRUE(token);
    ids.insert(token->id);
    for (const char c : parse_token(token->text)->secret.substr(1)) digits.insert(c);
  }
  EXPECT_EQ(ids.size(), 500U);
  EXPECT_EQ(digits.size(), 62U);
}

TEST(token, refuses_an_environment_that_would_break_its_shape) {
  EXPECT_FALSE(issue_token(""));
  EXPECT_FALSE(issue_token("a_b"));
  EXPECT_FALSE(issue_token("Live"));
  EXPECT_FALSE(issue_token("seventeenletters1"));
}

TEST(token, hashes_as_sha256_does) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace trial

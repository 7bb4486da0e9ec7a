// SPDX-License-Identifier: Apache-2.0
// Worked by hand from PMML 4.4 «Transformations», TextIndex.
#include "pmml/interpret/text_index.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pmml/interpret/small_document.h"

namespace pmml {
namespace {

const std::string kText =
    "The sun was setting; the Sun, they say, sets daily. A sum of suns? Sunset!";

double frequency(const TextFrequency& index, const std::string& text, const std::string& term) {
  const auto indexer = TextIndexer::make(index);
  EXPECT_TRUE(indexer) << indexer.error().message;
  return indexer->weight(indexer->index(text).value(), term);
}

TEST(TextIndex, counts_words_without_the_punctuation_around_them) {
  EXPECT_EQ(frequency({}, kText, "sun"), 2);  // "sun", "Sun,".
  EXPECT_EQ(frequency({}, kText, "Sunset"), 1);
  EXPECT_EQ(frequency({.case_sensitive = true}, kText, "sun"), 1);
  EXPECT_EQ(frequency({}, kText, "moon"), 0);
  EXPECT_EQ(frequency({}, "", "sun"), 0);
  EXPECT_EQ(frequency({}, "Жук, «жук» — жук", "ЖУК"), 3);
}

TEST(TextIndex, counts_terms_of_several_words) {
  EXPECT_EQ(frequency({}, kText, "the sun"), 2);      // "The sun", "the Sun,".
  EXPECT_EQ(frequency({}, "a b a b a", "a b a"), 2);  // They may overlap.
  EXPECT_EQ(frequency({}, "a b", "a b c"), 0);
}

TEST(TextIndex, weighs_the_frequency) {
  // The most frequent word of the text is "the", "sun" among others: 2 times.
  EXPECT_EQ(frequency({.weights = TermWeights::kBinary}, kText, "sun"), 1);
  EXPECT_EQ(frequency({.weights = TermWeights::kBinary}, kText, "moon"), 0);
  EXPECT_DOUBLE_EQ(frequency({.weights = TermWeights::kLogarithmic}, kText, "sun"), std::log10(3));
  // 0.5 * (1 + 1 / 2) for a word that stands once; 0.5 * (0 + 0) for none.
  const TextFrequency augmented{.weights = TermWeights::kAugmentedNormalizedTermFrequency};
  EXPECT_DOUBLE_EQ(frequency(augmented, kText, "daily"), 0.75);
  EXPECT_DOUBLE_EQ(frequency(augmented, kText, "sun"), 1);
  EXPECT_DOUBLE_EQ(frequency(augmented, kText, "moon"), 0);
}

TEST(TextIndex, allows_misspelling_up_to_a_distance) {
  // One letter: "sun" twice, "sum", "suns".
  EXPECT_EQ(frequency({.max_levenshtein_distance = 1}, kText, "sun"), 4);
  // The best hits are those at distance 0; without them, those at distance 1.
  EXPECT_EQ(
      frequency({.max_levenshtein_distance = 1, .count_hits = CountHits::kBestHits}, kText, "sun"),
      2);
  EXPECT_EQ(frequency({.max_levenshtein_distance = 2, .count_hits = CountHits::kBestHits},
                      "kitten mitten sitting", "bitten"),
            2);
  EXPECT_EQ(frequency({.max_levenshtein_distance = 3}, "sitting", "kitten"), 1);
  EXPECT_EQ(frequency({.max_levenshtein_distance = 2}, "sitting", "kitten"), 0);
  // The distances of the words of a term add up.
  EXPECT_EQ(frequency({.max_levenshtein_distance = 1}, "bad dag", "bat dog"), 0);
  EXPECT_EQ(frequency({.max_levenshtein_distance = 2}, "bad dag", "bat dog"), 1);
}

TEST(TextIndex, parts_words_as_the_document_says) {
  EXPECT_EQ(frequency({.word_separator = "[\\s\\-]"}, "rock-and-roll", "and"), 1);
  EXPECT_EQ(frequency({}, "rock-and-roll", "and"), 0);
  EXPECT_EQ(frequency({.word = "(?u)\\b\\w\\w+\\b"}, "rock'n'roll 2 a", "roll"), 1);
  EXPECT_EQ(frequency({.tokenize = false}, "banana", "an"), 2);
  EXPECT_FALSE(TextIndexer::make({.word_separator = "\\s*"}));
  EXPECT_FALSE(TextIndexer::make({.max_levenshtein_distance = 1, .tokenize = false}));
}

// Plurals become singulars, then "user friendly" one word: as the standard's example does.
TEST(TextIndex, normalizes_the_text_first) {
  TextFrequency index;
  index.normalizations = {{.rows = {{"interfaces?", "interface", true},
                                    {"user friendl(y|iness)", "user_friendly", true}}},
                          {.rows = {{"is", "be", false}, {"was", "be", false}}}};
  const std::string text =
      "Testing the app for a few days convinced me the interfaces are excellent! It was User "
      "friendly, the user friendliness is this.";
  EXPECT_EQ(frequency(index, text, "interface"), 1);
  EXPECT_EQ(frequency(index, text, "user_friendly"), 2);
  EXPECT_EQ(frequency(index, text, "be"), 2);  // Words only: "this" stays.
  EXPECT_EQ(frequency(index, text, "this"), 1);
}

TEST(TextIndex, normalizes_again_while_something_changes) {
  const auto index = [](bool recursive) {
    return TextFrequency{.normalizations = {{.recursive = recursive, .rows = {{"aa", "a", true}}}}};
  };
  EXPECT_EQ(frequency(index(false), "aaaa", "aa"), 1);
  EXPECT_EQ(frequency(index(true), "aaaa", "a"), 1);
  // A table that never settles, and one that grows, end.
  const auto endless = TextIndexer::make(
      {.normalizations = {
           {.recursive = true, .rows = {{"a", "b", true}, {"b", "a", true}, {"^", "c", true}}}}});
  EXPECT_FALSE(endless->index("a"));
}

TEST(TextIndex, is_an_expression) {
  const std::string element =
      "<TextIndex textField=\"s\" localTermWeights=\"binary\" isCaseSensitive=\"true\" "
      "maxLevenshteinDistance=\"1\" countHits=\"bestHits\" wordSeparatorCharacterRE=\"[ -]\">"
      "<TextIndexNormalization inField=\"from\" outField=\"to\" recursive=\"true\" "
      "isCaseSensitive=\"false\" tokenize=\"true\"><InlineTable><row><from>suns</from><to>sun</to>"
      "</row></InlineTable></TextIndexNormalization>" +
      text_constant("sun") + "</TextIndex>";
  SmallDocument document(document_of(element));
  EXPECT_EQ(document.output({{"s", "Suns"}}, "result"), "1");
  EXPECT_EQ(document.output({{"s", "moons"}}, "result"), "0");
  EXPECT_EQ(document.output({}, "result"), "");
  EXPECT_NE(refusal(document_of("<TextIndex textField=\"s\" wordSeparatorCharacterRE=\"(\">" +
                                text_constant("a") + "</TextIndex>")),
            "");
}

}  // namespace
}  // namespace pmml

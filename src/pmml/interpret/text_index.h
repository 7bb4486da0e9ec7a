// SPDX-License-Identifier: Apache-2.0
// How often a term stands in a text (PMML 4.4 «Transformations», TextIndex).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "pmml/document/expression.h"
#include "pmml/interpret/regex.h"

namespace pmml {

// A text after normalization, taken apart once for all the terms that are looked for in it.
struct IndexedText {
  std::string text = {};
  std::vector<std::string> words = {};  // In small letters where case does not matter.
  std::unordered_map<std::string, std::vector<std::size_t>> places = {};  // Of each word.
  std::size_t most_frequent = 0;  // How often the most frequent word stands in it.
};

// A TextIndex element made ready; immutable, safe to share between threads.
class TextIndexer {
 public:
  // Refuses regular expressions that cannot be used, and searches that are not defined.
  static base::Result<TextIndexer> make(const TextFrequency& index);

  // Nothing for a text that its normalization makes too long, or changes without end.
  [[nodiscard]] std::optional<IndexedText> index(std::string_view text) const;

  // The frequency, weighted as the element says.
  [[nodiscard]] double weight(const IndexedText& text, std::string_view term) const;

 private:
  struct Row {
    std::optional<Regex> regex;      // A pattern, or a text taken literally.
    std::vector<std::string> words;  // Otherwise: a sequence of words.
    std::string out;
  };
  struct Normalization {
    bool recursive = false;
    bool case_sensitive = false;
    int distance = 0;
    std::optional<Regex> separator;
    std::vector<Row> rows;
  };
  explicit TextIndexer(const TextFrequency& index);
  static base::Result<Normalization> prepare(const TextIndexNormalization& normalization,
                                             const TextFrequency& index);
  [[nodiscard]] static std::optional<std::string> apply(const Normalization& normalization,
                                                        std::string text);
  [[nodiscard]] std::vector<std::string> words_of(std::string_view text) const;
  [[nodiscard]] std::size_t hits(const IndexedText& text, std::string_view term) const;

  TermWeights weights_;
  bool case_sensitive_;
  int distance_;
  bool best_hits_;
  bool tokenize_;
  std::optional<Regex> separator_;
  std::optional<Regex> word_;
  std::vector<Normalization> normalizations_;
};

}  // namespace pmml
